// Two or three whole nodes (the real routers, rules, pages and verbs) over one database, and a
// network in which requests and answers get lost, wait, or come twice.
#pragma once
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "app/chores.hpp"
#include "tests/simulator/shared_driver.hpp"
#include "tests/support/scripted_random.hpp"

namespace claviger::simulator {

using Answer = std::optional<http::Response>;  // nothing: none came

// One time that a node served a request; of one that crashed meanwhile there is no response.
struct Serving {
  Tick began = 0;
  Tick ended = kNever;
  Time began_at{};
  Time ended_at{};
  std::optional<http::Response> response;
};
// Of what was sent once, or several times.
using Servings = std::shared_ptr<std::vector<Serving>>;

class MachineClock final : public Clock {
 public:
  MachineClock(const Schedule& schedule, const Duration& offset)
      : schedule_(schedule), offset_(offset) {}
  Time now() const override { return schedule_.now() + offset_; }

 private:
  const Schedule& schedule_;
  const Duration& offset_;
};

// Tells the trace what matters, and keeps the last cause of an error for the report.
class NodeLog final : public Log {
 public:
  NodeLog(const Storage& storage, Owner owner) : storage_(storage), owner_(owner) {}
  void write(LogLevel level, std::string_view event,
             std::initializer_list<LogField> fields) override;
  std::string last_error;

 private:
  const Storage& storage_;
  const Owner owner_;
};

// Hashing takes its time, in which other things happen.
class BusyWorker final : public Worker {
 public:
  BusyWorker(Schedule& schedule, Owner owner) : schedule_(schedule), owner_(owner) {}
  bool post(std::move_only_function<void()> job) override;

 private:
  Schedule& schedule_;
  const Owner owner_;
};

class Cluster {
 public:
  // `on_response` sees every response that a node made, whether it arrives or not.
  using OnResponse = std::function<void(const http::Request&, const http::Response&, std::string)>;
  Cluster(Storage& storage, const config::Settings& settings, OnResponse on_response);
  ~Cluster();
  Cluster(const Cluster&) = delete;
  Cluster& operator=(const Cluster&) = delete;

  // To one of the nodes; the same one may get it twice, or another one as well.
  Task<Answer> send(http::Request request, Servings servings = {});
  // An operator's command at one of the nodes; nothing: it was not answered.
  using Operated = std::optional<Result<boost::json::object>>;
  Task<Operated> operate(std::string operation, boost::json::object arguments);
  Task<int> pause(Duration how_long);

  std::size_t size() const { return machines_.size(); }
  void crash(std::size_t which);
  void start(std::size_t which);
  void start_all();
  void jump_clock(std::size_t which);
  void break_connections();
  // Asks a client's server something, on behalf of a node.
  using OnCall = std::function<void(const outbound::Request&)>;
  void on_call(OnCall heard) { heard_ = std::move(heard); }
  std::uint64_t operations() const { return operations_; }

 private:
  struct Running;
  struct Call;
  struct Machine {
    Duration offset{0};
    std::unique_ptr<Running> running;
  };
  bool happens(int of_thousand);
  void do_chores(Running& running);
  Task<void> do_for_ever(Running& running, const app::Chore& chore);
  void announce(const std::string& topic);
  endpoints::Fetched call(Owner owner, outbound::Request request);
  void arrive(std::size_t machine, http::Request request, std::shared_ptr<Call> call,
              Servings servings);
  void served(const http::Request& request, const http::Response& response, Running& by);
  void tell(const std::string& what);

  Storage& storage_;
  Schedule& schedule_;
  const config::Settings& settings_;
  OnResponse on_response_;
  OnCall heard_ = [](const outbound::Request&) {};
  std::vector<Machine> machines_;
  Owner owners_ = kWorld;
  std::uint64_t operations_ = 0;
};

}  // namespace claviger::simulator
