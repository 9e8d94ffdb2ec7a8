// Which databases are opened: ours, of this release or an earlier one, on a server that keeps what
// it acknowledges; and what several nodes do to one of them at the same time.
#include <atomic>
#include <fstream>
#include <thread>

#include "tests/support/store_fixture.hpp"

namespace claviger::test {
namespace {

class PostgresOpen : public testing::Test {
 protected:
  std::unique_ptr<store::sql::Driver> open(const std::string& more_options = "") {
    store::PostgresOptions options;
    options.url = schema.url() + more_options;
    return store::open_postgres(options, log);
  }
  std::string refusal(const std::string& more_options = "") {
    try {
      open(more_options);
    } catch (const std::runtime_error& error) {
      return error.what();
    }
    return "opened";
  }
  void run(const std::string& script) { PostgresSession(schema.url()).run(script); }

  PostgresSchema schema;
  KeptLog log;
};

// It would answer "written" while only its memory has it.
TEST_F(PostgresOpen, I2_a_server_that_does_not_wait_for_its_disk_is_refused) {
  for (const std::string value : {"off", "local", "remote_write"}) {
    EXPECT_EQ(refusal("%20-csynchronous_commit%3D" + value),
              "PostgreSQL: synchronous_commit is " + value +
                  " on the server: what it acknowledges could be lost; set it to on");
  }
  EXPECT_EQ(refusal("%20-csynchronous_commit%3Dremote_apply"), "opened");
}

TEST_F(PostgresOpen, tables_of_another_program_are_left_alone) {
  run("CREATE TABLE orders (id bigint)");
  EXPECT_EQ(refusal(),
            "the database that [store] url names is another program's; give Claviger one of its "
            "own");
  run("SELECT id FROM orders");
}

TEST_F(PostgresOpen, T_39_a_newer_schema_that_took_something_away_is_refused) {
  open().reset();
  run("UPDATE claviger_schema SET version = version + 1;"
      "UPDATE store SET compatible_from = (SELECT version FROM claviger_schema)");
  EXPECT_TRUE(refusal().starts_with("the database was written by a newer release of Claviger"));
  run("ALTER TABLE store RENAME COLUMN compatible_from TO elsewhere");
  EXPECT_TRUE(refusal().starts_with("the database was written by a newer release of Claviger"));
}

// T-39: a node of this release stands beside newer ones, as it must while they are exchanged.
TEST_F(PostgresOpen, T_39_a_newer_schema_that_only_added_is_used) {
  ScriptedRandom random;
  open().reset();
  EXPECT_TRUE(log.entries().empty());
  run("UPDATE store SET compatible_from = (SELECT version FROM claviger_schema);"
      "UPDATE claviger_schema SET version = version + 1;"
      "ALTER TABLE clients ADD COLUMN later text");
  store::Store store(open(), random);
  run_task(store.clients.add(a_client("bank")));
  EXPECT_TRUE(run_task(store.clients.find("bank")));
  ASSERT_EQ(log.entries().size(), 1u);
  EXPECT_EQ(log.entries()[0].event, "store.newer_schema");
  const auto state = store::postgres::look_at_schema(schema.url());
  EXPECT_EQ(state.found, state.newest + 1);
  EXPECT_EQ(state.compatible_from, state.newest);
  EXPECT_TRUE(state.usable());
}

TEST_F(PostgresOpen, a_server_that_is_not_there_is_said_to_be_unavailable) {
  store::PostgresOptions options;
  options.url = "postgresql:///claviger?host=/nowhere";
  EXPECT_THROW(store::open_postgres(options, log), store::Unavailable);
}

// T-37: what an earlier release wrote is brought up to date with its rows.
TEST_F(PostgresOpen, T_37_an_earlier_schema_is_brought_up_to_date) {
  std::ifstream file(std::string(CLAVIGER_SOURCE_DIR) +
                     "/src/store/migrations/postgres/0001_first.sql");
  const std::string first((std::istreambuf_iterator<char>(file)), {});
  run(first +
      "CREATE TABLE claviger_schema (one bigint PRIMARY KEY, version bigint NOT NULL);"
      "INSERT INTO claviger_schema VALUES (1, 1);"
      "INSERT INTO users (sub, username, username_key, email, firstname, lastname, phone, "
      "password_hash, disabled, epoch, created_at) VALUES "
      "('s', 'ada', 'ada', '', '', '', '', 'x', 0, 3, 77)");
  ScriptedRandom random;
  store::Store store(open(), random);
  const auto user = run_task(store.users.find("s"));
  ASSERT_TRUE(user);
  EXPECT_EQ(user->epoch, 3);
  EXPECT_EQ(to_micros(user->updated_at), 77);
}

TEST_F(PostgresOpen, nodes_that_start_together_migrate_once) {
  std::vector<std::thread> threads;
  std::atomic<int> opened = 0;
  for (int i = 0; i < 6; ++i) {
    threads.emplace_back([&] {
      if (open()) ++opened;
    });
  }
  for (auto& thread : threads) thread.join();
  EXPECT_EQ(opened, 6);
}

// ---- two nodes

class TwoNodes : public testing::Test {
 protected:
  void SetUp() override {
    for (auto& node : nodes) node = std::make_unique<store::Store>(database.open(log), random);
  }
  // 64 at once, over both nodes and four threads: how many won.
  int winners(const std::function<Task<bool>(store::Store&)>& call) {
    constexpr std::size_t kThreads = 4;
    std::vector<std::unique_ptr<boost::asio::io_context>> contexts;
    for (std::size_t i = 0; i < kThreads; ++i) {
      contexts.push_back(std::make_unique<boost::asio::io_context>(1));
    }
    std::atomic<int> won = 0;
    for (std::size_t i = 0; i < 64; ++i) {
      boost::asio::co_spawn(contexts[i % kThreads]->get_executor(), call(*nodes[(i / 4) % 2]),
                            [&won](std::exception_ptr error, bool winner) {
                              EXPECT_FALSE(error);
                              if (winner) ++won;
                            });
    }
    std::vector<std::thread> threads;
    for (auto& context : contexts) threads.emplace_back([&context] { context->run(); });
    for (auto& thread : threads) thread.join();
    return won;
  }
  std::int64_t count(std::string_view query) {
    return run_task(nodes[0]->driver().read({query, {}})).at(0).integer(0);
  }

