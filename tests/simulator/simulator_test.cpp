// Whole nodes in simulated histories (T-46, T-47): no violation in ten thousand of them, and a verb
// that is broken on purpose is found.
#include <fmt/format.h>
#include <gtest/gtest.h>

#include "tests/simulator/history.hpp"
#include "tests/support/fault_report.hpp"

namespace claviger::simulator {
namespace {

using test::number_from;

// Fewer where each access costs many times as much.
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer)
constexpr std::uint64_t kSlowness = 50;
#else
constexpr std::uint64_t kSlowness = 1;
#endif

// Ten thousand seeds over as many processes as ctest likes; ten times as many in the long form.
constexpr std::uint64_t kParts = 8;
constexpr std::uint64_t kSeedsOfAPart = 1250;
// After so many violations the rest tells nothing new.
constexpr int kEnough = 5;

std::string replay_of(std::uint64_t seed) {
  return fmt::format("seed={0}; replay it with: ./dev chaos simulator --seed {0}", seed);
}

class T46Simulator : public testing::TestWithParam<std::uint64_t> {};

TEST_P(T46Simulator, NoViolation) {
  const auto all =
      number_from("CLAVIGER_SIMULATOR_SEEDS",
                  test::short_or_long(kParts * kSeedsOfAPart, 10 * kParts * kSeedsOfAPart));
  const auto seeds = std::max<std::uint64_t>(all / kParts / kSlowness, 1);
  const auto first = 1 + GetParam() * seeds;
  std::uint64_t requests = 0;
  int violations = 0;
  auto seed = first;
  for (; seed < first + seeds && violations < kEnough; ++seed) {
    const auto told = run_history(seed);
    requests += told.requests;
    for (const auto& violation : told.violations) {
      ADD_FAILURE() << replay_of(seed) << "\n" << violation;
      ++violations;
    }
  }
  test::report(fmt::format("T-46 seed={} seeds={} requests={} violations={}", first, seed - first,
                           requests, violations));
}

INSTANTIATE_TEST_SUITE_P(, T46Simulator, testing::Range<std::uint64_t>(0, kParts));

// CLAVIGER_SIMULATOR_SEED: that one, told event by event.
TEST(SimulatorReplay, OneSeed) {
  const auto seed = number_from("CLAVIGER_SIMULATOR_SEED", 0);
  const auto told = run_history(seed == 0 ? 1 : seed, true);
  if (seed != 0) {
    for (const auto& line : told.trace) fmt::print("{}\n", line);
  }
  for (const auto& violation : told.violations) ADD_FAILURE() << violation;
}

TEST(SimulatorReplay, TheSameSeedGivesTheSameTrace) {
  for (std::uint64_t seed = 1; seed <= 20; ++seed) {
    const auto once = run_history(seed, true);
    EXPECT_GT(once.trace.size(), 10u);
    EXPECT_EQ(once.trace, run_history(seed, true).trace) << seed;
  }
}

struct BrokenVerb {
  std::string name;
  Break broken;
};
const std::vector<BrokenVerb>& broken_verbs() {
  static const std::vector<BrokenVerb> all{
      {"Codes_redeem",
       {"UPDATE codes SET redeemed_by = $2, redeemed_at = $3, grant_id", "redeemed_by IS NULL AND",
        ""}},
      // Not the statement that forwards a family after a restore.
      {"Grants_rotate",
       {"UPDATE refresh_families SET counter = $2 + 1, rotated_at = $3, mac_kid = $4, "
        "idle_expires_at = $5, storage_epoch = (SELECT storage_epoch FROM store) "
        "WHERE id = $1 AND counter = $2 AND",
        "AND counter = $2 AND", "AND"}},
      {"DeviceCodes_redeem",
       {"UPDATE device_codes SET redeemed_by", "redeemed_by IS NULL AND", ""}},
      {"Replays_remember",
       {"INSERT INTO replays", "DO NOTHING",
        "(key) DO UPDATE SET expires_at = excluded.expires_at"}},
      {"Grants_revoke",
       {"UPDATE grants SET revoked_at = $2, revoked_because = $3, revoked_by = $4 WHERE id = $1",
        "id = $1 AND", "id <> $1 AND id <> id AND"}},
      {"Throttles_count",
       {"INSERT INTO throttles", "throttles.failures + 1", "throttles.failures"}},
      {"An_answer_before_the_commit", {"", "", "", true}}};
  return all;
}

// Read, then write; and whatever else must never be: found within a thousand seeds.
class BrokenVerbs : public testing::TestWithParam<BrokenVerb> {};

TEST_P(BrokenVerbs, AreFound) {
  std::uint64_t seed = 1;
  Told told;
  while (seed <= 1000 && told.violations.empty())
    told = run_history(seed++, false, &GetParam().broken);
  ASSERT_FALSE(told.violations.empty());
  // Not because the statement has another text by now.
  ASSERT_EQ(told.violations.front().find("nothing to break"), std::string::npos);
  fmt::print("{}: found by seed {}: {}\n", GetParam().name, seed - 1, told.violations.front());
}

INSTANTIATE_TEST_SUITE_P(, BrokenVerbs, testing::ValuesIn(broken_verbs()),
                         [](const auto& each) { return each.param.name; });

}  // namespace
}  // namespace claviger::simulator
