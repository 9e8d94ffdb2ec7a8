// What every fault test has in common with the table in docs/reference/faults.md: a short form, a
// long one, a seed, and one line at its end.
#pragma once
#include <fmt/format.h>
#include <gtest/gtest.h>

#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <random>
#include <string>

namespace claviger::test {

inline std::uint64_t number_from(const char* variable, std::uint64_t otherwise) {
  const char* const text = std::getenv(variable);
  return text == nullptr ? otherwise : std::strtoull(text, nullptr, 10);
}

inline bool is_long_run() { return number_from("CLAVIGER_CHAOS_LONG", 0) != 0; }

// How often: CI's figure, that of the long run, or what CLAVIGER_CHAOS_CYCLES says.
inline std::uint64_t cycles_of(std::uint64_t short_run, std::uint64_t long_run) {
  return number_from("CLAVIGER_CHAOS_CYCLES", is_long_run() ? long_run : short_run);
}

inline std::uint64_t chaos_seed() {
  return number_from("CLAVIGER_CHAOS_SEED", std::random_device()());
}

// `line` begins with the row's id: "T-01 seed=1 cycles=30 acknowledged=21012 violations=0".
inline void report(const std::string& line) {
  std::printf("%s\n", line.c_str());
  testing::Test::RecordProperty("report", line);
}

}  // namespace claviger::test
