// What a node does by itself, without being asked, each as a round: a plain coroutine without a
// timer, so that a test or a simulator calls it whenever its own time has come. A runner calls it
// from the real one.
#pragma once
#include <chrono>
#include <functional>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "app/clock_watch.hpp"
#include "app/node.hpp"
#include "base/uptime.hpp"
#include "store/nodes.hpp"

namespace claviger::app {

using Millis = std::chrono::milliseconds;

struct Chore {
  std::string_view name;              // "sweep": in the log, in metrics, and of its lease
  Millis every;                       // from the end of a round to the next
  Millis with_more_to_do;             // the same, while there is more
  bool of_one_node = false;           // whoever holds its lease does it
  std::string_view topic{};           // a round at once when this is announced; empty: nothing
  unsigned at_once = 1;               // rounds that may be under way
  std::function<Task<bool>()> round;  // true: there is more to do
};

struct ChoreOptions {
  std::string node_name;
  std::chrono::seconds rotate_every{};  // zero: keys rotate when an operator says so
  // How long a client that registered itself may stay unused; zero: for ever.
  std::chrono::seconds purge_unused{};
};

// Of one node, which outlives it. One thread's alone.
class Chores {
 public:
  // How long the others wait for a node that died. It looks after its leases three times as often.
  static constexpr Duration kLease = std::chrono::seconds(15);

  Chores(Node& node, ChoreOptions options, Uptime uptime);
  Chores(const Chores&) = delete;
  Chores& operator=(const Chores&) = delete;

  // "node" is the first, since it gets the leases that others need.
  std::span<const Chore> all() const { return all_; }
  // One round, if it is this node's to do; gives the pause until the next. What goes wrong is
  // written down, never thrown.
  Task<Millis> run(const Chore& chore);
  // At a clean end: the leases are free at once, the node's row is gone.
  Task<void> leave();
  const Id& id() const { return self_.id; }

 private:
  Task<bool> look_after_node();
  Task<bool> load_keys();
  Task<bool> keep_keys();
  Task<bool> sweep();
  Task<bool> deliver_logouts();
  Task<void> measure_clock();
  Task<void> look_at_others();
  Task<void> keep_lease(const Chore& chore);
  bool is_ours(const Chore& chore) const;
  // By the database's clock, where it has one.
  Time now() const;
  bool clock_is_believed();
  void report_clock(bool right);
  void note(const Chore& chore, std::string cause);

  Node& node_;
  const ChoreOptions options_;
  const Uptime uptime_;
  const endpoints::Deps& deps_;
  endpoints::Readiness& readiness_;
  std::vector<Chore> all_;
  store::SeenNode self_;
  ClockWatch watch_;
  // What the database said of the time, and the uptime then.
  std::optional<std::pair<Time, Duration>> database_clock_;
  std::map<std::string_view, Duration> held_until_;  // by the uptime
  std::optional<Duration> last_beat_;
  std::map<std::string_view, std::string> causes_;  // of the last failure of each
  std::string known_keys_;
  bool clock_was_right_ = true;
};

}  // namespace claviger::app