  static constexpr int kRounds = kUnderThreadSanitizer ? 20 : 100;
  PostgresDatabase database;
  KeptLog log;
  ScriptedRandom random;
  std::array<std::unique_ptr<store::Store>, 2> nodes;
};

TEST_F(TwoNodes, T_19_one_redemption_of_a_code) {
  for (int round = 1; round <= kRounds; ++round) {
    const Code code = a_code(random);
    run_task(nodes[0]->codes.issue(an_answer(code)));
    const int won = winners([&](store::Store& node) -> Task<bool> {
      auto plan = a_redeem_plan(random, code);
      const auto redemption = co_await node.codes.redeem(std::move(plan));
      co_return std::holds_alternative<store::Codes::Redeemed>(redemption);
    });
    ASSERT_EQ(won, 1) << "round " << round;
    ASSERT_EQ(count("SELECT count(*) FROM grants"), round);
    ASSERT_EQ(count("SELECT count(*) FROM refresh_families"), round);
  }
}

TEST_F(TwoNodes, T_19_one_use_of_a_jti) {
  for (int round = 1; round <= kRounds; ++round) {
    Digest key{};
    random.fill(key);
    const int won = winners([&](store::Store& node) -> Task<bool> {
      const auto remembered = co_await node.replays.remember(key, kNow + hours(1), kNow);
      const bool first = remembered == store::Replays::Remembered::first;
      co_return first;
    });
    ASSERT_EQ(won, 1) << "round " << round;
  }
}

// One email address, two users: the loser is told so, not that something broke.
TEST_F(TwoNodes, one_user_gets_an_email_address) {
  for (const char* name : {"alice", "bob"}) {
    auto user = a_user(name, name);
    run_task(nodes[0]->users.add(user, name, user.email));
  }
  for (int round = 1; round <= kRounds / 4; ++round) {
    const auto email = "round-" + std::to_string(round) + "@example.com";
    std::atomic<int> turn = 0;
    std::atomic<int> taken = 0;
    winners([&](store::Store& node) -> Task<bool> {
      const char* const name = turn++ % 2 == 0 ? "alice" : "bob";
      auto user = a_user(name, name);
      user.email = email;
      const auto changed = co_await node.users.set_claims(std::move(user), email, kNow);
      if (changed == store::Users::Changed::taken) ++taken;
      co_return changed == store::Users::Changed::changed;
    });
    ASSERT_EQ(taken, 32);
    ASSERT_TRUE(run_task(nodes[0]->users.find_by_login("", email)));
  }
}

// A key that two nodes replace at the same time has one successor.
TEST_F(TwoNodes, T_35_one_rotation_of_a_key) {
  ServerKey first;
  first.kid = "k0";
  first.purpose = KeyPurpose::signing;
  first.alg = "ES256";
  first.sealed = {1};
  first.created_at = kNow;
  std::vector<ServerKey> keys{first};
  run_task(nodes[0]->server_keys.rotate(keys, kNow));
  std::string newest = "k0";
  for (int round = 1; round <= kRounds / 4; ++round) {
    std::atomic<int> next = 0;
    std::mutex mutex;
    std::string winner;
    const int won = winners([&](store::Store& node) -> Task<bool> {
      ServerKey key = first;
      key.kid = "k" + std::to_string(round) + "-" + std::to_string(next++);
      const std::string kid = key.kid;
      const bool mine = co_await node.server_keys.replace(newest, std::move(key), kNow + hours(1));
      const std::lock_guard lock(mutex);
      if (mine) winner = kid;
      co_return mine;
    });
    ASSERT_EQ(won, 1) << "round " << round;
    ASSERT_EQ(count("SELECT count(*) FROM server_keys WHERE retires_at = 0"), 1);
    newest = winner;
  }
}

}  // namespace
}  // namespace claviger::test
