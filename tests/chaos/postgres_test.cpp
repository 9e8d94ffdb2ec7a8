// A node on PostgreSQL while the database crashes under load (T-13) and while the node itself is
// killed (T-02): nothing that was acknowledged is lost (I1, I2), and service comes back by itself
// (I5).
#include <fmt/format.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <random>
#include <thread>

#include "tests/chaos/chaos_test.hpp"
#include "tests/chaos/journal.hpp"
#include "tests/chaos/postgres_server.hpp"

namespace claviger::test {
namespace {

class PostgresChaos : public Chaos {
 protected:
  const std::uint64_t seed = number_from("CLAVIGER_CHAOS_SEED", std::random_device()());
  const std::uint64_t cycles = number_from("CLAVIGER_CHAOS_CYCLES", 10);
  const std::uint64_t client_count = number_from("CLAVIGER_CHAOS_CLIENTS", 4);
  std::mt19937_64 random{seed};
  std::vector<std::unique_ptr<JournalledClient>> clients;
  PostgresServer database;

  void SetUp() override {
    home.environment["CLAVIGER_STORE__URL"] = database.url();
    home.environment["CLAVIGER_TOKENS__ACCESS_TOKEN_TTL"] = "1d";
    home.environment["CLAVIGER_TOKENS__REFRESH_RETRY_GRACE"] = "1m";
    home.environment["CLAVIGER_SESSION__IDLE"] = "9h";
  }
  void enrol() {
    for (std::uint64_t i = 0; i < client_count; ++i) {
      clients.push_back(std::make_unique<JournalledClient>(home.port, std::to_string(i), random()));
      ASSERT_TRUE(clients.back()->enrol()) << clients.back()->visitor().trouble;
    }
  }
  // Something happens in the middle of what all clients do.
  template <class Event>
  void load(Event event) {
    std::atomic<bool> stop = false;
    std::vector<std::jthread> threads;
    for (auto& client : clients) {
      threads.emplace_back([&stop, one = client.get()] { one->load_until(stop); });
    }
    std::this_thread::sleep_for(Milliseconds(5 + random() % 400));
    event();
    stop = true;
  }
  bool is_ready_again() {
    const auto give_up = std::chrono::steady_clock::now() + kGenerous;
    while (std::chrono::steady_clock::now() < give_up) {
      HttpClient client(home.port);
      if (status_of(client.ask({.target = "/readyz"})) == 200) return true;
      std::this_thread::sleep_for(Milliseconds(2));
    }
    return false;
  }
  void check(std::uint64_t cycle) {
    {
      std::vector<std::jthread> threads;
      for (auto& client : clients) threads.emplace_back([one = client.get()] { one->check(); });
    }
    for (const auto& client : clients) {
      ASSERT_TRUE(client->tally().violations.empty())
          << "seed " << seed << " cycle " << cycle << ": " << client->tally().violations.front();
    }
    for (auto& client : clients) learn(client->visitor());
    look_into_log();
    EXPECT_EQ(home.log().find("http.failed"), std::string::npos) << "a 500";
    std::filesystem::resize_file(home.log_path(), 0);
  }
  void report(const char* test) {
    Tally total;
    for (auto& client : clients) total.add(client->tally());
    const auto line = fmt::format(
        "{} seed={} cycles={} clients={} acknowledged={} unknown={} shed={} violations={}", test,
        seed, cycles, client_count, total.acknowledged, total.unknown, total.shed,
        total.violations.size());
    std::printf("%s\n", line.c_str());
    RecordProperty("report", line);
    EXPECT_GT(total.acknowledged, cycles * client_count);
  }
};

TEST_F(PostgresChaos, T_13_a_database_that_crashes_loses_nothing) {
  ServerProcess server(home);
  ASSERT_TRUE(server.wait_until_ready()) << home.log();
  enrol();
  std::vector<Milliseconds> recoveries;
  for (std::uint64_t cycle = 0; cycle < cycles; ++cycle) {
    load([&] { database.crash(); });
    // Without a database it answers all the same: that it can't.
    HttpClient client(home.port);
    EXPECT_EQ(status_of(client.ask({.target = "/livez"})), 200u);
    EXPECT_EQ(status_of(client.ask({.target = "/readyz"})), 503u);
    database.start();
    const auto begun = std::chrono::steady_clock::now();
    ASSERT_TRUE(is_ready_again()) << home.log();
    recoveries.push_back(
        std::chrono::duration_cast<Milliseconds>(std::chrono::steady_clock::now() - begun));
    check(cycle);
    if (HasFatalFailure()) return;
  }
  std::ranges::sort(recoveries);
  std::printf("ready again after: median %lld ms, longest %lld ms\n",
              static_cast<long long>(recoveries[recoveries.size() / 2].count()),
              static_cast<long long>(recoveries.back().count()));
  report("T-13");
}

TEST_F(PostgresChaos, T_02_a_node_that_is_killed_loses_nothing) {
  auto server = std::make_unique<ServerProcess>(home);
  ASSERT_TRUE(server->wait_until_ready()) << home.log();
  enrol();
  for (std::uint64_t cycle = 0; cycle < cycles; ++cycle) {
    load([&] { server->kill(); });
    server = std::make_unique<ServerProcess>(home);
    ASSERT_TRUE(server->wait_until_ready()) << home.log();
    check(cycle);
    if (HasFatalFailure()) return;
  }
  report("T-02 (one node)");
}

// SQ-04 where several nodes share a database: a second one needs the first one's master key.
TEST_F(PostgresChaos, SQ_04_a_node_without_the_master_key) {
  ServerProcess first(home);
  ASSERT_TRUE(first.wait_until_ready()) << home.log();
  ServerHome other;
  other.environment["CLAVIGER_STORE__URL"] = database.url();
  ServerProcess second(other);
  EXPECT_EQ(second.wait(), (Ending{.code = 78}));
  EXPECT_NE(other.log().find("master key is missing"), std::string::npos) << other.log();
  EXPECT_FALSE(std::filesystem::exists(other.data() + "/master.key"));
}

// A supervisor tries again after 69, and not after 78.
TEST_F(PostgresChaos, a_database_that_is_away_at_the_start) {
  database.crash();
  ServerProcess server(home);
  EXPECT_EQ(server.wait(), (Ending{.code = 69}));
  EXPECT_NE(home.log().find("PostgreSQL: "), std::string::npos) << home.log();
  database.start();
}

}  // namespace
}  // namespace claviger::test
