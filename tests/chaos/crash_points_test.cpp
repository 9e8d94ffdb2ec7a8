// T-03: one scripted life of a grant, with the server killed at the first, the second, the third
// ... step that touches a file, until the script runs through. What was acknowledged by then holds
// (I1, I2). Unlike random moments this leaves no step out.
#include <algorithm>
#include <csignal>
#include <cstdio>
#include <cstdlib>

#include "tests/chaos/chaos_test.hpp"
#include "tests/chaos/countdown.hpp"
#include "tests/chaos/journal.hpp"

namespace claviger::test {
namespace {

constexpr std::int64_t kMostSteps = 2000;
constexpr std::int64_t kFirstSteps = 12;

class CrashPoints : public Chaos {
 protected:
  void start() {
    server = std::make_unique<ServerProcess>(home);
    ASSERT_TRUE(server->wait_until_ready()) << "step " << step << "\n" << home.log();
  }
  void expect_nothing_lost(JournalledClient& client) {
    client.check();
    ASSERT_TRUE(client.tally().violations.empty())
        << "step " << step << ": " << client.tally().violations.front();
  }
  void report(std::int64_t least) const {
    EXPECT_GT(step, least) << "the countdown was not in the server's way";
    std::printf("T-03 steps=%lld\n", static_cast<long long>(step - 1));
  }

  Countdown countdown{home};
  std::unique_ptr<ServerProcess> server;
  std::int64_t step = 0;
};

TEST_F(CrashPoints, T_03_killed_at_every_step_of_a_grants_life) {
  ASSERT_NO_FATAL_FAILURE(start());
  JournalledClient client(home.port, "sweeper", 1);
  ASSERT_TRUE(client.enrol()) << client.visitor().trouble;
  for (bool through = false; !through;) {
    ASSERT_LT(++step, kMostSteps);
    countdown.set(step);
    client.script();
    through = countdown.left() > 0;
    countdown.set(0);
    ASSERT_EQ(server->ended(Milliseconds(through ? 0 : kGenerous.count())), !through);
    if (!through) ASSERT_NO_FATAL_FAILURE(start());
    ASSERT_NO_FATAL_FAILURE(expect_nothing_lost(client));
  }
  report(20);
  learn(client.visitor());
}

// On its way out the server moves its log into the database.
TEST_F(CrashPoints, T_03_killed_at_every_step_of_its_way_out) {
  ASSERT_NO_FATAL_FAILURE(start());
  JournalledClient client(home.port, "leaver", 1);
  ASSERT_TRUE(client.enrol()) << client.visitor().trouble;
  for (bool through = false; !through;) {
    ASSERT_LT(++step, kMostSteps);
    client.script();
    countdown.set(step);
    server->send(SIGTERM);
    through = server->wait() == Ending{.code = 0};
    countdown.set(0);
    ASSERT_NO_FATAL_FAILURE(start());
    client.visitor().reconnect();
    ASSERT_NO_FATAL_FAILURE(expect_nothing_lost(client));
  }
  report(5);
  learn(client.visitor());
}

// A first start makes keys, which takes a while: behind the first steps, which make the files, not
// each is tried unless somebody wants it.
std::int64_t stride() {
  const char* const text = std::getenv("CLAVIGER_CHAOS_STRIDE");
  return text == nullptr ? 10 : std::max(std::strtoll(text, nullptr, 10), 1ll);
}

// T-49: whatever a first start left behind, the next one finishes.
TEST_F(CrashPoints, T_49_killed_at_every_step_of_the_first_start) {
  for (bool through = false; !through;) {
    step += step < kFirstSteps ? 1 : stride();
    ASSERT_LT(step, kMostSteps);
    std::filesystem::remove_all(home.data());
    countdown.set(step);
    server = std::make_unique<ServerProcess>(home);
    through = server->wait_until_ready();
    countdown.set(0);
    if (through) continue;
    ASSERT_EQ(server->wait(), (Ending{.signal = SIGKILL})) << "step " << step << home.log();
    ASSERT_NO_FATAL_FAILURE(start());
    Visitor visitor(home.port, "first");
    ASSERT_TRUE(visitor.enrol()) << "step " << step << ": " << visitor.trouble;
    learn(visitor);
    server->kill();
  }
  report(10);
}

}  // namespace
}  // namespace claviger::test
