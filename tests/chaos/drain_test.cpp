// T-32: a server that is told to stop. Readiness says so first, what was begun is answered, it
// ends, and a second signal doesn't wait.
#include <fmt/format.h>

#include <csignal>
#include <thread>

#include "tests/chaos/chaos_test.hpp"

namespace claviger::test {
namespace {

using Clock = std::chrono::steady_clock;

Milliseconds since(Clock::time_point then) {
  return std::chrono::duration_cast<Milliseconds>(Clock::now() - then);
}

class T32Drain : public Chaos {
 protected:
  T32Drain() {
    home.environment["CLAVIGER_METRICS__LISTEN"] = "127.0.0.1:" + std::to_string(metrics_port);
  }
  void start() {
    server.emplace(home);
    ASSERT_TRUE(server->wait_until_ready()) << home.log();
  }
  unsigned readiness(std::uint16_t port) {
    HttpClient prober(port);
    return status_of(prober.ask({.target = "/readyz"}));
  }
  bool is_ready() { return readiness(metrics_port) == 200; }
  bool public_port_is_open() { return HttpClient(home.port).connect(); }
  // Keeps the way out open until the drain ends.
  void send_half_a_request(HttpClient& client) {
    ASSERT_TRUE(client.connect());
    ASSERT_TRUE(
        client.write("POST /token HTTP/1.1\r\nHost: localhost:" + std::to_string(home.port) +
                     "\r\nContent-Type: application/x-www-form-urlencoded\r\n"
                     "Content-Length: 100\r\nExpect: 100-continue\r\n\r\n"));
    ASSERT_EQ(status_of(client.read()), 100u);
  }

  const std::uint16_t metrics_port = free_port();
  std::optional<ServerProcess> server;
};

// One client, that begins nothing once its balancer would send it elsewhere.
struct Load {
  std::atomic<bool> elsewhere = false;
  std::atomic<std::size_t> answered = 0;
  std::atomic<std::size_t> failed = 0;

