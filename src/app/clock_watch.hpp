// Whether the clock that says what is old may be believed. A wrong one must not empty the database
// (KY-10): when it stands somewhere else than time has taken it since the last look, nothing is
// removed until it is back, until it has stood there for a day, or until the server is started
// again. That a process was frozen, or the machine asleep, is no jump: the uptime went on.
#pragma once
#include <optional>

#include "base/time.hpp"

namespace claviger::app {

class ClockWatch {
 public:
  static constexpr Duration kBelievableStep = std::chrono::minutes(10);
  static constexpr Duration kStands = std::chrono::hours(24);

  // By how much the clock is not where it should be; 0: it is believed.
  Duration look(Time now, Duration uptime) {
    const Duration started_at = now.time_since_epoch() - uptime;
    if (!believed_ || is_near(started_at, *believed_)) return believe(started_at);
    if (!doubted_ || !is_near(started_at, *doubted_)) doubted_since_ = uptime;
    doubted_ = started_at;
    if (uptime - doubted_since_ >= kStands) return believe(started_at);
    return started_at - *believed_;
  }

 private:
  static bool is_near(Duration a, Duration b) {
    return a - b <= kBelievableStep && b - a <= kBelievableStep;
  }
  Duration believe(Duration started_at) {
    believed_ = started_at;  // small steps add up to nothing
    doubted_.reset();
    return Duration(0);
  }

  // When the machine was started, as the clock has it: that stays, unless somebody sets the clock.
  std::optional<Duration> believed_;
  std::optional<Duration> doubted_;
  Duration doubted_since_{};
};

}  // namespace claviger::app
