// T-01: the server is killed at random moments under load, again and again, and nothing that it
// acknowledged is lost (I1, I2). RT-03: nor does a restart bring an old refresh token back.
#include <fmt/format.h>

#include <algorithm>
#include <random>
#include <thread>

#include "tests/chaos/chaos_test.hpp"
#include "tests/chaos/journal.hpp"

namespace claviger::test {
namespace {

class T01KillLoop : public Chaos {
 protected:
  const std::uint64_t seed = chaos_seed();
  const std::uint64_t cycles = number_from("CLAVIGER_CHAOS_CYCLES", short_or_long(30, 1000));
  const std::uint64_t client_count = number_from("CLAVIGER_CHAOS_CLIENTS", short_or_long(8, 32));
  std::mt19937_64 random{seed};
  std::vector<std::unique_ptr<JournalledClient>> clients;
  std::vector<Milliseconds> restarts;

  void SetUp() override {
    home.environment["CLAVIGER_TOKENS__ACCESS_TOKEN_TTL"] = "1d";
    home.environment["CLAVIGER_TOKENS__REFRESH_RETRY_GRACE"] = "1m";
    home.environment["CLAVIGER_SESSION__IDLE"] = "9h";
  }
  Milliseconds between(unsigned least, unsigned most) {
    return Milliseconds(least + random() % (most - least + 1));
  }
  template <class Work>
  void all_clients(Work work) {
    std::vector<std::jthread> threads;
    for (auto& client : clients) {
      threads.emplace_back([&work, one = client.get()] { work(*one); });
    }
  }
  // Now and then a server dies before it is ready: recovery itself is interrupted.
  std::unique_ptr<ServerProcess> restart() {
    while (random() % 4 == 0) {
      ServerProcess short_lived(home);
      std::this_thread::sleep_for(between(1, 60));
      short_lived.kill();
    }
    auto server = std::make_unique<ServerProcess>(home);
    if (!server->wait_until_ready()) return nullptr;
    restarts.push_back(server->time_to_ready());
    return server;
  }
  void load_and_kill(ServerProcess& server) {
    std::atomic<bool> stop = false;
    const auto moment = between(5, 800);
    std::vector<std::jthread> threads;
    for (auto& client : clients) {
      threads.emplace_back([&stop, one = client.get()] { one->load(stop); });
    }
    std::this_thread::sleep_for(moment);
    stop = true;
    server.kill();
  }
  // Looked at once and then forgotten: a long run writes gigabytes.
  void check_log() {
    for (auto& client : clients) learn(client->visitor());
    look_into_log();
    EXPECT_EQ(home.log().find("http.failed"), std::string::npos);
    std::filesystem::resize_file(home.log_path(), 0);
  }
  Tally report() {
    Tally total;
    for (auto& client : clients) total.add(client->tally());
    std::ranges::sort(restarts);
    test::report(fmt::format(
        "T-01 seed={} cycles={} clients={} acknowledged={} unknown={} shed={} violations={} "
        "restart_ms_min={} restart_ms_median={} restart_ms_max={}",
        seed, cycles, client_count, total.acknowledged, total.unknown, total.shed,
        total.violations.size(), restarts.front().count(), restarts[restarts.size() / 2].count(),
        restarts.back().count()));
    return total;
  }
};

TEST_F(T01KillLoop, RT_03_nothing_acknowledged_is_lost) {
  auto server = std::make_unique<ServerProcess>(home);
  ASSERT_TRUE(server->wait_until_ready()) << home.log();
  for (std::uint64_t i = 0; i < client_count; ++i) {
    clients.push_back(std::make_unique<JournalledClient>(home.port, std::to_string(i), random()));
    ASSERT_TRUE(clients.back()->enrol()) << clients.back()->visitor().trouble;
  }
  // The scan is proven first, by a text that stands in every log.
  Canary control;
  control.learn({home.issuer()});
  ASSERT_GT(control.count_in(home.log()), 0u);
  for (std::uint64_t cycle = 0; cycle < cycles; ++cycle) {
    load_and_kill(*server);
    check_log();
    server = restart();
    ASSERT_TRUE(server) << "seed " << seed << " cycle " << cycle << "\n" << home.log();
    all_clients([](JournalledClient& client) { client.check(); });
    for (const auto& client : clients) {
      ASSERT_TRUE(client->tally().violations.empty())
          << "seed " << seed << " cycle " << cycle << ": " << client->tally().violations.front();
    }
  }
  const auto total = report();
  EXPECT_GT(total.acknowledged, cycles * client_count);
  for (auto& client : clients) learn(client->visitor());
}

}  // namespace
}  // namespace claviger::test
