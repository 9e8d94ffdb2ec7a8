// The framing guard where it counts: raw bytes on a socket. Each row is a request that two programs
// could read in two ways; it is refused, the connection closes, and what followed it is never read.
#include "http/framing_guard.hpp"
#include "tests/unit/http/running_server.hpp"

namespace claviger::test {
namespace {

constexpr std::string_view kHello = "GET /hello HTTP/1.1\r\nHost: localhost\r\n\r\n";

struct Row {
  const char* id;  // of the attack
  unsigned status;
  const char* reason;
  std::string request;
};

std::string get_with(const std::string& fields) {
  return "GET /hello HTTP/1.1\r\nHost: localhost\r\n" + fields + "\r\n";
}
std::string post_with(const std::string& fields, const std::string& body = "") {
  return "POST /form HTTP/1.1\r\nHost: localhost\r\n"
         "Content-Type: application/x-www-form-urlencoded\r\n" +
         fields + "\r\n" + body;
}
std::string chunks(const std::string& body) {
  return post_with("Transfer-Encoding: chunked\r\n", body);
}
std::string with_nul(std::string text) {
  for (auto& c : text)
    if (c == '@') c = '\0';
  return text;
}

std::vector<Row> refused_requests() {
  const std::string chunked = "Transfer-Encoding: chunked\r\n";
  const std::string body = "3\r\na=1\r\n0\r\n\r\n";
  return {
      {"HT-01", 400, "", post_with("Content-Length: 3\r\n" + chunked, body)},
      {"HT-01", 400, "", post_with(chunked + "Content-Length: 3\r\n", body)},
      {"HT-02", 501, "http.transfer_coding", post_with("Transfer-Encoding: gzip\r\n", body)},
      {"HT-02", 400, "http.transfer_coding", post_with("Transfer-Encoding: xchunked\r\n", body)},
      {"HT-02", 400, "http.transfer_coding",
       post_with("Transfer-Encoding: chunked, gzip\r\n", body)},
      {"HT-02", 400, "http.transfer_coding",
       post_with("Transfer-Encoding: gzip, chunked\r\n", body)},
      {"HT-02", 400, "", post_with(chunked + chunked, body)},
      {"HT-02", 501, "http.transfer_coding", post_with("Transfer-Encoding: identity\r\n", "")},
      {"HT-02", 501, "http.transfer_coding", post_with("Transfer-Encoding:\r\n", "")},
      {"HT-03", 400, "http.content_length",
       post_with("Content-Length: 3\r\nContent-Length: 3\r\n", "a=1")},
      {"HT-03", 400, "", post_with("Content-Length: 3\r\nContent-Length: 4\r\n", "a=1")},
      {"HT-03", 400, "http.content_length", post_with("Content-Length: 3, 3\r\n", "a=1")},
      {"HT-03", 400, "", post_with("Content-Length: +3\r\n", "a=1")},
      {"HT-03", 400, "", post_with("Content-Length: -3\r\n", "a=1")},
      {"HT-03", 400, "", post_with("Content-Length: 0x3\r\n", "a=1")},
      {"HT-03", 400, "http.content_length", post_with("Content-Length: 03\r\n", "a=1")},
      {"HT-03", 400, "", post_with("Content-Length: 18446744073709551616\r\n", "a=1")},
      {"HT-03", 400, "http.content_length", post_with("Content-Length: 99999999999\r\n", "a=1")},
      {"HT-03", 400, "", post_with("Content-Length:\r\n", "")},
      {"HT-04", 400, "http.chunk", chunks("3;name=value\r\na=1\r\n0\r\n\r\n")},
      {"HT-04", 400, "http.chunk", chunks("3;q=\"a\nb\"\r\na=1\r\n0\r\n\r\n")},
      {"HT-04", 400, "http.chunk", chunks(with_nul("3;q=\"a@b\"\r\na=1\r\n0\r\n\r\n"))},
      {"HT-04", 400, "http.chunk", chunks("3;" + std::string(1 << 20, 'x'))},
      {"HT-04", 400, "http.chunk", chunks("3 \r\na=1\r\n0\r\n\r\n")},
      {"HT-04", 400, "http.chunk", chunks("-3\r\na=1\r\n0\r\n\r\n")},
      {"HT-04", 400, "http.chunk", chunks("0x3\r\na=1\r\n0\r\n\r\n")},
      {"HT-04", 400, "http.chunk", chunks("fffffffffffffffff\r\na=1\r\n0\r\n\r\n")},
      {"HT-04", 400, "http.chunk", chunks("00000000000000003\r\na=1\r\n0\r\n\r\n")},
      {"HT-04", 400, "http.chunk", chunks("3\na=1\n0\n\n")},
      {"HT-04", 400, "http.chunk", chunks("3\r\na=1xx0\r\n\r\n")},
      {"HT-04", 400, "http.chunk", chunks("3\r\na=1\r\n0;end\r\n\r\n")},
      {"HT-04", 400, "http.trailer", chunks("3\r\na=1\r\n0\r\nHost: b\r\n\r\n")},
      {"HT-04", 400, "", chunks("0\r\nContent-Length: 50\r\n\r\n")},
      {"HT-06", 400, "http.transfer_coding",
       "POST /form HTTP/1.0\r\nHost: localhost\r\n" + chunked + "\r\n" + body},
      {"HT-06", 400, "http.malformed", "GET /hello\r\n"},
      {"HT-06", 505, "http.version", "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"},
      {"HT-06", 505, "http.version", "GET /hello HTTP/1.2\r\nHost: localhost\r\n\r\n"},
      {"HT-06", 400, "", "\r\nGET /hello HTTP/1.1\r\nHost: localhost\r\n\r\n"},
      {"HT-07", 400, "http.folded_field", get_with("X-A: 1\r\n 2\r\n")},
      {"HT-07", 400, "http.folded_field", get_with("\tX-A: 1\r\n")},
      {"HT-07", 400, "", get_with("X-A : 1\r\n")},
      {"HT-07", 400, "", get_with("Transfer-Encoding : chunked\r\n")},
      {"HT-07", 400, "", get_with("X A: 1\r\n")},
      {"HT-07", 400, "", get_with("X\xc3\xa4: 1\r\n")},
      {"HT-07", 400, "", get_with(": 1\r\n")},
      {"HT-07", 400, "", get_with("no colon\r\n")},
      {"HT-07", 400, "http.line_ending", get_with("X-A: 1\nX-B: 2\r\n")},
      {"HT-07", 400, "http.line_ending", get_with("X-A: 1\rX-B: 2\r\n")},
      {"HT-07", 400, "http.line_ending", "GET /hello HTTP/1.1\nHost: localhost\n\n"},
      {"HT-07", 400, "http.line_ending", get_with(with_nul("X-A: 1@2\r\n"))},
      {"HT-07", 400, "", get_with("X-A: 1\x01\r\n")},
      {"HT-07", 400, "", "GET  /hello HTTP/1.1\r\nHost: localhost\r\n\r\n"},
      {"HT-07", 400, "", "GET /hel lo HTTP/1.1\r\nHost: localhost\r\n\r\n"},
      {"HT-07", 400, "", "GET /hello\x7f HTTP/1.1\r\nHost: localhost\r\n\r\n"},
      {"HT-07", 400, "http.target", "GET /hello#x HTTP/1.1\r\nHost: localhost\r\n\r\n"},
      {"HT-07", 400, "", "G(T /hello HTTP/1.1\r\nHost: localhost\r\n\r\n"},
      {"HT-08", 400, "http.unexpected_body", get_with("Content-Length: 3\r\n") + "a=1"},
      {"HT-08", 400, "http.unexpected_body", get_with(chunked) + body},
      {"HT-08", 400, "http.unexpected_body",
       "HEAD /hello HTTP/1.1\r\nHost: localhost\r\nContent-Length: 3\r\n\r\na=1"},
      {"HT-08", 400, "http.unexpected_body",
       "DELETE /form HTTP/1.1\r\nHost: localhost\r\nContent-Length: 3\r\n\r\na=1"},
      {"HT-08", 417, "http.expectation", post_with("Content-Length: 3\r\nExpect: 200-ok\r\n")},
      {"HT-08", 400, "http.repeated_field",
       post_with("Content-Length: 3\r\nExpect: 100-continue\r\nExpect: 100-continue\r\n")},
      {"HT-11", 431, "http.header_too_large", get_with("X-A: " + std::string(1 << 20, 'a'))},
      {"HT-11", 431, "http.header_too_large",
       [] {
         std::string fields;
         for (int i = 0; i < 1000; ++i) fields += "A: 1\r\n";
         return get_with(fields);
       }()},
      {"HT-11", 414, "http.target_too_long",
       "GET /" + std::string(100 * 1024, 'a') + " HTTP/1.1\r\nHost: localhost\r\n\r\n"},
      {"HT-12", 413, "http.payload_too_large",
       post_with("Content-Length: 1001\r\n", std::string(1001, 'a'))},
      {"HT-12", 413, "http.payload_too_large", post_with("Content-Length: 9999999999\r\n")},
      {"HT-12", 413, "http.payload_too_large",
       chunks("3e9\r\n" + std::string(1001, 'a') + "\r\n0\r\n\r\n")},
      {"HT-13", 400, "http.host", "GET /hello HTTP/1.1\r\n\r\n"},
      {"HT-13", 400, "http.host",
       "GET /hello HTTP/1.1\r\nHost: localhost\r\nHost: localhost\r\n\r\n"},
      {"HT-13", 400, "http.host", "GET /hello HTTP/1.1\r\nHost: localhost/x\r\n\r\n"},
      {"HT-13", 400, "http.host", "GET /hello HTTP/1.1\r\nHost: user@localhost\r\n\r\n"},
      {"HT-13", 400, "http.host", "GET /hello HTTP/1.1\r\nHost:\r\n\r\n"},
      {"HT-13", 400, "http.target", "GET http://evil/hello HTTP/1.1\r\nHost: localhost\r\n\r\n"},
      {"HT-13", 400, "http.target", "GET hello HTTP/1.1\r\nHost: localhost\r\n\r\n"},
      {"HT-13", 400, "http.target", "CONNECT localhost:80 HTTP/1.1\r\nHost: localhost\r\n\r\n"},
      {"CA-12", 400, "http.repeated_field",
       get_with("Authorization: Bearer a\r\nAuthorization: Bearer b\r\n")},
      {"DP-01", 400, "http.repeated_field", get_with("DPoP: a\r\nDPoP: b\r\n")},
      {"HT-24", 400, "http.upgrade",
       get_with("Connection: Upgrade\r\nUpgrade: WebSocket\r\nSec-WebSocket-Version: 13\r\n")},
  };
}

TEST(ServerFraming, refused_requests_end_the_connection) {
  RunningServer server;
  for (const auto& row : refused_requests()) {
    SCOPED_TRACE(std::string(row.id) + ": " + row.request.substr(0, 160));
    RawClient client(server.port());
    client.send(row.request + std::string(kHello));
    const auto answer = client.answer();
    EXPECT_EQ(answer.status, row.status);
    EXPECT_TRUE(answer.has("\r\nConnection: close\r\n"));
    EXPECT_TRUE(answer.has("\r\nX-Request-Id: a"));
    EXPECT_EQ(answer.body.empty(), row.request.starts_with("HEAD"));
    client.finish_sending();
    EXPECT_TRUE(client.closed());
    const auto refusal = server.refusals().latest(1);
    ASSERT_EQ(refusal.size(), 1u);
    if (*row.reason != '\0') EXPECT_EQ(refusal[0].error.reason->id, row.reason);
  }
  EXPECT_EQ(server.handled(), 0u);
}

// The same rows must be refused however the network cuts them.
TEST(ServerFraming, refused_requests_are_refused_byte_by_byte) {
  RunningServer server;
  for (const auto& row : refused_requests()) {
    if (row.request.size() > 400) continue;
    SCOPED_TRACE(std::string(row.id) + ": " + row.request);
    RawClient client(server.port());
    for (const char c : row.request)
      if (!client.send({&c, 1})) break;
    EXPECT_EQ(client.answer().status, row.status);
  }
  EXPECT_EQ(server.handled(), 0u);
}

TEST(ServerFraming, well_framed_requests_are_answered) {
  RunningServer server;
  const std::string form = "Content-Type: application/x-www-form-urlencoded\r\n";
  for (const auto& request :
       {std::string(kHello), get_with("Content-Length: 0\r\n"), get_with("X-A: \t spaced \t\r\n"),
        get_with("Cookie: a=1\r\nCookie: b=2\r\n"), get_with("Upgrade: h2c\r\n"),
        post_with("Content-Length: 3\r\n", "a=1"), post_with("Content-Length: 0\r\n"),
        chunks("3\r\na=1\r\n0\r\n\r\n"), chunks("1\r\na\r\n2\r\n=1\r\n0\r\n\r\n"),
        chunks("0\r\n\r\n"), post_with("transfer-encoding: CHUNKED\r\n", "3\r\na=1\r\n0\r\n\r\n"),
        std::string("GET http://localhost/hello HTTP/1.1\r\nHost: LocalHost\r\n\r\n"),
        post_with("Content-Length: 1000\r\n", std::string(1000, 'a'))}) {
    SCOPED_TRACE(request.substr(0, 160));
    RawClient whole(server.port());
    EXPECT_EQ(whole.ask(request).status, 200u);
    EXPECT_EQ(whole.ask(kHello).status, 200u) << "the connection stays usable";
    RawClient cut(server.port());
    for (const char c : request) cut.send({&c, 1});
    EXPECT_EQ(cut.answer().status, 200u);
  }
}

// HT-04: the pieces of a chunked body are joined, and nothing else of it is seen.
TEST(ServerFraming, HT_04_chunks_become_one_body) {
  RunningServer server;
  RawClient client(server.port());
  const auto answer = client.ask(chunks("1\r\na\r\nA\r\n=123456789\r\n0\r\n\r\n"));
  EXPECT_NE(answer.body.find(R"("body":"a=123456789")"), std::string::npos) << answer.body;
}

// Reading ends where the guard says, so a body that looks like a request isn't one.
TEST(ServerFraming, HT_08_body_is_not_a_request) {
  RunningServer server;
  RawClient client(server.port());
  const auto smuggled = std::string(kHello);
  client.send("POST /any HTTP/1.1\r\nHost: localhost\r\nContent-Length: " +
              std::to_string(smuggled.size()) + "\r\n\r\n" + smuggled);
  client.finish_sending();
  EXPECT_EQ(client.answer().status, 200u);
  EXPECT_TRUE(client.closed());
  EXPECT_EQ(server.handled(), 1u);
}

}  // namespace
}  // namespace claviger::test
