#include "protocol/login.hpp"

#include "tests/unit/protocol/baseline.hpp"

namespace claviger::protocol::test {
namespace {

std::int64_t wait(std::int64_t failures, Time now = kNow) {
  return login_wait(failures, kNow, LoginPolicy{}, now).count();
}

// PW-07: a wait, never a lock.
TEST(LoginWait, PW_07_doubles_up_to_the_longest) {
  EXPECT_EQ(wait(0), 0);
  EXPECT_EQ(wait(4), 0);
  EXPECT_EQ(wait(5), 1);
  EXPECT_EQ(wait(6), 2);
  EXPECT_EQ(wait(7), 4);
  EXPECT_EQ(wait(14), 512);
  EXPECT_EQ(wait(15), 900);
  EXPECT_EQ(wait(1'000'000), 900);
}

TEST(LoginWait, PW_07_runs_out) {
  EXPECT_EQ(wait(7, kNow + 1s), 3);
  EXPECT_EQ(wait(7, kNow + 1500ms), 3);
  EXPECT_EQ(wait(7, kNow + 4s - 1us), 1);
  EXPECT_EQ(wait(7, kNow + 4s), 0);
  EXPECT_EQ(wait(7, kNow + hours(1)), 0);
}

// KY-09: a clock that was set back doesn't lock anybody out for that long.
TEST(LoginWait, KY_09_clock_set_back) { EXPECT_EQ(wait(5, kNow - hours(5)), 1); }

// PW-08: counted under the user and the source, each pair by itself.
TEST(ThrottleKey, PW_08_is_unambiguous) {
  EXPECT_EQ(throttle_key("ab", "c"), throttle_key("ab", "c"));
  EXPECT_NE(throttle_key("ab", "c"), throttle_key("a", "bc"));
  EXPECT_NE(throttle_key("ab", "c"), throttle_key("ab", "d"));
  EXPECT_NE(throttle_key("1 a", ""), throttle_key("1", " a"));
}

}  // namespace
}  // namespace claviger::protocol::test
