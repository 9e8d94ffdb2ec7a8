// Histories of a register that can be taken once, valid as they stand; one thing spoilt (T-47).
#include <gtest/gtest.h>

#include "tests/simulator/once.hpp"

namespace claviger::simulator {
namespace {

// Two at once, one of whom won; later a third.
std::vector<Attempt> baseline() { return {{1, 5, Took::yes}, {2, 6, Took::no}, {8, 9, Took::no}}; }

TEST(T47Register, AHistoryThatOneMomentExplains) { EXPECT_FALSE(judge_once(baseline())); }

TEST(T47Register, TwoThatTookIt) {
  auto history = baseline();
  history[2].took = Took::yes;
  EXPECT_TRUE(judge_once(history));
}

TEST(T47Register, TakenAfterSomebodyWasToldThatItWas) {
  auto history = baseline();
  history[0] = {7, 8, Took::yes};
  EXPECT_TRUE(judge_once(history));
}

TEST(T47Register, RefusedAlthoughNobodyTookIt) {
  auto history = baseline();
  history[0].took = Took::nothing;
  EXPECT_TRUE(judge_once(history));
}

TEST(T47Register, WhoeverGotNoAnswerMayHaveTakenIt) {
  auto history = baseline();
  history[0] = {1, kNever, Took::unknown};
  EXPECT_FALSE(judge_once(history));
  history[0].began = 7;  // but not before it came
  EXPECT_TRUE(judge_once(history));
}

TEST(T47Register, NobodyHasToTakeIt) { EXPECT_FALSE(judge_once({{1, 2, Took::nothing}})); }

}  // namespace
}  // namespace claviger::simulator
