// Two nodes of one issuer on one PostgreSQL, and clients with journals that use both.
#pragma once
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <functional>
#include <random>
#include <sstream>
#include <thread>

#include "tests/chaos/chaos_test.hpp"
#include "tests/chaos/journal.hpp"
#include "tests/chaos/postgres_server.hpp"
#include "tests/support/postgres_database.hpp"

namespace claviger::test {

// A schema on the server of ./dev test; where there is none, a server.
class AnyPostgres {
 public:
  AnyPostgres() {
    if (postgres_url()) {
      schema_ = std::make_unique<PostgresSchema>();
    } else {
      server_ = std::make_unique<PostgresServer>();
    }
  }
  std::string url() const { return schema_ ? schema_->url() : server_->url(); }

 private:
  std::unique_ptr<PostgresSchema> schema_;
  std::unique_ptr<PostgresServer> server_;
};

// `Database`: AnyPostgres, or one that is itself put to the test.
template <class Database>
class TwoNodesOn : public Chaos {
 protected:
  static constexpr std::size_t kNodes = 2;

  const std::uint64_t seed = chaos_seed();
  std::mt19937_64 random{seed};
  Database database;
  ServerHome second_home;
  std::array<std::unique_ptr<ServerProcess>, kNodes> nodes;
  std::vector<std::unique_ptr<JournalledClient>> clients;
  std::vector<Milliseconds> restarts;

