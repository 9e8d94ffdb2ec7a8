// T-13: PostgreSQL crashes and comes back, again and again, under two nodes at work: nothing that
// was acknowledged is lost (I1, I2), and service comes back by itself (I5).
#include "tests/chaos/two_nodes.hpp"

namespace claviger::test {
namespace {

class T13DatabaseCrashes : public TwoNodesOn<PostgresServer> {
 protected:
  void crash_and_restart() {
    database.crash();
    // Without a database they answer all the same: that they can't.
    for (std::size_t node = 0; node < kNodes; ++node) {
      HttpClient client(home_of(node).port, home.issuer_port);
      EXPECT_EQ(status_of(client.ask({.target = "/livez"})), 200u);
      EXPECT_EQ(status_of(client.ask({.target = "/readyz"})), 503u);
    }
    database.start();
    recoveries.push_back(wait_until_both_serve(clients.front()->visitor()));
  }
  std::vector<Milliseconds> recoveries;
};

TEST_F(T13DatabaseCrashes, nothing_acknowledged_is_lost) {
  const auto cycles = number_from("CLAVIGER_CHAOS_CYCLES", short_or_long(3, 300));
  ASSERT_NO_FATAL_FAILURE(start_both());
  ASSERT_NO_FATAL_FAILURE(enrol(number_from("CLAVIGER_CHAOS_CLIENTS", short_or_long(3, 16))));
  for (std::uint64_t cycle = 0; cycle < cycles; ++cycle) {
    load([&] {
      std::this_thread::sleep_for(between(5, 250));
      crash_and_restart();
      std::this_thread::sleep_for(between(0, 100));
    });
    if (HasFatalFailure()) return;
    check(cycle);
    if (HasFatalFailure()) return;
  }
  report_on("T-13", cycles, spread_of("ready_again", recoveries));
}

}  // namespace
}  // namespace claviger::test
