// Whether a history of something that can be taken once is one that a single register could have
// had (linearizability of an at-most-once register).
#pragma once
#include <optional>
#include <string>
#include <vector>

#include "tests/simulator/schedule.hpp"

namespace claviger::simulator {

enum class Took {
  yes,
  no,       // refused, because somebody had taken it before
  unknown,  // no answer, or one that leaves it open
  nothing,  // refused for something else: neither took it nor says anything
};

struct Attempt {
  Tick began = 0;
  Tick ended = kNever;
  Took took = Took::unknown;
};

// What is wrong with it, or nothing. A register that was taken at one moment explains a history
// when that moment lies within the attempt that took it, and before the end of each that was told
// so. Who took it is known, or one of those whose outcome isn't.
inline std::optional<std::string> judge_once(const std::vector<Attempt>& attempts) {
  const Attempt* taker = nullptr;
  for (const auto& attempt : attempts) {
    if (attempt.took != Took::yes) continue;
    if (taker != nullptr) return "it was taken twice (I1)";
    taker = &attempt;
  }
  for (const auto& refused : attempts) {
    if (refused.took != Took::no) continue;
    if (taker != nullptr && taker->began > refused.ended)
      return "it was taken after somebody had been told that it was (I1, T-47)";
    if (taker != nullptr) continue;
    bool explained = false;
    for (const auto& other : attempts) {
      explained |= other.took == Took::unknown && other.began < refused.ended;
    }
    if (!explained) return "nobody took it, and yet it was refused as taken (I2, T-47)";
  }
  return {};
}

}  // namespace claviger::simulator
