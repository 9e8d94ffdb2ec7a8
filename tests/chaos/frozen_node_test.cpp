// T-31: one of two nodes is stopped in the middle of its work, for longer than a request waits or
// than a lease lasts, and goes on as if nothing had been: nothing is done twice (I1, I2), and what
// one node does at a time is done once.
#include <csignal>

#include "tests/chaos/two_nodes.hpp"

namespace claviger::test {
namespace {

constexpr std::chrono::seconds kRotateEvery{1};

class T31FrozenNode : public TwoNodes {
 protected:
  void SetUp() override {
    TwoNodes::SetUp();
    // There is always something to do for whoever has the lease.
    home.environment["CLAVIGER_KEYS__ROTATE_EVERY"] = "1s";
    ASSERT_NO_FATAL_FAILURE(start_both());
    ASSERT_NO_FATAL_FAILURE(enrol(number_from("CLAVIGER_CHAOS_CLIENTS", short_or_long(4, 16))));
    ASSERT_TRUE(witness.enrol()) << witness.trouble;
  }
  void TearDown() override {
    learn(witness);
    TwoNodes::TearDown();
  }
  // Mostly shorter than a lease lasts, sometimes far longer.
  Milliseconds how_long() {
    if (!is_long_form()) return Milliseconds(2000);
    const auto dice = random() % 10;
    if (dice < 7) return between(1000, 5000);
    return dice < 9 ? between(5000, 20'000) : between(20'000, 120'000);
  }
  // While one is stopped the other one serves.
  void expect_served_by(std::size_t node) {
    witness.ask_only(node);
    IssuedCode issued;
    EXPECT_EQ(status_of(witness.authorize(issued)), 303u);
    const auto tokens = witness.redeem(issued).value_or(Answer{});
    EXPECT_EQ(status_of(witness.refresh(tokens.member("refresh_token"))), 200u);
  }
  void freeze(std::size_t node) {
    std::this_thread::sleep_for(between(5, 250));
    nodes[node]->send(SIGSTOP);
    const auto time = how_long();
    const auto until = std::chrono::steady_clock::now() + time;
    expect_served_by(1 - node);
    std::this_thread::sleep_until(until);
    frozen += time;
    nodes[node]->send(SIGCONT);
    std::this_thread::sleep_for(between(50, 250));
  }
  // Each key followed the one before it when that was due, and one of each kind is the newest.
  void expect_rotated_once(std::uint64_t cycle) {
    PostgresSession session(database.url());
    const auto early = session.run(fmt::format(
        "SELECT kid FROM (SELECT kid, created_at - lag(created_at) OVER (PARTITION BY alg ORDER BY "
        "created_at, kid) AS gap FROM server_keys WHERE purpose = 'signing') AS steps "
        "WHERE gap < {}",
        std::chrono::microseconds(kRotateEvery).count()));
    EXPECT_TRUE(early.empty()) << "rotated twice, cycle " << cycle << " seed " << seed;
    const auto newest = session.run(
        "SELECT alg FROM server_keys WHERE purpose = 'signing' AND retires_at = 0 ORDER BY alg");
    EXPECT_EQ(newest, (std::vector<std::string>{"ES256", "RS256"})) << "cycle " << cycle;
  }
  std::string rotations() {
    return PostgresSession(database.url())
        .run("SELECT count(*) - 2 FROM server_keys WHERE purpose = 'signing'")
        .at(0);
  }

  Visitor witness{home.issuer_port, ports(), "witness"};
  Milliseconds frozen{};
};

TEST_F(T31FrozenNode, nothing_is_done_twice) {
  const auto cycles = number_from("CLAVIGER_CHAOS_CYCLES", short_or_long(2, 200));
  for (std::uint64_t cycle = 0; cycle < cycles; ++cycle) {
    // Half of them wait for the one that is stopped.
    for (std::size_t i = 0; i < clients.size(); ++i) clients[i]->visitor().ask_only(i % kNodes);
    load([&] { freeze(cycle % kNodes); });
    all_ask({});
    check(cycle);
    if (HasFatalFailure()) return;
    expect_rotated_once(cycle);
  }
  report_on("T-31", cycles, fmt::format("frozen_ms={} rotations={}", frozen.count(), rotations()));
  EXPECT_NE(rotations(), "0");
}

}  // namespace
}  // namespace claviger::test
