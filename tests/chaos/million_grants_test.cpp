// T-41: how long a server with many grants takes until it is ready, after a clean stop and after it
// was killed with a full log, and how much memory it needs. A start looks at the head of the file
// and moves what is in the log; neither grows with what was granted.
#include <fmt/format.h>

#include <algorithm>
#include <csignal>
#include <fstream>
#include <thread>

#include "tests/chaos/chaos_test.hpp"
#include "tests/chaos/many_grants.hpp"
#include "tests/chaos/postgres_server.hpp"

namespace claviger::test {
namespace {

struct Start {
  Milliseconds ready{};
  long resident_mib = 0;  // once it was ready and has answered
};

class T41ManyGrants : public Chaos {
 protected:
  const std::uint64_t grants =
      number_from("CLAVIGER_CHAOS_GRANTS", short_or_long(20'000, 1'000'000));
  static constexpr int kStarts = 3;

  long resident_mib(const char* which) const {
    std::ifstream file(fmt::format("/proc/{}/status", server->pid()));
    for (std::string line; std::getline(file, line);) {
      if (line.starts_with(which)) {
        return std::strtol(line.substr(line.find(':') + 1).c_str(), nullptr, 10) / 1024;
      }
    }
    return 0;
  }
  void start() {
    server = std::make_unique<ServerProcess>(home);
    ASSERT_TRUE(server->wait_until_ready()) << home.log();
    visitor.reconnect();
  }
  void stop(int signal) {
    server->send(signal);
    server->wait();
  }
  Start measured() {
    start();
    Start one;
    one.ready = server->time_to_ready();
    expect_it_works();
    one.resident_mib = resident_mib("VmRSS");
    return one;
  }
  // Who was there before all of them still is.
  void expect_it_works() {
    EXPECT_EQ(status_of(visitor.api(tokens.member("access_token"))), 200u);
    const auto next = visitor.refresh(tokens.member("refresh_token"));
    EXPECT_EQ(status_of(next), 200u);
    if (next && next->status == 200) tokens = *next;
    IssuedCode issued;
    visitor.authorize(issued);
    EXPECT_EQ(status_of(visitor.redeem(issued)), 200u);
  }
  void first_start() {
    home.environment["CLAVIGER_TOKENS__ACCESS_TOKEN_TTL"] = "1d";
    start();
    ASSERT_TRUE(visitor.enrol()) << visitor.trouble;
    IssuedCode issued;
    visitor.authorize(issued);
    tokens = visitor.redeem(issued).value_or(Answer{});
    ASSERT_EQ(tokens.status, 200u);
  }
  // All of the file is read behind the back of whoever is served; what that takes and needs.
  std::string look_of_the_background() {
    std::filesystem::resize_file(home.log_path(), 0);
    start();
    const auto begun = std::chrono::steady_clock::now();
    const auto give_up = begun + kGenerous;
    while (home.log().find("store.checked") == std::string::npos) {
      expect_it_works();
      if (std::chrono::steady_clock::now() < give_up && !HasFailure()) continue;
      ADD_FAILURE() << "nobody looked at the database";
      break;
    }
    const auto took = std::chrono::steady_clock::now() - begun;
    return fmt::format("checked_ms={} peak_mib={}",
                       std::chrono::duration_cast<Milliseconds>(took).count(),
                       resident_mib("VmHWM"));
  }
  static std::string described(const char* name, std::vector<Start> starts) {
    std::ranges::sort(starts, {}, &Start::ready);
    return fmt::format("{}_ready_ms={}/{}/{} {}_resident_mib={}", name,
                       starts.front().ready.count(), starts[starts.size() / 2].ready.count(),
                       starts.back().ready.count(), name, starts.back().resident_mib);
  }

  std::unique_ptr<ServerProcess> server;
  Visitor visitor{home.port, "first"};
  Answer tokens;
};

TEST_F(T41ManyGrants, ready_on_sqlite) {
  ASSERT_NO_FATAL_FAILURE(first_start());
  stop(SIGTERM);
  ManyGrants(home.database(), false).add(0, grants);
  const auto mib = std::filesystem::file_size(home.database()) >> 20;
  std::vector<Start> clean;
  std::vector<Start> killed;
  std::uint64_t more = grants;
  for (int i = 0; i < kStarts && !HasFatalFailure(); ++i) {
    clean.push_back(measured());
    // A log as long as one gets before it is moved, and nobody left who could.
    server->kill();
    ManyGrants(home.database(), true).add(std::exchange(more, more + 14'000), 14'000);
    killed.push_back(measured());
    stop(SIGTERM);
  }
  const auto look = look_of_the_background();
  report(fmt::format(
      "T-41 engine=sqlite grants={} database_mib={} {} {} {} operations={} violations={}", grants,
      mib, described("clean", clean), described("killed", killed), look, 6 * kStarts,
      violations_so_far()));
  learn(visitor);
}

// Takes longer to fill than to ask: not for every day.
TEST_F(T41ManyGrants, ready_on_postgres) {
  if (!is_long_form()) return;
  PostgresServer database;
  home.environment["CLAVIGER_STORE__URL"] = database.url();
  ASSERT_NO_FATAL_FAILURE(first_start());
  stop(SIGTERM);
  database.query(many_grants_in_postgres(0, grants));
  std::vector<Start> clean;
  std::vector<Start> killed;
  for (int i = 0; i < kStarts && !HasFatalFailure(); ++i) {
    clean.push_back(measured());
    server->kill();
    killed.push_back(measured());
    stop(SIGTERM);
  }
  report(fmt::format("T-41 engine=postgres grants={} {} {} operations={} violations={}", grants,
                     described("clean", clean), described("killed", killed), 6 * kStarts,
                     violations_so_far()));
  learn(visitor);
}

}  // namespace
}  // namespace claviger::test