  void run(Visitor& visitor) {
    while (!elsewhere) {
      IssuedCode issued;
      if (!visitor.authorize(issued)) {
        ++failed;
        continue;
      }
      const auto answer = visitor.redeem(issued);
      if (answer) visitor.remember_secrets_of(*answer);
      ++(status_of(answer) == 200 ? answered : failed);
    }
  }
};

// A balancer that asks /readyz now and then sends nobody to a server that closes.
TEST_F(T32Drain, readiness_says_so_before_the_listener_closes) {
  home.environment["CLAVIGER_SERVER__DRAIN_DELAY"] = "1s";
  ASSERT_NO_FATAL_FAILURE(start());
  const auto clients = short_or_long(8, 32);
  std::vector<std::unique_ptr<Visitor>> visitors;
  for (std::uint64_t i = 0; i < clients; ++i) {
    visitors.push_back(std::make_unique<Visitor>(home.port, "drain" + std::to_string(i)));
    ASSERT_TRUE(visitors.back()->enrol()) << visitors.back()->trouble;
  }
  Load load;
  std::vector<std::jthread> threads;
  for (auto& visitor : visitors) {
    threads.emplace_back([&load, one = visitor.get()] { load.run(*one); });
  }
  while (load.answered < short_or_long(50, 5000)) std::this_thread::yield();
  const auto signalled = Clock::now();
  server->send(SIGTERM);
  while (is_ready()) std::this_thread::yield();
  const auto told = since(signalled);
  EXPECT_EQ(readiness(home.port), 503u);
  EXPECT_TRUE(public_port_is_open()) << "it closed before a balancer could notice";
  load.elsewhere = true;
  threads.clear();
  EXPECT_EQ(server->wait(), (Ending{.code = 0}));
  EXPECT_EQ(load.failed, 0u);
  for (auto& visitor : visitors) learn(*visitor);
  report(
      fmt::format("T-32 clients={} answered={} failed={} violations={} told_after_ms={} "
                  "ended_after_ms={}",
                  clients, load.answered.load(), load.failed.load(), violations_so_far(),
                  told.count(), since(signalled).count()));
}

// Without a balancer: what was sent before the signal is answered, whole.
TEST_F(T32Drain, what_was_begun_is_answered) {
  ASSERT_NO_FATAL_FAILURE(start());
  constexpr std::size_t kClients = 8;
  std::vector<std::unique_ptr<Visitor>> visitors;
  for (std::size_t i = 0; i < kClients; ++i) {
    visitors.push_back(std::make_unique<Visitor>(home.port, "drain" + std::to_string(i)));
    ASSERT_TRUE(visitors.back()->enrol()) << visitors.back()->trouble;
  }
  std::atomic<bool> signalled = false;
  std::atomic<std::size_t> answered = 0;
  std::atomic<std::size_t> failed = 0;
  std::vector<std::jthread> threads;
  for (auto& visitor : visitors) {
    threads.emplace_back([&, visitor = visitor.get()] {
      for (;;) {
        IssuedCode issued;
        HttpClient client(home.port);
        if (!visitor->authorize(issued) || !client.connect()) return;
        const auto form = visitor->redeem_form(issued);
        const Question question{.target = "/token", .form = &form};
        if (!client.write(client.head_of(question) + HttpClient::body_of(question))) return;
        // All of it was with the kernel before anybody sent a signal.
        const bool in_flight = !signalled;
        const auto answer = client.read();
        if (answer) visitor->remember_secrets_of(*answer);
        if (answer && answer->status == 200) ++answered;
        if (in_flight && status_of(answer) != 200) ++failed;
        if (!answer || signalled) return;
      }
    });
  }
  while (answered < 200) std::this_thread::yield();
  signalled = true;
  server->send(SIGTERM);
  EXPECT_EQ(server->wait(), (Ending{.code = 0}));
  threads.clear();
  EXPECT_EQ(failed, 0u);
  for (auto& visitor : visitors) learn(*visitor);
}

// Half a request holds the way out open until the drain ends. As long, the probes are answered.
TEST_F(T32Drain, it_ends_and_the_probes_are_answered_until_then) {
  home.environment["CLAVIGER_SERVER__DRAIN"] = "1s";
  ASSERT_NO_FATAL_FAILURE(start());
  HttpClient client(home.port);
  ASSERT_NO_FATAL_FAILURE(send_half_a_request(client));
  server->send(SIGTERM);
  while (public_port_is_open()) std::this_thread::yield();
  EXPECT_EQ(readiness(metrics_port), 503u);
  HttpClient prober(metrics_port);
  EXPECT_EQ(status_of(prober.ask({.target = "/livez"})), 200u);
  const auto metrics = prober.ask({.target = "/metrics"});
  ASSERT_TRUE(metrics);
  EXPECT_NE(metrics->body.find("\nclaviger_draining 1\n"), std::string::npos);
  EXPECT_TRUE(server->ended(Milliseconds(10'000)));
  EXPECT_EQ(server->wait(), (Ending{.code = 0}));
}

class T32SecondSignal : public T32Drain {
 protected:
  // Of the drain, or of the delay before it.
  void expect_the_second_signal_to_cut(const char* what) {
    ASSERT_NO_FATAL_FAILURE(start());
    HttpClient client(home.port);
    ASSERT_NO_FATAL_FAILURE(send_half_a_request(client));
    server->send(SIGTERM);
    // Once it has said so, another signal can't be merged with the first.
    while (is_ready()) ASSERT_FALSE(server->ended(Milliseconds(5))) << home.log();
    const auto signalled = Clock::now();
    server->send(SIGTERM);
    EXPECT_TRUE(server->ended(Milliseconds(10'000)));
    EXPECT_EQ(server->wait(), (Ending{.code = 0}));
    report(fmt::format("T-32 second_signal_in={} violations={} ended_after_ms={}", what,
                       violations_so_far(), since(signalled).count()));
  }
};

TEST_F(T32SecondSignal, cuts_the_drain) {
  home.environment["CLAVIGER_SERVER__DRAIN"] = "5m";
  expect_the_second_signal_to_cut("drain");
}

TEST_F(T32SecondSignal, cuts_the_delay) {
  home.environment["CLAVIGER_SERVER__DRAIN_DELAY"] = "5m";
  home.environment["CLAVIGER_SERVER__DRAIN"] = "5m";
  expect_the_second_signal_to_cut("delay");
}

}  // namespace
}  // namespace claviger::test
