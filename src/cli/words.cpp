#include "cli/words.hpp"

#include <fmt/format.h>

#include <array>
#include <utility>

namespace claviger::cli {

// In the largest unit of which there are at least two, so that nothing is far off.
std::string duration_words(std::chrono::seconds length) {
  constexpr std::array<std::pair<std::int64_t, const char*>, 3> kUnits{
      {{24 * 3600, "day"}, {3600, "hour"}, {60, "minute"}}};
  const auto seconds = length.count();
  const auto say = [](std::int64_t count, const char* unit) {
    return fmt::format("{} {}{}", count, unit, count == 1 ? "" : "s");
  };
  for (const auto& [size, unit] : kUnits) {
    if (seconds >= 2 * size || seconds == size) return say((seconds + size / 2) / size, unit);
  }
  return say(seconds, "second");
}

std::string moment_words(std::chrono::seconds from_now) {
  using std::chrono::seconds;
  if (from_now == seconds::zero()) return "now";
  if (from_now > seconds::zero()) return "in " + duration_words(from_now);
  return duration_words(-from_now) + " ago";
}

}  // namespace claviger::cli
