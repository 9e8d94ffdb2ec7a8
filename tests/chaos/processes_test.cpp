// One server for one folder, and what it says when it can't start (T-11).
#include <fcntl.h>
#include <fmt/format.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include <csignal>
#include <fstream>

#include "tests/chaos/chaos_test.hpp"

namespace claviger::test {
namespace {

constexpr int kBusy = 75;           // EX_TEMPFAIL
constexpr int kNoPort = 69;         // EX_UNAVAILABLE
constexpr int kBrokenSetting = 78;  // EX_CONFIG

class Processes : public Chaos {};

// T-11: two servers on one folder would each think that they alone count refresh tokens.
class T11SecondServer : public Processes {};

TEST_F(T11SecondServer, on_the_same_folder) {
  ServerProcess first(home);
  ASSERT_TRUE(first.wait_until_ready()) << home.log();
  ServerHome other;
  other.keep_data_in(home.data());
  const auto times = short_or_long(2, 50);
  Milliseconds longest{};
  for (std::uint64_t time = 0; time < times; ++time) {
    const auto begun = std::chrono::steady_clock::now();
    ServerProcess second(other);
    EXPECT_EQ(second.wait(), (Ending{.code = kBusy}));
    const auto took = std::chrono::steady_clock::now() - begun;
    longest = std::max(longest, std::chrono::duration_cast<Milliseconds>(took));
  }
  EXPECT_NE(other.log().find(std::to_string(first.pid())), std::string::npos) << other.log();
  HttpClient client(home.port);
  EXPECT_EQ(status_of(client.ask({.target = "/readyz"})), 200u);
  report(fmt::format("T-11 operations={} violations={} refused_ms_max={}", times,
                     violations_so_far(), longest.count()));
}

TEST_F(T11SecondServer, lock_dies_with_its_holder) {
  ServerProcess first(home);
  ASSERT_TRUE(first.wait_until_ready()) << home.log();
  first.kill();
  ServerProcess second(home);
  EXPECT_TRUE(second.wait_until_ready()) << home.log();
}

TEST_F(Processes, port_in_use) {
  ServerProcess first(home);
  ASSERT_TRUE(first.wait_until_ready()) << home.log();
  ServerHome other;
  other.environment["CLAVIGER_SERVER__LISTEN"] = "127.0.0.1:" + std::to_string(home.port);
  ServerProcess second(other);
  EXPECT_EQ(second.wait(), (Ending{.code = kNoPort}));
  EXPECT_NE(other.log().find("127.0.0.1:" + std::to_string(home.port)), std::string::npos);
  EXPECT_NE(other.log().find("in use"), std::string::npos) << other.log();
}

// Two servers on one machine would otherwise need a setting for what nobody asked them for.
TEST_F(Processes, metrics_port_in_use) {
  const int held = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  address.sin_port = htons(2004);
  // Ours, or somebody else has it already.
  const bool ours = ::bind(held, reinterpret_cast<sockaddr*>(&address), sizeof(address)) == 0;
  ASSERT_TRUE(!ours || ::listen(held, 1) == 0);
  ServerProcess by_default(home);
  ASSERT_TRUE(by_default.wait_until_ready()) << home.log();
  EXPECT_NE(home.log().find("metrics.not_served"), std::string::npos);
  ServerHome other;
  other.environment["CLAVIGER_METRICS__LISTEN"] = "127.0.0.1:2004";
  ServerProcess as_set(other);
  EXPECT_EQ(as_set.wait(), (Ending{.code = kNoPort}));
  EXPECT_NE(other.log().find("127.0.0.1:2004"), std::string::npos) << other.log();
  ::close(held);
}

// SQ-04: without its key the database can't be read, and a new key would make that final.
TEST_F(Processes, SQ_04_missing_master_key) {
  ServerProcess first(home);
  ASSERT_TRUE(first.wait_until_ready()) << home.log();
  first.send(SIGTERM);
  ASSERT_EQ(first.wait(), (Ending{.code = 0}));
  const auto key = home.data() + "/master.key";
  ASSERT_EQ(::unlink(key.c_str()), 0);
  ServerProcess second(home);
  EXPECT_EQ(second.wait(), (Ending{.code = kBrokenSetting}));
  EXPECT_NE(home.log().find(key + ": "), std::string::npos) << home.log();
  EXPECT_NE(::access(key.c_str(), F_OK), 0) << "a new key was made";
}

TEST_F(Processes, SQ_04_master_key_of_another_server) {
  ServerProcess first(home);
  ASSERT_TRUE(first.wait_until_ready()) << home.log();
  first.kill();
  const auto key = home.data() + "/master.key";
  std::ofstream(key, std::ios::binary) << std::string(32, 'x');
  ServerProcess second(home);
  EXPECT_EQ(second.wait(), (Ending{.code = kBrokenSetting}));
  EXPECT_NE(home.log().find("master"), std::string::npos) << home.log();
}

// I9: whoever guesses passwords does not get new tries from a crash.
TEST_F(Processes, I9_throttle_survives_a_kill) {
  auto server = std::make_unique<ServerProcess>(home);
  ASSERT_TRUE(server->wait_until_ready()) << home.log();
  Visitor visitor(home.port, "guesser");
  ASSERT_TRUE(visitor.enrol()) << visitor.trouble;
  constexpr unsigned kWait = 429;
  unsigned status = 0;
  for (int tries = 0; tries < 20 && status != kWait; ++tries) {
    status = status_of(visitor.log_in("wrong-password-" + std::to_string(tries)));
    ASSERT_TRUE(status == 422 || status == kWait) << status;
  }
  ASSERT_EQ(status, kWait);
  server->kill();
  server = std::make_unique<ServerProcess>(home);
  ASSERT_TRUE(server->wait_until_ready()) << home.log();
  visitor.reconnect();
  // The first wait is a second and may be over: then the next failure, not the next five, waits.
  status = status_of(visitor.log_in("wrong-password-again"));
  if (status != kWait) status = status_of(visitor.log_in("wrong-password-at-last"));
  EXPECT_EQ(status, kWait);
  learn(visitor);
}

}  // namespace
}  // namespace claviger::test
