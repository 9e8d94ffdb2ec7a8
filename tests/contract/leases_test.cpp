// Which of several nodes does what only one may do, and which nodes there are.
#include <atomic>
#include <thread>

#include "tests/support/store_fixture.hpp"

namespace claviger::test {
namespace {

constexpr auto kTtl = seconds(15);

class LeasesContract : public StoreTest {
 protected:
  // The fence; 0: somebody else holds it.
  std::int64_t acquire(std::uint8_t node, Time now, const char* name = "sweep") {
    const auto lease = run_task(store().leases.acquire(name, a_node_id(node), now, now + kTtl));
    return lease ? lease->fence : 0;
  }
  bool release(std::uint8_t node, Time now) {
    return run_task(store().leases.release("sweep", a_node_id(node), now));
  }
};
CLAVIGER_ON_EVERY_ENGINE(LeasesContract);

TEST_P(LeasesContract, one_node_holds_it_until_its_end) {
  EXPECT_EQ(acquire(1, kNow), 1);
  EXPECT_EQ(acquire(2, kNow), 0);
  EXPECT_EQ(acquire(2, kNow + kTtl - Duration(1)), 0);
  EXPECT_EQ(acquire(2, kNow + kTtl), 2);
  EXPECT_EQ(acquire(1, kNow + kTtl), 0);
}

TEST_P(LeasesContract, who_holds_it_keeps_it_for_longer) {
  EXPECT_EQ(acquire(1, kNow), 1);
  EXPECT_EQ(acquire(1, kNow + seconds(10)), 1);
  EXPECT_EQ(acquire(2, kNow + kTtl), 0);
  // Nobody took it in the meantime: nothing has changed hands.
  EXPECT_EQ(acquire(1, kNow + hours(1)), 1);
}

// T-31: whoever was away long enough for another to take over can tell by the fence.
TEST_P(LeasesContract, T_31_the_fence_rises_with_each_holder) {
  for (std::int64_t i = 0; i < 6; ++i) {
    const auto node = static_cast<std::uint8_t>(1 + i % 2);
    EXPECT_EQ(acquire(node, kNow + i * kTtl), i + 1);
  }
}

TEST_P(LeasesContract, who_ends_gives_it_back_at_once) {
  acquire(1, kNow);
  EXPECT_FALSE(release(2, kNow));
  EXPECT_EQ(acquire(2, kNow), 0);
  EXPECT_TRUE(release(1, kNow + seconds(1)));
  EXPECT_FALSE(release(1, kNow + seconds(1)));
  EXPECT_EQ(acquire(2, kNow + seconds(1)), 2);
  EXPECT_FALSE(release(1, kNow + seconds(2)));
}

TEST_P(LeasesContract, each_work_has_its_own) {
  EXPECT_EQ(acquire(1, kNow), 1);
  EXPECT_EQ(acquire(2, kNow, "keys"), 1);
  const auto leases = run_task(store().leases.list());
  ASSERT_EQ(leases.size(), 2u);
  EXPECT_EQ(leases[0].name, "keys");
  EXPECT_EQ(leases[0].holder, a_node_id(2));
  EXPECT_EQ(leases[1].name, "sweep");
  EXPECT_EQ(leases[1].holder, a_node_id(1));
  EXPECT_EQ(leases[1].fence, 1);
  EXPECT_EQ(leases[1].until, kNow + kTtl);
}

// KY-09: the clock was a day ahead, and is put right. Nobody waits for a day.
TEST_P(LeasesContract, KY_09_a_lease_of_a_clock_that_was_wrong_is_free) {
  EXPECT_EQ(acquire(1, kNow + hours(24)), 1);
  EXPECT_EQ(acquire(2, kNow), 2);
  EXPECT_EQ(acquire(1, kNow), 0);
}

// As many as there are at once: one winner, and the others change nothing.
TEST_P(LeasesContract, T_19_one_of_many_gets_it) {
  constexpr int kThreads = 4;
  constexpr int kEach = 4;
  constexpr int kRounds = kUnderThreadSanitizer ? 5 : 20;
  for (int round = 0; round < kRounds; ++round) {
    const Time now = kNow + round * kTtl;
    std::atomic<int> winners = 0;
    std::vector<std::thread> threads;
    for (int i = 0; i < kThreads; ++i) {
      threads.emplace_back([&, i] {
        for (int j = 0; j < kEach; ++j) {
          const auto node = static_cast<std::uint8_t>(1 + i * kEach + j);
          if (acquire(node, now) > 0) ++winners;
        }
      });
    }
    for (auto& thread : threads) thread.join();
    ASSERT_EQ(winners, 1) << "round " << round;
  }
  EXPECT_LE(count("SELECT fence FROM leases"), kRounds);
}

class NodesContract : public StoreTest {
 protected:
  std::vector<store::SeenNode> list() { return run_task(store().nodes.list()); }
};
CLAVIGER_ON_EVERY_ENGINE(NodesContract);

TEST_P(NodesContract, each_writes_its_own_row) {
  store::SeenNode first{a_node_id(1), "one", kNow, kNow, seconds(-2)};
  run_task(store().nodes.beat(first));
  run_task(store().nodes.beat({a_node_id(2), "two", kNow, kNow, {}}));
  first.seen_at = kNow + seconds(5);
  first.clock_offset = seconds(3);
  run_task(store().nodes.beat(first));
  const auto nodes = list();
  ASSERT_EQ(nodes.size(), 2u);
  EXPECT_EQ(nodes[0].id, a_node_id(1));
  EXPECT_EQ(nodes[0].name, "one");
  EXPECT_EQ(nodes[0].started_at, kNow);
  EXPECT_EQ(nodes[0].seen_at, kNow + seconds(5));
  EXPECT_EQ(nodes[0].clock_offset, seconds(3));
  EXPECT_TRUE(nodes[0].is_alive(kNow + seconds(94)));
  EXPECT_FALSE(nodes[0].is_alive(kNow + seconds(95)));
  EXPECT_TRUE(run_task(store().nodes.leave(a_node_id(1))));
  EXPECT_FALSE(run_task(store().nodes.leave(a_node_id(1))));
  ASSERT_EQ(list().size(), 1u);
  EXPECT_EQ(list()[0].name, "two");
}

TEST_P(NodesContract, dead_ones_are_swept) {
  run_task(store().nodes.beat({a_node_id(1), "dead", kNow, kNow, {}}));
  run_task(store().nodes.beat({a_node_id(2), "alive", kNow, kNow + hours(24), {}}));
  EXPECT_EQ(run_task(store().sweep(kNow + hours(24), 500)), 0u);
  EXPECT_EQ(run_task(store().sweep(kNow + hours(25), 500)), 1u);
  ASSERT_EQ(list().size(), 1u);
  EXPECT_EQ(list()[0].name, "alive");
}

}  // namespace
}  // namespace claviger::test
