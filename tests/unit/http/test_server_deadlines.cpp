// HT-10: every phase of a connection ends, whatever the client does. The deadlines here are tiny;
// what is asserted is how it ends, never when. And the drain.
#include "tests/unit/http/running_server.hpp"

namespace claviger::test {
namespace {

constexpr std::string_view kHello = "GET /hello HTTP/1.1\r\nHost: localhost\r\n\r\n";
constexpr std::string_view kHeld = "GET /held HTTP/1.1\r\nHost: localhost\r\n\r\n";
constexpr std::chrono::milliseconds kTiny{1};

// HT-10: slowloris, and RFC9110-15.5.9.
TEST(ServerDeadlines, HT_10_head_that_never_ends) {
  auto options = local_options();
  options.header_deadline = kTiny;
  RunningServer server(options);
  RawClient client(server.port());
  client.send("GET /hello HTTP/1.1\r\nHost: local");
  const auto answer = client.answer();
  if (answer.status != 0) {  // unless the deadline passed before the first byte came
    EXPECT_EQ(answer.status, 408u);
    EXPECT_TRUE(answer.has("Connection: close"));
    client.finish_sending();
  }
  EXPECT_TRUE(client.closed());
}

TEST(ServerDeadlines, HT_10_connection_that_says_nothing) {
  auto options = local_options();
  options.header_deadline = kTiny;
  RunningServer server(options);
  RawClient client(server.port());
  EXPECT_TRUE(client.closed());
}

TEST(ServerDeadlines, HT_10_body_that_never_ends) {
  auto options = local_options();
  options.body_deadline = kTiny;
  RunningServer server(options);
  RawClient client(server.port());
  const auto answer =
      client.ask("POST /any HTTP/1.1\r\nHost: localhost\r\nContent-Length: 10\r\n\r\n12345");
  EXPECT_EQ(answer.status, 408u);
  client.finish_sending();
  EXPECT_TRUE(client.closed());
  EXPECT_EQ(server.handled(), 0u);
}

TEST(ServerDeadlines, HT_10_reader_that_does_not_read) {
  auto options = local_options();
  options.write_deadline = kTiny;
  RunningServer server(options);
  RawClient client(server.port());
  client.send("GET /large HTTP/1.1\r\nHost: localhost\r\n\r\n");
  server.wait_for("http.reader_too_slow");
  EXPECT_LT(client.rest().size(), std::size_t{16 * 1024 * 1024});
}

TEST(ServerDeadlines, HT_10_idle_connection_is_closed_without_a_word) {
  auto options = local_options();
  options.idle_deadline = kTiny;
  RunningServer server(options);
  RawClient client(server.port());
  EXPECT_EQ(client.ask(kHello).status, 200u);
  EXPECT_TRUE(client.closed());
}

TEST(ServerDeadlines, HT_10_a_connection_does_not_live_for_ever) {
  auto options = local_options();
  options.connection_lifetime = std::chrono::milliseconds(0);
  RunningServer server(options);
  RawClient client(server.port());
  const auto answer = client.ask(kHello);
  EXPECT_EQ(answer.status, 200u);
  EXPECT_TRUE(answer.has("Connection: close"));
}

TEST(ServerDeadlines, a_slow_handler_is_answered_for) {
  auto options = local_options();
  options.handler_deadline = kTiny;
  RunningServer server(options);
  RawClient client(server.port());
  client.send(kHeld);
  const auto answer = client.answer();
  EXPECT_EQ(answer.status, 503u);
  EXPECT_TRUE(answer.has("X-Request-Id: a"));
  EXPECT_TRUE(answer.has("Connection: close"));
  client.finish_sending();
  server.worker.release();
  EXPECT_TRUE(client.closed()) << "its own answer comes too late and goes nowhere";
}

TEST(ServerDrain, idle_connections_close_at_once) {
  RunningServer server;
  RawClient client(server.port());
  EXPECT_EQ(client.ask(kHello).status, 200u);
  server.stop();
  EXPECT_TRUE(client.closed());
  EXPECT_FALSE(RawClient(server.port()).connected());
}

TEST(ServerDrain, what_was_begun_is_answered) {
  RunningServer server;
  RawClient held(server.port());
  RawClient idle(server.port());
  EXPECT_EQ(idle.ask(kHello).status, 200u);
  held.send(kHeld);
  server.worker.wait_for_jobs(1);
  server.begin_stop(std::chrono::seconds(30));
  EXPECT_TRUE(idle.closed());
  server.worker.release();
  const auto answer = held.answer();
  EXPECT_EQ(answer.status, 200u);
  EXPECT_TRUE(answer.has("Connection: close"));
  held.finish_sending();
  EXPECT_TRUE(held.closed());
}

TEST(ServerDrain, after_the_deadline_the_rest_is_cut) {
  RunningServer server;
  RawClient held(server.port());
  held.send(kHeld);
  server.worker.wait_for_jobs(1);
  server.stop(kTiny);
  EXPECT_TRUE(held.closed());
}

TEST(ServerDrain, without_connections_it_is_immediate_and_may_come_twice) {
  RunningServer server;
  server.begin_stop(std::chrono::seconds(30));
  server.stop();
}

}  // namespace
}  // namespace claviger::test
