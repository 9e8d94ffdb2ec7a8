// T-05 on the whole server: the n-th write or sync of a file fails. Whoever asked is told 503 at
// worst, the server lives, mends itself, and nothing that it acknowledged is lost, then or after a
// kill (I2, I5). For every n at the store alone: tests/contract/.
#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "tests/chaos/chaos_test.hpp"
#include "tests/chaos/countdown.hpp"
#include "tests/chaos/journal.hpp"

namespace claviger::test {
namespace {

constexpr std::int64_t kMostSteps = 500;

struct FaultCase {
  const char* name;
  AtStep what;
  std::vector<std::int64_t> some;  // which n the short form tries
};

class T05FailingDisk : public Chaos {
 protected:
  void SetUp() override {
    home.environment["CLAVIGER_LOG__LEVEL"] = "error";  // its lines are writes too
    server = std::make_unique<ServerProcess>(home);
    ASSERT_TRUE(server->wait_until_ready()) << home.log();
    ASSERT_TRUE(client.enrol()) << client.visitor().trouble;
  }
  // False: the script took fewer steps than that.
  bool fail_at(std::int64_t n, AtStep what) {
    countdown.set(n, what);
    client.script();
    const bool fired = countdown.left() <= 0;
    countdown.set(0);
    return fired;
  }
  void expect_it_mends_itself() {
    const auto begun = std::chrono::steady_clock::now();
    Answer answer;
    do {
      IssuedCode issued;
      answer = client.visitor().authorize(issued).value_or(Answer{});
      ASSERT_TRUE(answer.status == 303 || answer.status == 503) << answer.status << answer.body;
      ASSERT_LT(std::chrono::steady_clock::now(), begun + kGenerous);
    } while (answer.status != 303);
    const auto took = std::chrono::steady_clock::now() - begun;
    longest = std::max(longest, std::chrono::duration_cast<Milliseconds>(took));
  }
  void expect_nothing_lost() {
    client.check();
    ASSERT_TRUE(client.tally().violations.empty()) << client.tally().violations.front();
  }
  void try_all(const FaultCase& fault) {
    for (std::int64_t n = 1; n < kMostSteps; ++n) {
      if (!is_long_form() && std::ranges::find(fault.some, n) == fault.some.end()) continue;
      SCOPED_TRACE(fmt::format("{} number {}", fault.name, n));
      const bool fired = fail_at(n, fault.what);
      ASSERT_FALSE(server->ended(Milliseconds(0))) << home.log();
      ASSERT_NO_FATAL_FAILURE(expect_it_mends_itself());
      ASSERT_NO_FATAL_FAILURE(expect_nothing_lost());
      ++tried[fault.name];
      if (!fired) return;
    }
  }
  void expect_it_lasts() {
    server->kill();
    server = std::make_unique<ServerProcess>(home);
    ASSERT_TRUE(server->wait_until_ready()) << home.log();
    client.visitor().reconnect();
    ASSERT_NO_FATAL_FAILURE(expect_nothing_lost());
  }

  Countdown countdown{home};
  std::unique_ptr<ServerProcess> server;
  JournalledClient client{home.port, "patient", 1};
  std::map<std::string, int> tried;
  Milliseconds longest{};
};

TEST_F(T05FailingDisk, every_step_may_fail) {
  const std::vector<FaultCase> faults{{"sync", AtStep::sync_eio, {1, 3}},
                                      {"eio", AtStep::write_eio, {4}},
                                      {"enospc", AtStep::write_enospc, {2, 9}},
                                      {"short", AtStep::write_short, {3, 12}}};
  for (const auto& fault : faults) ASSERT_NO_FATAL_FAILURE(try_all(fault));
  ASSERT_NO_FATAL_FAILURE(expect_it_lasts());
  const auto& tally = client.tally();
  report(
      fmt::format("T-05 sync={} eio={} enospc={} short={} acknowledged={} shed={} unknown={} "
                  "violations={} recovery_ms_max={}",
                  tried["sync"], tried["eio"], tried["enospc"], tried["short"], tally.acknowledged,
                  tally.shed, tally.unknown, tally.violations.size(), longest.count()));
  EXPECT_GT(tally.shed, 0u) << "no step was in the server's way";
  learn(client.visitor());
}

}  // namespace
}  // namespace claviger::test
