// What nodes do by themselves: by one at a time, taken over when it dies, and never more because a
// clock was set (KY-09, KY-10).
#include "app/chores.hpp"

#include <algorithm>

#include "app/chore_runner.hpp"
#include "store/topics.hpp"
#include "tests/support/records.hpp"
#include "tests/support/site.hpp"

namespace claviger::app {
namespace {

using claviger::test::a_code;
using claviger::test::a_node_id;
using claviger::test::an_answer;
using claviger::test::run_task;
using std::chrono::hours;
using std::chrono::minutes;
using std::chrono::seconds;

TEST(ClockWatch, is_believed_while_only_time_passes) {
  ClockWatch watch;
  const Time start = from_seconds(1'800'000'000);
  EXPECT_EQ(watch.look(start, hours(5)), Duration(0));
  EXPECT_EQ(watch.look(start + hours(1), hours(6)), Duration(0));
  // The machine slept, or the process was frozen.
  EXPECT_EQ(watch.look(start + hours(73), hours(78)), Duration(0));
  // Small corrections, however many.
  for (int i = 1; i <= 100; ++i) {
    EXPECT_EQ(watch.look(start + hours(73) + minutes(10 * i), hours(78)), Duration(0)) << i;
  }
}

TEST(ClockWatch, KY_10_a_jump_is_doubted_until_it_is_taken_back) {
  for (const Duration jump : {Duration(hours(1)), Duration(-hours(24)), Duration(minutes(11))}) {
    ClockWatch watch;
    const Time start = from_seconds(1'800'000'000);
    watch.look(start, Duration(0));
    EXPECT_EQ(watch.look(start + seconds(5) + jump, seconds(5)), jump);
    EXPECT_EQ(watch.look(start + hours(23) + jump, hours(23)), jump);
    EXPECT_EQ(watch.look(start + hours(23), hours(23)), Duration(0));
  }
}

TEST(ClockWatch, KY_10_what_stands_for_a_day_is_believed) {
  ClockWatch watch;
  const Time start = from_seconds(1'800'000'000);
  watch.look(start, Duration(0));
  watch.look(start + hours(50), hours(1));
  EXPECT_NE(watch.look(start + hours(60), hours(11)), Duration(0));
  // Another jump: the day begins again.
  EXPECT_NE(watch.look(start + hours(112), hours(12)), Duration(0));
  EXPECT_NE(watch.look(start + hours(135), hours(35)), Duration(0));
  EXPECT_EQ(watch.look(start + hours(136), hours(36)), Duration(0));
}

// A database that others share, whose clock the test sets.
class SharedDriver final : public store::sql::Driver {
 public:
  SharedDriver(std::unique_ptr<Driver> inner, const Clock& clock)
      : inner_(std::move(inner)), clock_(clock) {}
  Task<std::vector<store::sql::Row>> read(store::sql::Statement statement) override {
    return inner_->read(std::move(statement));
  }
  Task<store::sql::OperationResult> commit(store::sql::Operation operation) override {
    return inner_->commit(std::move(operation));
  }
  std::int64_t storage_epoch() const override { return inner_->storage_epoch(); }
  bool is_shared() const override { return true; }
  Task<std::optional<Time>> clock() override { co_return clock_.now(); }

 private:
  std::unique_ptr<Driver> inner_;
  const Clock& clock_;
};

class ChoresTest : public testing::Test {
 protected:
  // A node's own clock is `clock`; the others' is the database's.
  void open(bool shared) {
    auto driver = database_.open(worker_, log);
    if (shared) driver = std::make_unique<SharedDriver>(std::move(driver), database_clock);
    node_ =
        std::make_unique<Node>(settings_, World{clock, random, log, worker_, {}}, std::move(driver),
                               claviger::test::test_master_key(), claviger::test::kTestCost);
  }
  std::unique_ptr<Chores> chores(std::string name = "one") {
    ChoreOptions options;
    options.node_name = std::move(name);
    options.rotate_every = hours(24 * 30);
    options.purge_unused = hours(24);
    return std::make_unique<Chores>(*node_, options, [this] { return uptime; });
  }
  // Time passes for everybody.
  void pass(Duration time) {
    clock.advance(time);
    database_clock.advance(time);
    uptime += time;
  }
  static Millis run(Chores& chores, std::string_view name) {
    const auto all = chores.all();
    const auto chore = std::ranges::find(all, name, &Chore::name);
    return run_task(chores.run(*chore));
  }
  bool is_ours(std::string_view name) const {
    const auto all = node_->deps().readiness->chores();
    return std::ranges::find(all, name, &endpoints::Readiness::Chore::name)->is_ours;
  }
  Node& node() { return *node_; }
  store::Store& store() { return node_->store(); }
  void execute(std::string_view text) {
    store::sql::Operation operation;
    operation.push_back({text, {}});
    run_task(store().driver().commit(std::move(operation)));
  }
  // A row that the sweeper takes a day later, and not before.
  void add_a_code() { run_task(store().codes.issue(an_answer(a_code(random)))); }
  std::int64_t codes() {
    return run_task(store().driver().read({"SELECT count(*) FROM codes", {}})).at(0).integer(0);
  }
  std::size_t logged(std::string_view event) const {
    const auto entries = log.entries();
    return static_cast<std::size_t>(
        std::ranges::count(entries, event, &claviger::test::KeptLog::Entry::event));
  }
  const endpoints::Readiness& readiness() const { return *node_->deps().readiness; }

  claviger::test::FixedClock clock{claviger::test::kNow};
  claviger::test::FixedClock database_clock{claviger::test::kNow};
  Duration uptime = hours(100);
  claviger::test::ScriptedRandom random{7};
  claviger::test::KeptLog log;

 private:
  config::Settings settings_;
  InlineWorker worker_;
  claviger::test::SqliteSite database_{[this](claviger::test::SiteDatabase& of_template) {
    Node(settings_, World{clock, random, log, worker_, {}}, of_template.open(worker_, log),
         claviger::test::test_master_key(), claviger::test::kTestCost);
  }};
  std::unique_ptr<Node> node_;
};

TEST_F(ChoresTest, what_is_old_is_swept) {
  open(false);
  const auto one = chores();
  add_a_code();
  EXPECT_EQ(run(*one, "sweep"), seconds(30));
  EXPECT_EQ(codes(), 1);
  pass(hours(30));
  run(*one, "sweep");
  EXPECT_EQ(codes(), 0);
}

TEST_F(ChoresTest, KY_10_a_clock_that_jumps_deletes_nothing) {
  for (const Duration jump : {Duration(hours(48)), Duration(hours(24 * 365 * 20))}) {
    open(false);
    const auto one = chores();
    run(*one, "node");
    add_a_code();
    const auto before = codes();
    clock.advance(jump);
    pass(seconds(30));
    for (int i = 0; i < 3; ++i) {
      for (const auto* name : {"node", "sweep", "keys"}) run(*one, name);
      pass(hours(1));
    }
    EXPECT_EQ(codes(), before);
    EXPECT_EQ(Duration(readiness().clock_jump), jump);
    EXPECT_FALSE(readiness().clock_is_right());
    EXPECT_EQ(logged("key.rotated"), 0u);
    clock.advance(-jump);
    run(*one, "node");
    EXPECT_TRUE(readiness().clock_is_right());
    EXPECT_EQ(codes(), before);
  }
  EXPECT_EQ(logged("clock.wrong"), 2u);  // once for each
  EXPECT_EQ(logged("clock.right"), 2u);
}

TEST_F(ChoresTest, KY_10_a_jump_while_the_process_was_frozen_deletes_nothing) {
  open(false);
  const auto one = chores();
  run(*one, "sweep");
  add_a_code();
  pass(minutes(2));  // frozen
  clock.advance(hours(48));
  run(*one, "sweep");
  EXPECT_EQ(codes(), 1);
}

TEST_F(ChoresTest, a_long_freeze_is_no_jump) {
  open(false);
  const auto one = chores();
  run(*one, "sweep");
  add_a_code();
  pass(hours(48));
  run(*one, "sweep");
  EXPECT_EQ(codes(), 0);
  EXPECT_TRUE(readiness().clock_is_right());
}

// KY-09: what has ended stays ended, and what is swept is not more.
TEST_F(ChoresTest, KY_09_a_clock_that_is_set_back_deletes_nothing) {
  open(false);
  const auto one = chores();
  run(*one, "node");
  add_a_code();
  clock.set(from_seconds(0));
  pass(seconds(30));
  for (const auto* name : {"node", "keys", "sweep"}) run(*one, name);
  EXPECT_EQ(codes(), 1);
  EXPECT_FALSE(readiness().clock_is_right());
}

// Nodes on one database measure age by its clock, not by their own.
TEST_F(ChoresTest, KY_10_a_shared_database_knows_what_is_old) {
  open(true);
  const auto one = chores();
  run(*one, "node");
  add_a_code();
  clock.advance(hours(48));
  pass(seconds(5));
  for (const auto* name : {"node", "sweep", "keys"}) run(*one, name);
  EXPECT_EQ(codes(), 1);
  EXPECT_EQ(Duration(readiness().clock_offset), hours(48));
  EXPECT_EQ(logged("clock.wrong"), 1u);
  pass(hours(30));
  for (const auto* name : {"node", "sweep"}) run(*one, name);
  EXPECT_EQ(codes(), 0);
}

TEST_F(ChoresTest, KY_10_nothing_is_deleted_when_the_database_s_clock_jumps) {
  open(true);
  const auto one = chores();
  run(*one, "node");
  add_a_code();
  database_clock.advance(hours(48));
  pass(seconds(5));
  for (const auto* name : {"node", "sweep"}) run(*one, name);
  EXPECT_EQ(codes(), 1);
  EXPECT_FALSE(readiness().clock_is_right());
}

TEST_F(ChoresTest, one_of_two_nodes_does_it) {
  open(true);
  const auto one = chores("one");
  const auto two = chores("two");
  run(*one, "node");
  run(*two, "node");
  add_a_code();
  pass(hours(30));
  run(*one, "node");
  run(*two, "node");
  EXPECT_EQ(run(*two, "sweep"), seconds(5));  // then it looks again whose it is
  EXPECT_FALSE(is_ours("sweep"));
  EXPECT_EQ(codes(), 1);
  EXPECT_EQ(run(*one, "sweep"), seconds(30));
  EXPECT_TRUE(is_ours("sweep"));
  EXPECT_EQ(codes(), 0);
  EXPECT_EQ(readiness().live_nodes, 2);
}

// Until it has asked, a node has no business with what others may be doing.
TEST_F(ChoresTest, a_node_that_has_not_asked_does_nothing) {
  open(true);
  const auto one = chores();
  add_a_code();
  pass(hours(30));
  run(*one, "sweep");
  EXPECT_EQ(codes(), 1);
}

TEST_F(ChoresTest, T_31_a_node_that_dies_is_followed_by_another) {
  open(true);
  const auto one = chores("one");
  const auto two = chores("two");
  run(*one, "node");
  run(*two, "node");
  pass(seconds(14));
  run(*two, "node");
  run(*two, "sweep");
  EXPECT_FALSE(is_ours("sweep"));
  pass(seconds(1));
  run(*two, "node");
  run(*two, "sweep");
  EXPECT_TRUE(is_ours("sweep"));
}

// Frozen for longer than its lease: it asks again before it does anything.
TEST_F(ChoresTest, T_31_a_node_that_was_frozen_knows_that_its_lease_has_ended) {
  open(true);
  const auto one = chores("one");
  const auto two = chores("two");
  run(*one, "node");
  run(*one, "sweep");
  EXPECT_TRUE(is_ours("sweep"));
  pass(seconds(20));
  run(*two, "node");
  run(*one, "sweep");
  EXPECT_FALSE(is_ours("sweep"));
  run(*one, "node");
  run(*one, "sweep");
  EXPECT_FALSE(is_ours("sweep"));
  EXPECT_EQ(run_task(store().leases.list()).at(0).holder, two->id());
  EXPECT_EQ(run_task(store().leases.list()).at(0).fence, 2);
}

TEST_F(ChoresTest, a_node_that_ends_leaves_at_once) {
  open(true);
  const auto one = chores("one");
  const auto two = chores("two");
  run(*one, "node");
  run_task(one->leave());
  ASSERT_TRUE(run_task(store().nodes.list()).empty());
  run(*two, "node");
  run(*two, "sweep");
  EXPECT_TRUE(is_ours("sweep"));
  const auto nodes = run_task(store().nodes.list());
  ASSERT_EQ(nodes.size(), 1u);
  EXPECT_EQ(nodes[0].name, "two");
}

TEST_F(ChoresTest, T_30_a_clock_that_differs_from_another_node_s_is_reported_on_both) {
  open(true);
  const auto other = [this](Duration offset) {
    store::SeenNode node{a_node_id(9), "other", database_clock.now(), database_clock.now(), offset};
    run_task(store().nodes.beat(node));
  };
  const auto one = chores();
  other(seconds(9));
  run(*one, "node");
  EXPECT_TRUE(readiness().clock_is_right());
  other(seconds(60));
  for (int i = 0; i < 3; ++i) run(*one, "node");
  EXPECT_FALSE(readiness().clock_is_right());
  EXPECT_EQ(Duration(readiness().clock_spread), seconds(60));
  EXPECT_EQ(logged("clock.wrong"), 1u);
  // Nobody is measured by one that is gone.
  pass(store::SeenNode::kAlive);
  run(*one, "node");
  EXPECT_TRUE(readiness().clock_is_right());
  EXPECT_EQ(logged("clock.right"), 1u);
}

// One that was frozen while it asked has no idea what time it was.
TEST_F(ChoresTest, T_31_an_answer_that_took_too_long_says_nothing_of_the_time) {
  open(true);
  std::vector<Duration> readings;
  const auto slow = std::make_unique<Chores>(node(), ChoreOptions{}, [&] {
    if (!readings.empty()) {
      uptime += readings.back();
      readings.pop_back();
    }
    return uptime;
  });
  run(*slow, "node");
  const Duration before(readiness().clock_offset);
  readings = {seconds(120), seconds(0)};  // the last first: asked at once, answered late
  database_clock.advance(seconds(120));
  run(*slow, "node");
  EXPECT_EQ(Duration(readiness().clock_offset), before);
}

TEST_F(ChoresTest, what_goes_wrong_is_written_down_once) {
  open(false);
  const auto one = chores();
  execute("DROP TABLE throttles");
  EXPECT_EQ(run(*one, "sweep"), seconds(30));
  run(*one, "sweep");
  EXPECT_EQ(logged("chore.failed"), 1u);
  const auto all = readiness().chores();
  const auto sweep =
      std::ranges::find(all, std::string("sweep"), &endpoints::Readiness::Chore::name);
  EXPECT_FALSE(sweep->cause.empty());
  EXPECT_EQ(sweep->last_failure, clock.now());
}

// The pauses take far longer than the test: what happens is what was announced.
TEST_F(ChoresTest, KY_06_keys_are_loaded_when_they_are_announced) {
  open(false);
  boost::asio::io_context io(1);
  const ChoreRunner runner(node(), ChoreOptions{}, io.get_executor());
  io.poll();
  const auto ring = node().keys().current();
  io.poll();
  ASSERT_EQ(node().keys().current(), ring);
  // As another node would.
  execute("UPDATE server_keys SET active_from = active_from - 1");
  io.poll();
  ASSERT_EQ(node().keys().current(), ring);
  store().driver().announce(store::kLogoutsTopic);
  io.poll();
  ASSERT_EQ(node().keys().current(), ring);
  store().driver().announce(store::kKeysTopic);
  io.poll();
  EXPECT_NE(node().keys().current(), ring);
}

}  // namespace
}  // namespace claviger::app
