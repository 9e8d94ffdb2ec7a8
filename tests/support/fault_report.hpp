// What the fault tests have in common: how long they run, where their dice begin, and the one line
// that each ends with.
#pragma once
#include <gtest/gtest.h>

#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <random>
#include <string>
#include <string_view>

namespace claviger::test {

inline std::uint64_t number_from(const char* variable, std::uint64_t otherwise) {
  const char* const text = std::getenv(variable);
  return text == nullptr ? otherwise : std::strtoull(text, nullptr, 10);
}

// CLAVIGER_CHAOS_LONG=1: as somebody runs them before a release, not as everybody does each day.
inline bool is_long_form() { return number_from("CLAVIGER_CHAOS_LONG", 0) != 0; }

inline std::uint64_t short_or_long(std::uint64_t brief, std::uint64_t lengthy) {
  return is_long_form() ? lengthy : brief;
}

inline std::uint64_t chaos_seed() {
  return number_from("CLAVIGER_CHAOS_SEED", std::random_device()());
}

// What went wrong in this test so far.
inline int violations_so_far() {
  const auto& result = *testing::UnitTest::GetInstance()->current_test_info()->result();
  int failed = 0;
  for (int i = 0; i < result.total_part_count(); ++i) {
    if (result.GetTestPartResult(i).failed()) ++failed;
  }
  return failed;
}

// "T-01 seed=1 cycles=30 ... violations=0": printed, and kept as the test's property.
inline void report(const std::string& line) {
  std::printf("%s\n", line.c_str());
  std::fflush(stdout);
  testing::Test::RecordProperty("report", line);
}

}  // namespace claviger::test
