// What one node announces, the others hear: at once, or after they were away. By events, never by
// looking again and again.
#include <condition_variable>
#include <mutex>

#include "store/topics.hpp"
#include "tests/support/store_fixture.hpp"

namespace claviger::test {
namespace {

class PostgresListen : public testing::Test {
 protected:
  struct Heard {
    std::mutex mutex;
    std::condition_variable changed;
    std::vector<std::string> topics;
  };
  struct Node {
    std::unique_ptr<store::Store> store;
    std::shared_ptr<Heard> heard = std::make_shared<Heard>();
    // Far longer than it takes: whoever waits here in vain has failed.
    bool hears(const std::string& topic) {
      std::unique_lock lock(heard->mutex);
      const auto there = [&] { return std::erase(heard->topics, topic) > 0; };
      return heard->changed.wait_for(lock, seconds(20), there);
    }
  };
  Node open(const std::string& url) {
    store::PostgresOptions options;
    options.url = url;
    options.readers = 1;
    Node node;
    node.store = std::make_unique<store::Store>(store::open_postgres(options, log), random);
    node.store->driver().on_announced(
        [heard = node.heard, &clients = node.store->clients](std::string_view topic) {
          clients.hear(topic);
          const std::lock_guard lock(heard->mutex);
          heard->topics.emplace_back(topic);
          heard->changed.notify_all();
        });
    EXPECT_TRUE(node.hears(""));  // it listens: what was before is not known
    return node;
  }

  PostgresDatabase database;
  KeptLog log;
  ScriptedRandom random;
};

TEST_F(PostgresListen, KY_06_every_node_hears_that_keys_changed) {
  auto one = open(database.url());
  auto two = open(database.url());
  run_task(one.store->server_keys.rotate({a_server_key("s1")}, kNow));
  EXPECT_TRUE(two.hears("keys"));
  EXPECT_TRUE(one.hears("keys"));
  auto next = a_server_key("s2");
  EXPECT_TRUE(run_task(two.store->server_keys.replace("s1", next, kNow + hours(1))));
  EXPECT_TRUE(one.hears("keys"));
  EXPECT_TRUE(run_task(two.store->server_keys.revoke("s2", a_server_key("s3"), false, kNow)));
  EXPECT_TRUE(one.hears("keys"));
  two.store->driver().announce(store::kLogoutsTopic);
  EXPECT_TRUE(one.hears("logouts"));
}

TEST_F(PostgresListen, every_node_hears_that_clients_are_to_be_told) {
  auto one = open(database.url());
  auto two = open(database.url());
  run_task(one.store->users.add(a_user(), "alice", "alice@example.com"));
  run_task(one.store->users.set_disabled("alice-sub", true, kNow));
  EXPECT_TRUE(two.hears("logouts"));
  run_task(two.store->users.set_password("alice-sub", "$argon2id$new", kNow));
  EXPECT_TRUE(one.hears("logouts"));
}

// Nodes keep clients in memory: who changes one tells the others.
TEST_F(PostgresListen, a_client_that_one_node_changed_is_read_again_by_the_other) {
  auto one = open(database.url());
  auto two = open(database.url());
  run_task(one.store->clients.add(a_client()));
  const auto kept = run_task(one.store->clients.find("shop"));
  EXPECT_EQ(run_task(one.store->clients.find("shop")).get(), kept.get());
  run_task(two.store->clients.set_disabled("shop", true, kNow));
  ASSERT_TRUE(one.hears("clients"));
  EXPECT_TRUE(run_task(one.store->clients.find("shop"))->disabled);
}

// A schema is a database of its own.
TEST_F(PostgresListen, nobody_hears_what_another_database_says) {
  const PostgresDatabase elsewhere;
  auto one = open(database.url());
  auto two = open(database.url());
  auto stranger = open(elsewhere.url());
  one.store->driver().announce("for us");
  stranger.store->driver().announce("for them");
  one.store->driver().announce("afterwards");
  EXPECT_TRUE(two.hears("afterwards"));
  EXPECT_TRUE(two.hears("for us"));
  const std::lock_guard lock(two.heard->mutex);
  EXPECT_TRUE(std::ranges::find(two.heard->topics, "for them") == two.heard->topics.end());
}

// T-13: the connection is made again, and whoever may have missed something is told to look.
TEST_F(PostgresListen, T_13_a_lost_listener_comes_back_and_looks) {
  auto one = open(database.url());
  auto two = open(database.url());
  PostgresSession session(database.url());
  session.run(
      "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE query = 'LISTEN claviger'");
  EXPECT_TRUE(two.hears(""));
  one.store->driver().announce("again");
  EXPECT_TRUE(two.hears("again"));
}

TEST_F(PostgresListen, T_30_the_database_tells_its_time) {
  auto one = open(database.url());
  const auto first = run_task(one.store->driver().clock());
  const auto second = run_task(one.store->driver().clock());
  ASSERT_TRUE(first && second);
  EXPECT_LE(*first, *second);
  const auto asked =
      PostgresSession(database.url()).run("SELECT extract(epoch FROM now())::bigint");
  EXPECT_NEAR(static_cast<double>(to_seconds(*second)), std::stod(asked.at(0)), 60);
  EXPECT_TRUE(one.store->driver().is_shared());
}

}  // namespace
}  // namespace claviger::test
