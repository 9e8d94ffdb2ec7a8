// Two whole nodes on one PostgreSQL: whatever one did, the other goes on with, though their clocks
// differ; and what one keeps in memory follows what the other did.
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/post.hpp>

#include "app/chores.hpp"
#include "store/topics.hpp"
#include "tests/support/browser.hpp"
#include "tests/support/postgres_database.hpp"

namespace claviger::test {
namespace {

using std::chrono::seconds;

// This machine's, set wrong.
class WrongClock final : public Clock {
 public:
  explicit WrongClock(Duration off) : off_(off) {}
  Time now() const override { return SystemClock().now() + off_; }

 private:
  const Duration off_;
};

struct OneOfMany {
  OneOfMany(const std::string& name, Duration clock_off, std::uint64_t seed,
            PostgresDatabase& database)
      : clock(clock_off), random(seed) {
    node =
        std::make_unique<app::Node>(config::Settings{}, app::World{clock, random, log, worker, {}},
                                    database.open(log), test_master_key(), kTestCost);
    app::ChoreOptions options;
    options.node_name = name;
    chores = std::make_unique<app::Chores>(*node, options, system_uptime);
  }

  http::Response send(http::Request request) {
    const auto question = request.target.find('?');
    request.path = request.target.substr(0, question);
    request.query = question == std::string::npos ? "" : request.target.substr(question + 1);
    if (!request.headers.find("host")) request.headers.add("Host", "localhost:2003");
    request.peer = request.client_ip = "127.0.0.1";
    request.peer_is_loopback = true;
    request.arrived = clock.now();
    return run_task(node->router().serve(std::move(request)));
  }
  void look_after_node() { run_task(chores->run(chores->all()[0])); }
  std::size_t warnings() const {
    const auto entries = log.entries();
    return static_cast<std::size_t>(
        std::ranges::count(entries, std::string("clock.wrong"), &KeptLog::Entry::event));
  }

  WrongClock clock;
  ScriptedRandom random;
  KeptLog log;
  InlineWorker worker;
  std::unique_ptr<app::Node> node;
  std::unique_ptr<app::Chores> chores;
};

class PostgresNodes : public testing::Test {
 protected:
  void open(Duration off_one, Duration off_two) {
    nodes_.push_back(std::make_unique<OneOfMany>("one", off_one, 1, database_));
    nodes_.push_back(std::make_unique<OneOfMany>("two", off_two, 2, database_));
  }
  boost::asio::io_context io{1};  // drivers tell it something until they are gone
  boost::asio::executor_work_guard<Executor> keep_running{io.get_executor()};
  OneOfMany& one() { return *nodes_[0]; }
  OneOfMany& two() { return *nodes_[1]; }
  // Twice, so that each knows of the other.
  void look_after_nodes() {
    for (int i = 0; i < 2; ++i) {
      for (const auto& node : nodes_) node->look_after_node();
    }
  }
  // Each request goes to the other node than the one before.
  http::Response send(http::Request request) {
    return nodes_[turn_++ % 2]->send(std::move(request));
  }
  http::Response post(const std::string& target, const Form& form) {
    return send(Site::make_post(target, form));
  }
  unsigned api(OneOfMany& node, const std::string& token) {
    auto request = Site::make_post("/api", Form{});
    request.headers.add("Authorization", "Bearer " + token);
    return node.send(std::move(request)).status;
  }
  // Everything once, beginning at either node.
  void sign_in_and_refresh() {
    Browser browser([this](http::Request request) { return send(std::move(request)); });
    auto response = post("/token", code_form(parameter(sign_in(browser), "code")));
    ASSERT_EQ(response.status, 200u) << response.body;
    for (int i = 0; i < 3; ++i) {
      const auto tokens = tokens_of(response);
      EXPECT_EQ(api(one(), tokens.access), 200u);
      EXPECT_EQ(api(two(), tokens.access), 200u);
      response = post("/token", refresh_form(tokens.refresh));
      ASSERT_EQ(response.status, 200u) << response.body;
      // A retry, at the other node.
      const auto again = post("/token", refresh_form(tokens.refresh));
      EXPECT_EQ(tokens_of(again).refresh, tokens_of(response).refresh) << again.body;
    }
    EXPECT_FALSE(parameter(sign_in(browser), "code").empty());  // signed in still
  }

