// Connections from their first byte to their last: keep-alive, pipelining, HTTP/1.0, limits.
#include <sys/resource.h>
#include <sys/stat.h>

#include <system_error>

#include "http/admission.hpp"
#include "tests/support/temp_folder.hpp"
#include "tests/unit/http/running_server.hpp"

namespace claviger::test {
namespace {

constexpr std::string_view kHello = "GET /hello HTTP/1.1\r\nHost: localhost\r\n\r\n";
constexpr std::string_view kHeld = "GET /held HTTP/1.1\r\nHost: localhost\r\n\r\n";

std::string form(const std::string& body, const std::string& fields = "") {
  return "POST /form HTTP/1.1\r\nHost: localhost\r\nContent-Type: "
         "application/x-www-form-urlencoded\r\nContent-Length: " +
         std::to_string(body.size()) + "\r\n" + fields + "\r\n" + body;
}

TEST(ServerConnections, keep_alive_serves_many) {
  RunningServer server;
  RawClient client(server.port());
  for (int i = 0; i < 50; ++i) {
    const auto answer = client.ask(i % 2 ? std::string(kHello) : form("a=1"));
    ASSERT_EQ(answer.status, 200u);
    EXPECT_FALSE(answer.has("Connection: close"));
    EXPECT_TRUE(answer.has("\r\nDate: "));
  }
  EXPECT_EQ(server.handled(), 50u);
}

TEST(ServerConnections, close_is_obeyed) {
  RunningServer server;
  RawClient client(server.port());
  const auto answer =
      client.ask("GET /hello HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n");
  EXPECT_EQ(answer.status, 200u);
  EXPECT_TRUE(answer.has("Connection: close"));
  client.finish_sending();
  EXPECT_TRUE(client.closed());
}

// RFC9112-9.3: HTTP/1.0 has no chunks and, here, no second request.
TEST(ServerConnections, http_1_0_is_answered_and_closed) {
  RunningServer server;
  RawClient client(server.port());
  const auto answer = client.ask("GET /hello HTTP/1.0\r\nHost: localhost\r\n\r\n");
  EXPECT_EQ(answer.status, 200u);
  EXPECT_TRUE(answer.has("Content-Length: "));
  EXPECT_TRUE(answer.has("Connection: close"));
  client.finish_sending();
  EXPECT_TRUE(client.closed());
}

// RFC9110-9.3.2
TEST(ServerConnections, head_has_the_fields_of_get_and_no_body) {
  RunningServer server;
  RawClient client(server.port());
  client.send("HEAD /hello HTTP/1.1\r\nHost: localhost\r\n\r\n");
  const auto head = client.answer(true);
  EXPECT_EQ(head.status, 200u);
  EXPECT_TRUE(head.has("Content-Length: "));
  EXPECT_EQ(client.ask(kHello).status, 200u) << "nothing stood between the two answers";
}

// HT-09: requests sent ahead are answered in order, one at a time.
TEST(ServerConnections, HT_09_pipelined_one_in_flight) {
  RunningServer server;
  RawClient client(server.port());
  client.send(std::string(kHeld) + std::string(kHello));
  server.worker.wait_for_jobs(1);
  EXPECT_EQ(server.handled(), 0u);
  server.worker.release();
  EXPECT_NE(client.answer().body.find("/held"), std::string::npos);
  EXPECT_NE(client.answer().body.find("/hello"), std::string::npos);
}

// HT-09: so many requests a connection, and not one more.
TEST(ServerConnections, HT_09_pipelining_is_bounded) {
  auto options = local_options();
  options.max_requests_per_connection = 100;
  RunningServer server(options);
  RawClient client(server.port());
  std::string many;
  for (int i = 0; i < 10'000; ++i) many += kHello;
  client.send(many);
  client.finish_sending();
  for (int i = 1; i <= 100; ++i) {
    const auto answer = client.answer();
    ASSERT_EQ(answer.status, 200u) << i;
    EXPECT_EQ(answer.has("Connection: close"), i == 100);
  }
  EXPECT_EQ(client.rest(), "");
  EXPECT_EQ(server.handled(), 100u);
}

// RFC9110-10.1.1, HT-08: 100 only once head and limits were accepted.
TEST(ServerConnections, HT_08_expect_continue) {
  RunningServer server;
  const auto request = form("a=1", "Expect: 100-continue\r\n");
  RawClient client(server.port());
  EXPECT_EQ(client.ask(request.substr(0, request.size() - 3)).status, 100u);
  EXPECT_EQ(client.ask("a=1").status, 200u);
  RawClient too_large(server.port());
  const auto large = form(std::string(1001, 'a'), "Expect: 100-continue\r\n");
  EXPECT_EQ(too_large.ask(large.substr(0, large.size() - 1001)).status, 413u);
}

// RFC9112-8: never silence.
TEST(ServerConnections, truncated_requests_are_told) {
  RunningServer server;
  for (const auto& request : {std::string("GET /hel"), std::string(kHello.substr(0, 30)),
                              form("a=12345").substr(0, form("a=12345").size() - 2)}) {
    RawClient client(server.port());
    client.send(request);
    client.finish_sending();
    EXPECT_EQ(client.answer().status, 400u) << request;
    EXPECT_TRUE(client.closed());
    EXPECT_EQ(server.refusals().latest(1).at(0).error.reason->id, "http.truncated");
  }
}

TEST(ServerConnections, a_connection_without_a_request_is_no_error) {
  RunningServer server;
  RawClient client(server.port());
  client.finish_sending();
  EXPECT_TRUE(client.closed());
  EXPECT_TRUE(server.refusals().latest(1).empty());
}

TEST(ServerConnections, unknown_path_with_a_body_is_404_and_closed) {
  RunningServer server;
  RawClient client(server.port());
  const auto answer =
      client.ask("POST /nothing HTTP/1.1\r\nHost: localhost\r\nContent-Length: 100000\r\n\r\n" +
                 std::string(100'000, 'x'));
  EXPECT_EQ(answer.status, 404u);
  EXPECT_TRUE(answer.has("Connection: close"));
}

// HT-13: the name in Host is ours or the answer is 421; X-Forwarded-* of a stranger is not read.
TEST(ServerConnections, HT_13_host_and_forwarded_fields) {
  RunningServer server;
  RawClient client(server.port());
  EXPECT_EQ(client.ask("GET /hello HTTP/1.1\r\nHost: evil\r\n\r\n").status, 421u);
  const auto answer = client.ask(
      "GET /hello HTTP/1.1\r\nHost: localhost\r\nX-Forwarded-For: 198.51.100.1\r\n"
      "X-Forwarded-Host: evil\r\n\r\n");
  EXPECT_NE(answer.body.find(R"("client_ip":"127.0.0.1")"), std::string::npos) << answer.body;
}

TEST(ServerConnections, HT_13_a_trusted_proxy_is_believed) {
  auto options = local_options();
  options.trusted_proxies = {"127.0.0.0/8"};
  RunningServer server(options);
  RawClient client(server.port());
  const auto answer = client.ask(
      "GET /hello HTTP/1.1\r\nHost: localhost\r\nX-Forwarded-For: 203.0.113.1, "
      "198.51.100.1\r\n\r\n");
  EXPECT_NE(answer.body.find(R"("client_ip":"198.51.100.1")"), std::string::npos) << answer.body;
}

// HT-16: the method is the one in the request line.
TEST(ServerConnections, HT_16_method_override_and_trace) {
  RunningServer server;
  RawClient client(server.port());
  const auto trace = client.ask("TRACE /hello HTTP/1.1\r\nHost: localhost\r\n\r\n");
  EXPECT_EQ(trace.status, 405u);
  EXPECT_TRUE(trace.has("\r\nAllow: GET, HEAD\r\n"));
  const auto overridden = client.ask(
      "GET /hello HTTP/1.1\r\nHost: localhost\r\nX-HTTP-Method-Override: DELETE\r\n"
      "X-Method-Override: DELETE\r\n\r\n");
  EXPECT_EQ(overridden.status, 200u);
  EXPECT_NE(overridden.body.find(R"("method":"GET")"), std::string::npos);
}

// HT-17: a body that must be unpacked first can grow a thousandfold.
TEST(ServerConnections, HT_17_encoded_body) {
  RunningServer server;
  RawClient client(server.port());
  EXPECT_EQ(client.ask(form("a=1", "Content-Encoding: gzip\r\n")).status, 415u);
  EXPECT_EQ(client.ask(kHello).status, 200u);
}

int listening_socket(int family, int type) {
  const int fd = ::socket(family, type | SOCK_CLOEXEC, 0);
  sockaddr_in loopback{};
  loopback.sin_family = AF_INET;
  loopback.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  const auto* address = reinterpret_cast<const sockaddr*>(&loopback);
  EXPECT_EQ(::bind(fd, address, sizeof(loopback)), 0);
  return fd;
}

// A socket that systemd opened: a connection that came before the server is answered by it.
TEST(ServerConnections, serves_a_socket_that_was_handed_to_it) {
  const int fd = listening_socket(AF_INET, SOCK_STREAM);
  ASSERT_EQ(::listen(fd, 8), 0);
  sockaddr_in address{};
  socklen_t size = sizeof(address);
  ASSERT_EQ(::getsockname(fd, reinterpret_cast<sockaddr*>(&address), &size), 0);
  RawClient early(ntohs(address.sin_port));
  early.send(kHello);
  http::ServerOptions options;
  options.listeners = {{.descriptor = fd}};
  RunningServer server(options);
  EXPECT_EQ(server.port(), ntohs(address.sin_port));
  EXPECT_EQ(early.answer().status, 200u);
}

TEST(ServerConnections, takes_no_descriptor_that_is_no_listening_tcp_socket) {
  const int fd = listening_socket(AF_INET, SOCK_STREAM);
  http::ServerOptions options;
  for (const int wrong : {fd, 10'000}) {
    options.listeners = {{.descriptor = wrong}};
    EXPECT_THROW(RunningServer server(options), std::system_error) << wrong;
  }
  ::close(fd);
}

// HT-22: at the cap the connection that has been idle longest goes.
TEST(ServerConnections, HT_22_oldest_idle_is_evicted) {
  auto options = local_options();
  options.max_connections = 2;
  options.idle_before_eviction = std::chrono::milliseconds(0);
  RunningServer server(options);
  RawClient first(server.port());
  EXPECT_EQ(first.ask(kHello).status, 200u);
  RawClient second(server.port());
  EXPECT_EQ(second.ask(kHello).status, 200u);
  RawClient third(server.port());
  EXPECT_EQ(third.ask(kHello).status, 200u);
  EXPECT_TRUE(first.closed());
  EXPECT_EQ(second.ask(kHello).status, 200u);
}

// HT-22, T-26: a flood does not push out who is about to ask again.
TEST(ServerConnections, HT_22_who_asked_just_now_stays) {
  auto options = local_options();
  options.max_connections = 2;
  options.idle_before_eviction = std::chrono::minutes(1);
  RunningServer server(options);
  RawClient first(server.port());
  EXPECT_EQ(first.ask(kHello).status, 200u);
  RawClient half(server.port());
  half.send("GET /hel");
  for (int i = 0; i < 5; ++i) {
    RawClient newcomer(server.port());
    EXPECT_EQ(newcomer.answer().status, 503u);
    EXPECT_EQ(first.ask(kHello).status, 200u);
  }
}

// HT-22: with nobody idle the newcomer is told at once.
TEST(ServerConnections, HT_22_full_house_answers_503) {
  auto options = local_options();
  options.max_connections = 2;
  RunningServer server(options);
  RawClient first(server.port());
  RawClient second(server.port());
  first.send(kHeld);
  second.send(kHeld);
  server.worker.wait_for_jobs(2);
  RawClient third(server.port());
  const auto refused = third.answer();
  EXPECT_EQ(refused.status, 503u);
  EXPECT_TRUE(refused.has("Retry-After: 1"));
  EXPECT_TRUE(third.closed());
  server.worker.release();
  EXPECT_EQ(first.answer().status, 200u);
  EXPECT_EQ(second.answer().status, 200u);
}

// HT-22: one address may not take every place; loopback and declared proxies may.
TEST(Admission, HT_22_per_address) {
  http::ServerOptions options;
  options.max_connections_per_ip = 2;
  const http::TrustedProxies proxies({"10.0.0.1"});
  http::Admission admission(options, proxies);
  const http::Peer peer{.address = "192.0.2.1"};
  EXPECT_TRUE(admission.enter(peer));
  EXPECT_TRUE(admission.enter(peer));
  EXPECT_FALSE(admission.enter(peer));
  EXPECT_TRUE(admission.enter({.address = "192.0.2.2"}));
  admission.leave(peer);
  EXPECT_TRUE(admission.enter(peer));
  for (int i = 0; i < 5; ++i) {
    EXPECT_TRUE(admission.enter({.address = "10.0.0.1"}));
    EXPECT_TRUE(admission.enter({.address = "127.0.0.1", .loopback = true}));
  }
}

// T-26: without a descriptor left the client is told, and the server recovers.
TEST(ServerConnections, T_26_descriptors_exhausted) {
  RunningServer server;
  RawClient before(server.port());
  EXPECT_EQ(before.ask(kHello).status, 200u);
  RawClient starved;
  rlimit limit{};
  getrlimit(RLIMIT_NOFILE, &limit);
  const rlimit usual = limit;
  const int next = dup(0);
  ::close(next);
  limit.rlim_cur = static_cast<rlim_t>(next);
  ASSERT_EQ(setrlimit(RLIMIT_NOFILE, &limit), 0);
  EXPECT_TRUE(starved.connect_to(server.port()));
  EXPECT_EQ(starved.answer().status, 503u);
  EXPECT_EQ(before.ask(kHello).status, 200u) << "those who are in stay in";
  ASSERT_EQ(setrlimit(RLIMIT_NOFILE, &usual), 0);
  RawClient after(server.port());
  EXPECT_EQ(after.ask(kHello).status, 200u);
}

TEST(ServerConnections, unix_socket_is_ours_alone) {
  const TempFolder folder;
  const std::string path = folder.path() + "/admin.sock";
  auto options = local_options();
  options.listeners.push_back({.unix_path = path});
  RunningServer server(options);
  struct stat found{};
  ASSERT_EQ(stat(path.c_str(), &found), 0);
  EXPECT_EQ(found.st_mode & 0777, 0600u);
  RawClient client(path);
  const auto answer = client.ask("GET /hello HTTP/1.1\r\nHost: anything\r\n\r\n");
  EXPECT_EQ(answer.status, 200u);
  EXPECT_NE(answer.body.find(R"("unix":true)"), std::string::npos);
  EXPECT_NE(answer.body.find("\"uid\":" + std::to_string(getuid())), std::string::npos);
}

TEST(ServerConnections, a_stale_unix_socket_is_replaced_and_a_living_one_is_not) {
  const TempFolder folder;
  const std::string path = folder.path() + "/admin.sock";
  {
    const int fd = ::socket(AF_UNIX, SOCK_STREAM, 0);
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    std::strncpy(address.sun_path, path.c_str(), sizeof(address.sun_path) - 1);
    ASSERT_EQ(::bind(fd, reinterpret_cast<sockaddr*>(&address), sizeof(address)), 0);
    ::close(fd);
  }
  http::ServerOptions options;
  options.listeners = {{.unix_path = path}};
  RunningServer server(options);
  EXPECT_EQ(RawClient(path).ask("GET /hello HTTP/1.1\r\nHost: a\r\n\r\n").status, 200u);
  EXPECT_THROW(RunningServer second(options), std::system_error);
}

TEST(ServerConnections, a_port_in_use_is_named) {
  RunningServer server;
  http::ServerOptions options;
  options.listeners = {{.address = "127.0.0.1", .port = server.port()}};
  try {
    RunningServer second(options);
    FAIL() << "two servers on one port";
  } catch (const std::system_error& failure) {
    EXPECT_EQ(failure.code().value(), EADDRINUSE);
    EXPECT_NE(std::string(failure.what()).find("127.0.0.1:"), std::string::npos);
  }
}

TEST(ServerConnections, an_optional_address_may_be_missing) {
  auto options = local_options();
  // TEST-NET-1 is no address of any machine.
  options.listeners.push_back({.address = "192.0.2.1", .port = 0, .optional = true});
  RunningServer server(options);
  EXPECT_EQ(server.port(1), 0);
  options.listeners[1].optional = false;
  EXPECT_THROW(RunningServer strict(options), std::system_error);
}

}  // namespace
}  // namespace claviger::test
