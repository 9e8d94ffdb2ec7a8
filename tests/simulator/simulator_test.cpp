// Whole nodes in simulated histories (T-46, T-47): no violation in ten thousand of them, and a verb
// that is broken on purpose is found.
#include <fmt/format.h>
#include <gtest/gtest.h>

#include <cstdlib>

#include "tests/simulator/history.hpp"

namespace claviger::simulator {
namespace {

std::uint64_t number_from(const char* name, std::uint64_t otherwise) {
  const char* text = std::getenv(name);
  return text == nullptr ? otherwise : std::strtoull(text, nullptr, 10);
}

std::string replay_of(std::uint64_t seed) {
  return fmt::format("seed={0}; replay: ./dev chaos simulator --seed {0}", seed);
}

TEST(Simulator, ManyHistories) {
  const auto first = number_from("CLAVIGER_SIMULATOR_FIRST", 1);
  const auto seeds = number_from("CLAVIGER_SIMULATOR_SEEDS", 100);
  std::uint64_t requests = 0;
  int bad = 0;
  for (auto seed = first; seed < first + seeds; ++seed) {
    const auto told = run_history(seed);
    requests += told.requests;
    for (const auto& violation : told.violations)
      ADD_FAILURE() << replay_of(seed) << "\n" << violation;
    if (!told.violations.empty() && ++bad > 4) break;
  }
  fmt::print("{} requests\n", requests);
}

TEST(Simulator, OneHistory) {
  const auto seed = number_from("CLAVIGER_SIMULATOR_SEED", 1);
  const auto told = run_history(seed, true);
  for (const auto& line : told.trace) fmt::print("{}\n", line);
  for (const auto& violation : told.violations) ADD_FAILURE() << violation;
}

TEST(Simulator, TheSameSeedTheSameTrace) {
  for (std::uint64_t seed = 1; seed < 20; ++seed) {
    EXPECT_EQ(run_history(seed, true).trace, run_history(seed, true).trace) << seed;
  }
}

}  // namespace
}  // namespace claviger::simulator
