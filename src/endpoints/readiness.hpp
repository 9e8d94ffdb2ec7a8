// How this node stands: written by whoever notices, read by /readyz and the metrics. Any thread.
#pragma once
#include <atomic>
#include <chrono>
#include <cstdint>
#include <map>
#include <mutex>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/time.hpp"

namespace claviger::endpoints {

class Readiness {
 public:
  // By how much clocks may differ: what nodes tell one another is believed within this.
  static constexpr Duration kClockTolerance = std::chrono::seconds(10);

  std::atomic<bool> draining = false;
  // In microseconds. This node's clock minus the database's; 0 where the database has none.
  std::atomic<std::int64_t> clock_offset = 0;
  // The greatest difference between the clocks of two nodes that live.
  std::atomic<std::int64_t> clock_spread = 0;
  // How far the clock stands from where it was before it jumped; 0: where time has taken it. While
  // it isn't 0, nothing is removed for its age.
  std::atomic<std::int64_t> clock_jump = 0;
  std::atomic<std::int64_t> live_nodes = 1;

  // False: somebody has to look at a clock (T-29, T-30).
  bool clock_is_right() const {
    const auto within = [](std::int64_t micros) {
      return micros <= kClockTolerance.count() && -micros <= kClockTolerance.count();
    };
    return within(clock_offset) && within(clock_spread) && clock_jump == 0;
  }

  // The work in the background, by its name ("sweep").
  struct Chore {
    std::string name;
    Time last_success{};
    Time last_failure{};
    std::string cause;    // of the last failure; empty: the last round went well
    bool is_ours = true;  // false: another node does it now
  };
  void went_well(std::string_view chore, Time at) {
    const std::lock_guard lock(mutex_);
    auto& known = of(chore);
    known.last_success = at;
    known.cause.clear();
  }
  void failed(std::string_view chore, Time at, std::string cause) {
    const std::lock_guard lock(mutex_);
    auto& known = of(chore);
    known.last_failure = at;
    known.cause = std::move(cause);
  }
  void is_ours(std::string_view chore, bool ours) {
    const std::lock_guard lock(mutex_);
    of(chore).is_ours = ours;
  }
  std::vector<Chore> chores() const {
    const std::lock_guard lock(mutex_);
    std::vector<Chore> all;
    for (const auto& [name, chore] : chores_) all.push_back(chore);
    return all;
  }

 private:
  Chore& of(std::string_view name) {
    const auto [found, is_new] = chores_.try_emplace(std::string(name));
    if (is_new) found->second.name = name;
    return found->second;
  }

  mutable std::mutex mutex_;
  std::map<std::string, Chore, std::less<>> chores_;
};

}  // namespace claviger::endpoints
