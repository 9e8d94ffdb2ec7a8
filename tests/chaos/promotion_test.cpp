// T-14: the primary dies under load, and the standby that it waited for takes its place: two nodes
// find it by themselves, and nothing that was acknowledged is lost (I1, I2). A code from before is
// refused after it, since no node can know that this standby missed nothing.
#include "tests/chaos/postgres_standby.hpp"
#include "tests/chaos/two_nodes.hpp"

namespace claviger::test {
namespace {

struct SynchronousPair : PostgresPair {
  SynchronousPair() : PostgresPair(Replication::synchronous) {}
};

class T14Promotion : public TwoNodesOn<SynchronousPair> {
 protected:
  void promote() {
    for (auto& client : clients) client->failover_begins();
    database.fail_over();
    recoveries.push_back(wait_until_both_serve(clients.front()->visitor()));
    for (auto& client : clients) client->failover_ended();
  }
  std::vector<Milliseconds> recoveries;
};

TEST_F(T14Promotion, nothing_acknowledged_is_lost) {
  const auto cycles = number_from("CLAVIGER_CHAOS_CYCLES", short_or_long(2, 50));
  ASSERT_NO_FATAL_FAILURE(start_both());
  ASSERT_NO_FATAL_FAILURE(enrol(number_from("CLAVIGER_CHAOS_CLIENTS", short_or_long(3, 16))));
  for (std::uint64_t cycle = 0; cycle < cycles; ++cycle) {
    if (cycle > 0) database.give_a_standby();
    load([&] {
      std::this_thread::sleep_for(between(5, 250));
      promote();
      std::this_thread::sleep_for(between(0, 100));
    });
    if (HasFatalFailure()) return;
    check(cycle);
    if (HasFatalFailure()) return;
  }
  report_on("T-14", cycles,
            fmt::format("fenced={} {}", total().fenced, spread_of("ready_again", recoveries)));
}

}  // namespace
}  // namespace claviger::test
