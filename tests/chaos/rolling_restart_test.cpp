// T-33: two nodes behind a TCP balancer that asks /readyz are restarted one after the other, under
// load. A client that tries once more notices nothing, and everybody stays signed in (I4, I5).
#include <csignal>

#include "tests/chaos/balancer.hpp"
#include "tests/chaos/two_nodes.hpp"

namespace claviger::test {
namespace {

class T33RollingRestart : public TwoNodes {
 protected:
  void SetUp() override {
    TwoNodes::SetUp();
    home.serve_for(free_port());
    // Time for the balancer to hear of it, before the door is closed.
    home.environment["CLAVIGER_SERVER__DRAIN_DELAY"] = "1s";
    ASSERT_NO_FATAL_FAILURE(start_both());
    balancer = std::make_unique<Balancer>(home.issuer_port, ports());
    ASSERT_TRUE(comes_true([&] { return balancer->takes(0) && balancer->takes(1); }));
    ASSERT_NO_FATAL_FAILURE(
        enrol(number_from("CLAVIGER_CHAOS_CLIENTS", short_or_long(3, 16)), {home.issuer_port}));
    for (auto& client : clients) client->visitor().retry_once();
  }
  void restart(std::size_t node) {
    nodes[node]->send(SIGTERM);
    EXPECT_EQ(nodes[node]->wait(), (Ending{.code = 0}));
    ASSERT_NO_FATAL_FAILURE(start(node));
    ASSERT_TRUE(comes_true([&] { return balancer->takes(node); }));
  }

  std::unique_ptr<Balancer> balancer;
};

TEST_F(T33RollingRestart, nobody_notices) {
  const auto rolls = number_from("CLAVIGER_CHAOS_CYCLES", short_or_long(1, 30));
  std::atomic<bool> stop = false;
  {
    std::vector<std::jthread> threads;
    for (auto& client : clients) {
      threads.emplace_back([&stop, one = client.get()] { one->load_unharmed_until(stop); });
    }
    for (std::uint64_t roll = 0; roll < rolls && !HasFatalFailure(); ++roll) {
      for (std::size_t node = 0; node < kNodes && !HasFatalFailure(); ++node) restart(node);
    }
    stop = true;
  }
  ASSERT_NO_FATAL_FAILURE(expect_no_violation(rolls));
  check(rolls);
  std::size_t retries = 0;
  for (auto& client : clients) retries += client->visitor().retries();
  report_on("T-33", rolls,
            fmt::format("restarts={} retries={} turned_away={} {}", rolls * kNodes, retries,
                        balancer->turned_away(), spread_of("restart", restarts)));
}

}  // namespace
}  // namespace claviger::test
