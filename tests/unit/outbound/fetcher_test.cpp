#include "outbound/fetcher.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <boost/asio/co_spawn.hpp>
#include <cstdlib>
#include <optional>
#include <thread>

#include "raw_server.hpp"

namespace claviger::outbound {
namespace {

using ::testing::Contains;
using ::testing::HasSubstr;
using ::testing::Pair;
using ::testing::StartsWith;

const Policy kLocal{.allow_loopback = true, .allow_http = true, .total = std::chrono::seconds(5)};

// The io_context outlives the fetcher, whose thread may still be busy waking it when the answer is
// here already.
template <class T>
T run(boost::asio::io_context& io, Task<T> task) {
  std::optional<T> result;
  boost::asio::co_spawn(io.get_executor(), std::move(task),
                        [&](std::exception_ptr, T value) { result.emplace(std::move(value)); });
  io.run();
  return std::move(*result);
}

std::expected<Response, FetchError> fetch(const Policy& policy, Request request) {
  boost::asio::io_context io;
  Fetcher fetcher(policy);
  return run(io, fetcher.fetch(std::move(request)));
}

std::expected<Response, FetchError> get(const Policy& policy, const std::string& url) {
  Request request;
  request.url = url;
  return fetch(policy, std::move(request));
}

std::string answer(const std::string& head, const std::string& body) {
  return "HTTP/1.1 " + head + "\r\nContent-Length: " + std::to_string(body.size()) +
         "\r\nConnection: close\r\n\r\n" + body;
}

struct Always {
  std::string bytes;
  std::optional<std::string> operator()(const std::string&) const { return bytes; }
};

TEST(Fetcher, brings_status_headers_and_body) {
  test::RawServer server(Always{answer("404 Not Found\r\nX-Request-Id:  a1 ", "not here")});
  const auto response = get(kLocal, server.url("/thing?x=1"));
  ASSERT_TRUE(response.has_value()) << to_string(response.error());
  EXPECT_EQ(response->status, 404);
  EXPECT_EQ(response->body, "not here");
  EXPECT_THAT(response->headers, Contains(Pair("x-request-id", "a1")));
  EXPECT_THAT(server.requests().at(0), StartsWith("GET /thing?x=1 HTTP/1.1\r\n"));
}

TEST(Fetcher, sends_method_headers_and_body) {
  test::RawServer server(Always{answer("200 OK", "")});
  Request request{"POST", server.url("/token"), {{"Content-Type", "text/plain"}}, "a=b"};
  ASSERT_TRUE(fetch(kLocal, std::move(request)).has_value());
  const auto sent = server.requests().at(0);
  EXPECT_THAT(sent, StartsWith("POST /token HTTP/1.1\r\n"));
  EXPECT_THAT(sent, HasSubstr("Content-Type: text/plain\r\n"));
  EXPECT_THAT(sent, HasSubstr("Accept-Encoding: identity\r\n"));
  EXPECT_THAT(sent, HasSubstr("\r\n\r\na=b"));
}

TEST(Fetcher, sends_an_empty_post_without_a_content_type) {
  test::RawServer server(Always{answer("200 OK", "")});
  Request request{"POST", server.url("/register_client"), {}, ""};
  ASSERT_TRUE(fetch(kLocal, std::move(request)).has_value());
  EXPECT_THAT(server.requests().at(0), HasSubstr("Content-Length: 0\r\n"));
  EXPECT_THAT(server.requests().at(0), Not(HasSubstr("Content-Type")));
}

// FE-11, CB-03, CM-04, OX-08: a redirect is an answer, never an order.
TEST(Fetcher, FE_11_follows_no_redirect) {
  test::RawServer inner(Always{answer("200 OK", "the metadata")});
  test::RawServer server(Always{answer("302 Found\r\nLocation: " + inner.url("/"), "")});
  const auto response = get(kLocal, server.url("/"));
  ASSERT_TRUE(response.has_value());
  EXPECT_EQ(response->status, 302);
  EXPECT_TRUE(inner.requests().empty());
}

// FE-11, CA-18, CM-03, DC-10: the address is judged on the socket, after the name was resolved, so
// that a name which means another address a moment later (rebinding) leads nowhere either.
TEST(Fetcher, FE_11_refuses_loopback_unless_allowed) {
  test::RawServer server(Always{answer("200 OK", "")});
  Policy policy = kLocal;
  policy.allow_loopback = false;
  EXPECT_EQ(get(policy, server.url("/")).error(), FetchError::bad_url);  // and so no http either
  std::string secure = server.url("/");
  secure.replace(0, 4, "https");
  EXPECT_EQ(get(policy, secure).error(), FetchError::address_refused);
  secure.replace(0, secure.rfind(':'), "https://localhost");  // by name: judged after resolution
  EXPECT_EQ(get(policy, secure).error(), FetchError::address_refused);
  EXPECT_TRUE(server.requests().empty());
}

TEST(Fetcher, FE_11_refuses_special_addresses_however_they_are_written) {
  for (const char* host : {"169.254.169.254", "10.0.0.1", "[fe80::1]", "[::ffff:127.0.0.1]",
                           "0x7f.1", "0177.0.0.1", "2130706433", "0", "[::]", "192.168.1.1"}) {
    Policy policy;
    policy.allow_http = true;  // means nothing without allow_loopback
    EXPECT_EQ(get(policy, std::string("https://") + host + "/").error(),
              FetchError::address_refused)
        << host;
  }
}

TEST(Fetcher, FE_11_speaks_plain_http_to_loopback_alone) {
  // The address is judged before a byte is sent, so that none has to be reachable here.
  EXPECT_EQ(get(kLocal, "http://93.184.216.34/").error(), FetchError::address_refused);
  EXPECT_EQ(get(Policy{}, "http://93.184.216.34/").error(), FetchError::bad_url);
}

TEST(Fetcher, refuses_urls_that_are_no_plain_https) {
  for (const char* url :
       {"", "ftp://example.com/", "file:///etc/passwd", "gopher://127.0.0.1/", "example.com",
        "https://user@example.com/", "https://user:pw@example.com/", "https://exa mple.com/",
        "https://example.com/\r\nX: y", "http://"}) {
    EXPECT_EQ(get(kLocal, url).error(), FetchError::bad_url) << url;
  }
  EXPECT_EQ(get(kLocal, std::string("http://127.0.0.1\0.example/", 26)).error(),
            FetchError::bad_url);
}

TEST(Fetcher, refuses_headers_and_methods_that_would_split_the_request) {
  test::RawServer server(Always{answer("200 OK", "")});
  const std::string url = server.url("/");
  EXPECT_EQ(fetch(kLocal, {"GET", url, {{"A", "b\r\nC: d"}}, ""}).error(), FetchError::bad_url);
  EXPECT_EQ(fetch(kLocal, {"GET", url, {{"A: b\r\nC", "d"}}, ""}).error(), FetchError::bad_url);
  EXPECT_EQ(fetch(kLocal, {"GET / HTTP/1.1\r\nX:", url, {}, ""}).error(), FetchError::bad_url);
  EXPECT_TRUE(server.requests().empty());
}

// CM-05: what one kind of document may have is less than what any may have.
TEST(Fetcher, CM_05_a_request_may_want_less_than_the_policy_allows) {
  test::RawServer server(Always{answer("200 OK", std::string(1001, 'x'))});
  Request request{"GET", server.url("/jwks"), {}, "", 1000};
  EXPECT_EQ(fetch(kLocal, request).error(), FetchError::too_large);
  request.max_bytes = 1001;
  EXPECT_TRUE(fetch(kLocal, request).has_value());
}

TEST(Fetcher, refuses_a_body_that_says_it_is_too_large) {
  test::RawServer server(Always{answer("200 OK", std::string(1001, 'x'))});
  Policy policy = kLocal;
  policy.max_bytes = 1000;
  EXPECT_EQ(get(policy, server.url("/")).error(), FetchError::too_large);
}

TEST(Fetcher, takes_a_body_of_exactly_the_limit) {
  test::RawServer server(Always{answer("200 OK", std::string(1000, 'x'))});
  Policy policy = kLocal;
  policy.max_bytes = 1000;
  const auto response = get(policy, server.url("/"));
  ASSERT_TRUE(response.has_value()) << to_string(response.error());
  EXPECT_EQ(response->body.size(), 1000u);
}

TEST(Fetcher, refuses_a_body_that_grows_too_large_unannounced) {
  test::RawServer server(Always{"HTTP/1.1 200 OK\r\n\r\n" + std::string(1001, 'x')});
  Policy policy = kLocal;
  policy.max_bytes = 1000;
  EXPECT_EQ(get(policy, server.url("/")).error(), FetchError::too_large);
}

TEST(Fetcher, refuses_a_head_without_end) {
  std::string head = "HTTP/1.1 200 OK\r\n";
  for (int i = 0; i < 2000; ++i) head += "X-Filler: " + std::string(40, 'x') + "\r\n";
  test::RawServer server(Always{head + "\r\n"});
  EXPECT_EQ(get(kLocal, server.url("/")).error(), FetchError::too_large);
}

TEST(Fetcher, unpacks_nothing) {
  test::RawServer server(Always{answer("200 OK\r\nContent-Encoding: gzip", "\x1f\x8b whatever")});
  EXPECT_EQ(get(kLocal, server.url("/")).error(), FetchError::protocol);
}

TEST(Fetcher, refuses_what_is_no_http) {
  test::RawServer server(Always{"SSH-2.0-OpenSSH_9.2\r\n"});
  EXPECT_EQ(get(kLocal, server.url("/")).error(), FetchError::protocol);
}

TEST(Fetcher, says_that_a_body_was_cut_short) {
  test::RawServer server(Always{"HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nabc"});
  EXPECT_EQ(get(kLocal, server.url("/")).error(), FetchError::protocol);
}

TEST(Fetcher, ends_at_the_deadline) {
  test::RawServer server([](const std::string&) { return std::nullopt; });
  Policy policy = kLocal;
  policy.total = std::chrono::milliseconds(50);
  EXPECT_EQ(get(policy, server.url("/")).error(), FetchError::timed_out);
}

TEST(Fetcher, says_that_nobody_listens) {
  std::string url;
  {
    test::RawServer server(Always{""});
    url = server.url("/");
  }
  EXPECT_EQ(get(kLocal, url).error(), FetchError::unreachable);
}

TEST(Fetcher, ignores_proxies_of_the_environment) {
  test::RawServer proxy(Always{answer("200 OK", "the proxy")});
  test::RawServer server(Always{answer("200 OK", "the server")});
  ::setenv("http_proxy", proxy.url("").c_str(), 1);
  ::setenv("ALL_PROXY", proxy.url("").c_str(), 1);
  const auto response = get(kLocal, server.url("/"));
  ::unsetenv("http_proxy");
  ::unsetenv("ALL_PROXY");
  ASSERT_TRUE(response.has_value());
  EXPECT_EQ(response->body, "the server");
  EXPECT_TRUE(proxy.requests().empty());
}

TEST(Fetcher, resumes_on_the_callers_own_thread) {
  test::RawServer server(Always{answer("200 OK", "")});
  boost::asio::io_context io;
  Fetcher fetcher(kLocal);
  auto ask = [](Fetcher& f, std::string url) -> Task<std::thread::id> {
    Request request;
    request.url = std::move(url);
    const auto response = co_await f.fetch(std::move(request));
    EXPECT_TRUE(response.has_value());
    co_return std::this_thread::get_id();
  };
  EXPECT_EQ(run(io, ask(fetcher, server.url("/"))), std::this_thread::get_id());
}

TEST(Fetcher, carries_many_requests_at_once) {
  test::RawServer server(Always{answer("200 OK", "x")});
  boost::asio::io_context io;
  Fetcher fetcher(kLocal);
  int good = 0;
  for (int i = 0; i < 40; ++i) {
    Request request;
    request.url = server.url("/");
    boost::asio::co_spawn(io.get_executor(), fetcher.fetch(std::move(request)),
                          [&](std::exception_ptr, const auto& r) { good += r.has_value(); });
  }
  io.run();
  EXPECT_EQ(good, 40);
}

TEST(Fetcher, destructor_ends_what_is_under_way) {
  test::RawServer server([](const std::string&) { return std::nullopt; });
  boost::asio::io_context io;
  auto fetcher = std::make_unique<Fetcher>(
      Policy{.allow_loopback = true, .allow_http = true, .total = std::chrono::hours(1)});
  std::optional<FetchError> error;
  Request request;
  request.url = server.url("/");
  boost::asio::co_spawn(io.get_executor(), fetcher->fetch(std::move(request)),
                        [&](std::exception_ptr, const auto& r) { error = r.error(); });
  while (server.requests().empty()) io.poll();
  fetcher.reset();
  io.run();
  EXPECT_EQ(error, FetchError::unreachable);
}

}  // namespace
}  // namespace claviger::outbound
