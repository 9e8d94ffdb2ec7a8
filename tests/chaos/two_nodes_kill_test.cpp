// T-02: of two nodes on one PostgreSQL now one and now the other is killed under load. What it
// acknowledged the other one knows, and what it left half done harms nobody (I1 to I4).
#include "tests/chaos/two_nodes.hpp"

namespace claviger::test {
namespace {

using T02TwoNodesKilled = TwoNodes;

TEST_F(T02TwoNodesKilled, what_one_acknowledged_the_other_one_knows) {
  const auto cycles = number_from("CLAVIGER_CHAOS_CYCLES", short_or_long(20, 500));
  ASSERT_NO_FATAL_FAILURE(start_both());
  ASSERT_NO_FATAL_FAILURE(enrol(number_from("CLAVIGER_CHAOS_CLIENTS", short_or_long(4, 16))));
  for (std::uint64_t cycle = 0; cycle < cycles; ++cycle) {
    const std::size_t victim = cycle % kNodes;
    load([&] {
      std::this_thread::sleep_for(between(5, 250));
      nodes[victim]->kill();
      std::this_thread::sleep_for(between(0, 50));
    });
    begin(victim);
    all_ask(1 - victim);
    check(cycle);
    if (HasFatalFailure()) return;
    all_ask({});
    ASSERT_NO_FATAL_FAILURE(await(victim));
  }
  check(cycles);
  report_on("T-02", cycles, spread_of("restart", restarts));
}

}  // namespace
}  // namespace claviger::test
