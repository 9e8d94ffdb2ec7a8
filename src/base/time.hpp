// The time that rules see. Nothing outside system_clock.cpp asks the operating system.
#pragma once
#include <chrono>
#include <cstdint>

namespace claviger {

using Duration = std::chrono::microseconds;
using Time = std::chrono::sys_time<Duration>;

// Seconds since the epoch, rounded down: a JWT NumericDate (RFC7519-2).
constexpr std::int64_t to_seconds(Time t) {
  return std::chrono::floor<std::chrono::seconds>(t).time_since_epoch().count();
}
constexpr Time from_seconds(std::int64_t s) { return Time{std::chrono::seconds{s}}; }

// Microseconds since the epoch: the form in which the store keeps a time.
constexpr std::int64_t to_micros(Time t) { return t.time_since_epoch().count(); }
constexpr Time from_micros(std::int64_t us) { return Time{Duration{us}}; }

class Clock {
 public:
  virtual ~Clock() = default;
  virtual Time now() const = 0;
};

class SystemClock final : public Clock {
 public:
  Time now() const override;
};

}  // namespace claviger