 private:
  PostgresDatabase database_;
  std::vector<std::unique_ptr<OneOfMany>> nodes_;
  std::size_t turn_ = 0;
};

TEST_F(PostgresNodes, T_30_ten_seconds_between_two_clocks_fail_nobody) {
  open(seconds(0), seconds(10));
  look_after_nodes();
  ASSERT_EQ(one().send(Site::make_post("/register_client", Form{})).status, 200u);
  ASSERT_EQ(two().send(Site::make_post("/register_user", Form{})).status, 200u);
  for (int round = 0; round < 4; ++round) {
    sign_in_and_refresh();
    if (round % 2 == 0) send(Site::make_get("/livez"));  // the next one begins elsewhere
  }
}

TEST_F(PostgresNodes, T_30_a_minute_between_two_clocks_is_a_warning_on_both) {
  open(seconds(0), seconds(60));
  look_after_nodes();
  for (auto* node : {&one(), &two()}) {
    EXPECT_FALSE(node->node->deps().readiness->clock_is_right());
    EXPECT_EQ(node->node->deps().readiness->live_nodes, 2);
    EXPECT_EQ(node->warnings(), 1u);
  }
  // Work that one node does is not torn between them.
  const auto leases = run_task(one().node->store().leases.list());
  ASSERT_EQ(leases.size(), 3u);
  for (const auto& lease : leases) {
    EXPECT_EQ(lease.holder, one().chores->id());
    EXPECT_EQ(lease.fence, 1);
  }
  run_task(one().chores->leave());
  two().look_after_node();
  EXPECT_EQ(run_task(one().node->store().leases.list()).at(0).holder, two().chores->id());
}

// Nothing here has a timer: the second node loads its keys because the first one said so.
TEST_F(PostgresNodes, KY_06_a_key_of_one_node_reaches_the_other_by_word) {
  open(seconds(0), seconds(0));
  auto& chores = *two().chores;
  bool listens = false;
  bool told = false;
  two().node->store().driver().on_announced([&](std::string_view topic) {
    boost::asio::post(io, [&, name = std::string(topic)] {
      listens = true;
      if (name == store::kKeysTopic) told = true;
    });
  });
  const auto wait_for = [&](const bool& word) {
    while (!word && io.run_one_for(seconds(20)) > 0) {
    }
    return word;
  };
  ASSERT_TRUE(wait_for(listens));
  for (int i = 0; i < 3; ++i) {
    boost::json::object at_once{{"now", true}};
    const auto rotated = run_task(one().node->operations().call("key.rotate", std::move(at_once)));
    ASSERT_TRUE(rotated);
    ASSERT_TRUE(wait_for(told));
    told = false;
    ASSERT_EQ(chores.all()[1].topic, store::kKeysTopic);
    run_task(chores.run(chores.all()[1]));
    const auto ring = two().node->keys().current();
    const auto kid = std::string(rotated->at("kid").as_string());
    EXPECT_NE(ring->find_public(kid, two().clock.now()), nullptr);
  }
}

// The retry of a refresh may come to the node whose clock is ahead of the other's.
TEST(ManyNodes, T_30_what_clocks_differ_by_is_granted_to_a_retry) {
  Site site;
  site.register_demo();
  const auto tokens = fresh_tokens(site);
  const auto first = site.post("/token", refresh_form(tokens.refresh));
  ASSERT_EQ(first.status, 200u);
  const Duration allowed = site.settings.tokens.refresh_retry_grace;
  site.node().deps().readiness->clock_spread = Duration(seconds(4)).count();
  site.clock.advance(allowed + seconds(4));
  const auto again = site.post("/token", refresh_form(tokens.refresh));
  EXPECT_EQ(tokens_of(again).refresh, tokens_of(first).refresh);
  site.clock.advance(Duration(1));
  EXPECT_EQ(text_of(site.post("/token", refresh_form(tokens.refresh)), "error"), "invalid_grant");
}

// A clock that is far off is mended, not made up for.
TEST(ManyNodes, T_30_a_minute_is_not_granted) {
  Site site;
  site.register_demo();
  const auto tokens = fresh_tokens(site);
  ASSERT_EQ(site.post("/token", refresh_form(tokens.refresh)).status, 200u);
  site.node().deps().readiness->clock_spread = Duration(seconds(60)).count();
  site.clock.advance(site.settings.tokens.refresh_retry_grace + seconds(11));
  EXPECT_EQ(text_of(site.post("/token", refresh_form(tokens.refresh)), "error"), "invalid_grant");
}

}  // namespace
}  // namespace claviger::test
