// T-26: no file descriptor is left. Whoever is connected is served, newcomers are told, accepting
// pauses instead of spinning, and it is over as soon as there are descriptors again.
#include <fmt/format.h>
#include <sys/resource.h>
#include <unistd.h>

#include <deque>
#include <sstream>
#include <thread>

#include "tests/chaos/chaos_test.hpp"

namespace claviger::test {
namespace {

constexpr rlim_t kFew = 256;

class T26FdExhaustion : public Chaos {
 protected:
  void SetUp() override {
    rlimit own{};
    ASSERT_EQ(::getrlimit(RLIMIT_NOFILE, &own), 0);
    own.rlim_cur = own.rlim_max;
    ASSERT_EQ(::setrlimit(RLIMIT_NOFILE, &own), 0);
    home.environment["CLAVIGER_METRICS__LISTEN"] = "127.0.0.1:" + std::to_string(metrics_port);
    server.emplace(home);
  }
  // As `ulimit -n` does, before the server counts what it has.
  void limit(rlim_t soft, rlim_t hard) {
    const rlimit files{soft, hard};
    ASSERT_EQ(::prlimit(server->pid(), RLIMIT_NOFILE, &files, nullptr), 0);
  }
  double cpu_seconds() const {
    std::ifstream file(fmt::format("/proc/{}/stat", server->pid()));
    std::string text((std::istreambuf_iterator<char>(file)), {});
    std::istringstream fields(text.substr(text.rfind(')') + 2));
    std::string skipped;
    for (int i = 0; i < 11; ++i) fields >> skipped;
    double user = 0;
    double system = 0;
    fields >> user >> system;
    return (user + system) / static_cast<double>(::sysconf(_SC_CLK_TCK));
  }
  // Half a request from each: none of them is idle, so that none is closed to make room.
  void flood(std::size_t count) {
    for (std::size_t i = 0; i < count; ++i) {
      auto& client = crowd.emplace_back(home.port);
      if (client.connect()) client.write("GET /jwks HTTP/1.1\r\nHost: local");
    }
  }
  // How much of one processor the server used while it stood like this.
  double busy_for(Milliseconds time) {
    const auto began = std::chrono::steady_clock::now();
    const double before = cpu_seconds();
    std::this_thread::sleep_for(time);
    const std::chrono::duration<double> took = std::chrono::steady_clock::now() - began;
    return (cpu_seconds() - before) / took.count();
  }
  double metric(const std::string& name) {
    HttpClient client(metrics_port);
    const auto answer = client.ask({.target = "/metrics"});
    const auto at = answer ? answer->body.find("\n" + name + " ") : std::string::npos;
    if (at == std::string::npos) return -1;
    return std::stod(answer->body.substr(at + name.size() + 2));
  }
  bool takes_newcomers() {
    HttpClient client(home.port);
    return status_of(client.ask({.target = "/jwks"})) == 200;
  }
  void expect_recovery() {
    crowd.clear();
    const auto give_up = std::chrono::steady_clock::now() + kGenerous;
    while (!takes_newcomers()) ASSERT_LT(std::chrono::steady_clock::now(), give_up);
  }
  void report_on(const char* what, double busy) {
    // Only a machine that does nothing else can tell.
    if (is_long_form()) EXPECT_LT(busy, 0.5);
    report(fmt::format("T-26 exhausted={} violations={} served={} cpu={:.2f}", what,
                       violations_so_far(), served, busy));
  }

  const std::uint16_t metrics_port = free_port();
  const Milliseconds pause{short_or_long(500, 5000)};
  std::optional<ServerProcess> server;
  std::deque<HttpClient> crowd;
  std::size_t served = 0;
};

// The limit is known at the start: the server keeps some descriptors for itself.
TEST_F(T26FdExhaustion, by_a_flood_under_a_small_limit) {
  ASSERT_NO_FATAL_FAILURE(limit(kFew, kFew));
  ASSERT_TRUE(server->wait_until_ready()) << home.log();
  Visitor visitor(home.port, "known");
  ASSERT_TRUE(visitor.enrol()) << visitor.trouble;
  flood(2 * kFew);
  HttpClient newcomer(home.port);
  ASSERT_TRUE(newcomer.connect());
  EXPECT_EQ(status_of(newcomer.read()), 503u);
  for (int i = 0; i < 20; ++i) {
    IssuedCode issued;
    ASSERT_TRUE(visitor.authorize(issued)) << "round " << i;
    const auto answer = visitor.redeem(issued);
    ASSERT_EQ(status_of(answer), 200u) << "round " << i;
    visitor.remember_secrets_of(*answer);
    ++served;
  }
  const double busy = busy_for(pause);
  EXPECT_GT(metric("claviger_http_connections_turned_away_total"), 0);
  ASSERT_NO_FATAL_FAILURE(expect_recovery());
  learn(visitor);
  report_on("by_connections", busy);
}

// Something else in the process took the last one: then accepting itself fails.
TEST_F(T26FdExhaustion, so_that_nothing_can_be_accepted) {
  ASSERT_TRUE(server->wait_until_ready()) << home.log();
  HttpClient known(home.port);
  HttpClient metrics(metrics_port);
  ASSERT_EQ(status_of(known.ask({.target = "/readyz"})), 200u);
  ASSERT_EQ(status_of(metrics.ask({.target = "/metrics"})), 200u);
  rlimit before{};
  ASSERT_EQ(::prlimit(server->pid(), RLIMIT_NOFILE, nullptr, &before), 0);
  // The descriptors that are open stay so; the next one would be above the limit.
  ASSERT_NO_FATAL_FAILURE(limit(8, before.rlim_max));
  flood(40);
  for (int i = 0; i < 20; ++i) {
    ASSERT_EQ(status_of(known.ask({.target = "/jwks"})), 200u) << "round " << i;
    ++served;
  }
  const double busy = busy_for(pause);
  const auto answer = metrics.ask({.target = "/metrics"});
  ASSERT_TRUE(answer);
  EXPECT_EQ(answer->body.find("\nclaviger_http_accept_failures_total 0\n"), std::string::npos);
  ASSERT_NO_FATAL_FAILURE(limit(before.rlim_cur, before.rlim_max));
  ASSERT_NO_FATAL_FAILURE(expect_recovery());
  report_on("by_others", busy);
}

}  // namespace
}  // namespace claviger::test