  void SetUp() override {
    home.environment["CLAVIGER_STORE__URL"] = database.url();
    home.environment["CLAVIGER_TOKENS__ACCESS_TOKEN_TTL"] = "1d";
    home.environment["CLAVIGER_TOKENS__REFRESH_RETRY_GRACE"] = "1m";
    home.environment["CLAVIGER_SESSION__IDLE"] = "9h";
  }
  void TearDown() override {
    for (auto& client : clients) learn(client->visitor());
    EXPECT_EQ(canary.count_in(second_home.log()), 0u) << "a secret is in the second node's log";
    Chaos::TearDown();
  }
  ServerHome& home_of(std::size_t node) { return node == 0 ? home : second_home; }
  void begin(std::size_t node) { nodes[node] = std::make_unique<ServerProcess>(home_of(node)); }
  void await(std::size_t node) {
    ASSERT_TRUE(nodes[node]->wait_until_ready()) << home_of(node).log();
    restarts.push_back(nodes[node]->time_to_ready());
  }
  void start(std::size_t node) {
    begin(node);
    await(node);
  }
  void start_both() {
    ASSERT_NO_FATAL_FAILURE(start(0));
    second_home.join(home);
    ASSERT_NO_FATAL_FAILURE(start(1));
    restarts.clear();
  }
  std::vector<std::uint16_t> ports() const { return {home.port, second_home.port}; }
  void enrol(std::uint64_t count, const std::vector<std::uint16_t>& at) {
    for (std::uint64_t i = 0; i < count; ++i) {
      clients.push_back(
          std::make_unique<JournalledClient>(home.issuer_port, at, std::to_string(i), random()));
      ASSERT_TRUE(clients.back()->enrol()) << clients.back()->visitor().trouble;
    }
  }
  void enrol(std::uint64_t count) { enrol(count, ports()); }
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
  // Something happens in the middle of what all clients do.
  template <class Event>
  void load(Event event) {
    std::atomic<bool> stop = false;
    std::vector<std::jthread> threads;
    for (auto& client : clients) {
      threads.emplace_back([&stop, one = client.get()] { one->load_until(stop); });
    }
    event();
    stop = true;
  }
  void all_ask(std::optional<std::size_t> node) {
    for (auto& client : clients) client->visitor().ask_only(node);
  }
  // Every client holds its journal against the nodes that it asks.
  void check(std::uint64_t cycle) {
    all_clients([](JournalledClient& client) {
      client.visitor().reconnect();
      client.check();
    });
    expect_no_violation(cycle);
  }
  void expect_no_violation(std::uint64_t cycle) {
    for (const auto& client : clients) {
      ASSERT_TRUE(client->tally().violations.empty())
          << "seed " << seed << " cycle " << cycle << ": " << client->tally().violations.front()
          << lines_about(*client);
    }
    for (auto& client : clients) learn(client->visitor());
    for (std::size_t node = 0; node < kNodes; ++node) look_into_log_of(home_of(node));
  }
  // What both nodes wrote of a client, the end of it.
  std::string lines_about(JournalledClient& client) {
    std::string lines;
    for (std::size_t node = 0; node < kNodes; ++node) {
      std::istringstream log(home_of(node).log());
      std::string about;
      for (std::string line; std::getline(log, line);) {
        const bool of_it = line.find('"' + client.visitor().client_id() + '"') != line.npos;
        if (of_it || line.find("\"error\"") != line.npos) about += line + '\n';
      }
      about = about.size() < 8000 ? about : about.substr(about.size() - 8000);
      lines += fmt::format("\nnode {}:\n{}", node, about);
    }
    return lines;
  }
  // Looked at once and then forgotten: a long run writes gigabytes.
  void look_into_log_of(const ServerHome& node) {
    const auto log = node.log();
    EXPECT_EQ(canary.count_in(log), 0u) << "a secret is in the log";
    EXPECT_EQ(log.find("http.failed"), std::string::npos) << "a 500: " << log.substr(0, 4000);
    std::filesystem::resize_file(node.log_path(), 0);
  }
  // Readiness may be what was seen a second ago, before the database went away: the request of a
  // stranger was kept by a writing connection, and found again by a reading one.
  bool serves(std::size_t node, const Visitor& known) {
    HttpClient client(home_of(node).port, home.issuer_port);
    const auto kept = client.ask({.target = known.authorize_target()});
    if (status_of(kept) != 303) return false;
    const auto page = status_of(client.ask({.target = kept->header("location")}));
    return page != 0 && page < 500;
  }
  // How long it took.
  Milliseconds wait_until_both_serve(const Visitor& known) {
    const auto begun = std::chrono::steady_clock::now();
    for (std::size_t node = 0; node < kNodes; ++node) {
      EXPECT_TRUE(comes_true([&] { return serves(node, known); })) << home_of(node).log();
    }
    return std::chrono::duration_cast<Milliseconds>(std::chrono::steady_clock::now() - begun);
  }
  bool comes_true(const std::function<bool()>& condition) {
    const auto give_up = std::chrono::steady_clock::now() + kGenerous;
    while (std::chrono::steady_clock::now() < give_up) {
      if (condition()) return true;
      std::this_thread::sleep_for(Milliseconds(2));
    }
    return false;
  }
  Tally total() const {
    Tally sum;
    for (const auto& client : clients) sum.add(client->tally());
    return sum;
  }
  // `id` is the row's; `more` further members of the line.
  void report_on(const std::string& id, std::uint64_t cycles, const std::string& more = {}) {
    const auto sum = total();
    report(fmt::format(
        "{} seed={} cycles={} nodes={} clients={} acknowledged={} unknown={} shed={} violations={}"
        "{}{}",
        id, seed, cycles, kNodes, clients.size(), sum.acknowledged, sum.unknown, sum.shed,
        sum.violations.size(), more.empty() ? "" : " ", more));
    EXPECT_GT(sum.acknowledged, cycles * clients.size());
  }
  static std::string spread_of(const std::string& name, std::vector<Milliseconds> times) {
    if (times.empty()) return {};
    std::ranges::sort(times);
    return fmt::format("{}_ms_median={} {}_ms_max={}", name, times[times.size() / 2].count(), name,
                       times.back().count());
  }
};

using TwoNodes = TwoNodesOn<AnyPostgres>;

}  // namespace claviger::test
