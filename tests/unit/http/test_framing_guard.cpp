// The guard by itself, handed what a careless parser might have made of a head: it must not need
// Beast's help to refuse (RFC9112-5, RFC9112-6).
#include "http/framing_guard.hpp"

#include <gtest/gtest.h>

#include "base/limits.hpp"
#include "http/request_parser.hpp"

namespace claviger::http {
namespace {

// Splits at the first colon and trims: no checks at all.
Head careless(std::string_view raw) {
  Head head;
  head.raw = raw;
  const auto line = raw.substr(0, raw.find("\r\n"));
  head.method = line.substr(0, line.find(' '));
  const auto version = line.rfind(' ');
  head.target = line.substr(head.method.size() + 1, version - head.method.size() - 1);
  head.version = line.ends_with('0') ? 10 : 11;
  auto rest = raw.substr(line.size() + 2);
  while (!rest.empty() && !rest.starts_with("\r\n")) {
    const auto field = rest.substr(0, rest.find("\r\n"));
    const auto colon = std::min(field.find(':'), field.size());
    auto value = field.substr(std::min(colon + 1, field.size()));
    while (value.starts_with(' ')) value.remove_prefix(1);
    while (value.ends_with(' ')) value.remove_suffix(1);
    head.fields.emplace_back(field.substr(0, colon), value);
    rest.remove_prefix(std::min(field.size() + 2, rest.size()));
  }
  return head;
}

// As the request parser does it: line ends and sizes first.
std::expected<Framing, FramingRefusal> judge(const Head& head) {
  HeadScan scan;
  auto size = scan.look(head.raw);
  if (!size) return std::unexpected(std::move(size.error()));
  EXPECT_EQ(*size, head.raw.size());
  return judge_framing(head);
}

std::string post(const std::string& fields) {
  return "POST /token HTTP/1.1\r\nHost: localhost\r\n" + fields + "\r\n";
}

struct Row {
  const char* clause;
  const char* id;  // of the attack
  unsigned status;
  const char* reason;
  std::string raw;
};

std::vector<Row> rows() {
  const std::string chunked = "Transfer-Encoding: chunked\r\n";
  return {
      {"RFC9112-6.3", "HT-01", 400, "http.length_and_coding",
       post("Content-Length: 3\r\n" + chunked)},
      {"RFC9112-6.3", "HT-01", 400, "http.length_and_coding",
       post(chunked + "Content-Length: 3\r\n")},
      {"RFC9112-6.1", "HT-02", 501, "http.transfer_coding", post("Transfer-Encoding: gzip\r\n")},
      {"RFC9112-6.1", "HT-02", 400, "http.transfer_coding",
       post("Transfer-Encoding: gzip, chunked\r\n")},
      {"RFC9112-6.1", "HT-02", 400, "http.transfer_coding", post(chunked + chunked)},
      {"RFC9112-6.1", "HT-02", 400, "http.transfer_coding",
       post("Transfer-Encoding: \"chunked\"\r\n")},
      {"RFC9112-6.1", "HT-06", 400, "http.transfer_coding",
       "POST /token HTTP/1.0\r\nHost: localhost\r\n" + chunked + "\r\n"},
      {"RFC9110-8.6", "HT-03", 400, "http.content_length",
       post("Content-Length: 3\r\nContent-Length: 3\r\n")},
      {"RFC9110-8.6", "HT-03", 400, "http.content_length", post("Content-Length: 3, 3\r\n")},
      {"RFC9110-8.6", "HT-03", 400, "http.content_length", post("Content-Length: +3\r\n")},
      {"RFC9110-8.6", "HT-03", 400, "http.content_length", post("Content-Length: 3 3\r\n")},
      {"RFC9110-8.6", "HT-03", 400, "http.content_length", post("Content-Length: 00\r\n")},
      {"RFC9110-8.6", "HT-03", 400, "http.content_length", post("Content-Length:\r\n")},
      {"RFC9112-2.2", "HT-07", 400, "http.line_ending", post("X-A: 1\nX-B: 2\r\n")},
      {"RFC9112-2.2", "HT-07", 400, "http.line_ending", post("X-A: 1\rX-B: 2\r\n")},
      {"RFC9112-2.2", "HT-07", 400, "http.line_ending", post(std::string("X-A: 1\0\r\n", 9))},
      {"RFC9112-5.2", "HT-07", 400, "http.folded_field", post("X-A: 1\r\n 2\r\n")},
      {"RFC9112-5.1", "HT-07", 400, "http.field_name", post("X-A : 1\r\n")},
      {"RFC9112-5.1", "HT-07", 400, "http.field_name", post("X\x80: 1\r\n")},
      {"RFC9112-5.1", "HT-07", 400, "http.field_name", post(": 1\r\n")},
      {"RFC9112-5.1", "HT-07", 400, "http.field_name", post("no colon\r\n")},
      {"RFC9110-5.6.2", "HT-07", 400, "http.field_name", post("X(A): 1\r\n")},
      {"RFC9110-5.5", "HT-07", 400, "http.field_value", post("X-A: 1\x0b\r\n")},
      {"RFC9110-5.5", "HT-07", 400, "http.field_value", post("X-A: 1\x7f\r\n")},
      {"RFC9112-3.2", "HT-13", 400, "http.host", "GET / HTTP/1.1\r\n\r\n"},
      {"RFC9112-3.2", "HT-13", 400, "http.host", post("host: localhost\r\n")},
      {"RFC9112-3.2.2", "HT-13", 400, "http.target",
       "GET http://evil/ HTTP/1.1\r\nHost: localhost\r\n\r\n"},
      {"RFC9112-3.2", "HT-13", 400, "http.target", "GET * HTTP/1.1\r\nHost: localhost\r\n\r\n"},
      {"RFC9110-5.3", "CA-12", 400, "http.repeated_field",
       post("Authorization: a\r\nauthorization: a\r\n")},
      {"RFC9110-5.3", "TE-02", 400, "http.repeated_field",
       post("Content-Type: a/b\r\nContent-Type: a/b\r\n")},
      {"RFC9110-10.1.1", "HT-08", 417, "http.expectation", post("Expect: magic\r\n")},
      {"RFC9110-7.8", "HT-24", 400, "http.upgrade", post("Upgrade: h2c, websocket\r\n")},
      {"RFC9110-9.3.1", "HT-08", 400, "http.unexpected_body",
       "GET / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1\r\n\r\n"},
      {"RFC9112-2.3", "HT-06", 505, "http.version", "GET / HTTP/3.0\r\nHost: localhost\r\n\r\n"},
      {"RFC9110-15.5.15", "HT-11", 414, "http.target_too_long",
       "GET /" + std::string(limits::kTargetBytes, 'a') + " HTTP/1.1\r\nHost: localhost\r\n\r\n"},
      {"RFC6585-5", "HT-11", 431, "http.header_too_large",
       post("X-A: " + std::string(limits::kHeaderBytes, 'a') + "\r\n")},
  };
}

TEST(FramingGuard, refuses_each_row) {
  for (const auto& row : rows()) {
    SCOPED_TRACE(std::string(row.id) + " " + row.clause + ": " + row.raw.substr(0, 120));
    const auto verdict = judge(careless(row.raw));
    ASSERT_FALSE(verdict.has_value());
    EXPECT_EQ(verdict.error().status, row.status);
    EXPECT_EQ(verdict.error().error.reason->id, row.reason);
  }
}

TEST(FramingGuard, accepts_the_ordinary) {
  const auto none = judge(careless("GET /a?b=c HTTP/1.1\r\nHost: localhost:2003\r\n\r\n"));
  ASSERT_TRUE(none.has_value());
  EXPECT_FALSE(none->has_body());
  const auto sized = judge(careless(post("Content-Length: 4294967296\r\n")));
  ASSERT_TRUE(sized.has_value());
  EXPECT_EQ(sized->content_length, 4294967296u);
  const auto chunked =
      judge(careless(post("Transfer-Encoding: Chunked\r\nExpect: 100-Continue\r\n")));
  ASSERT_TRUE(chunked.has_value());
  EXPECT_TRUE(chunked->chunked);
  EXPECT_TRUE(chunked->expects_continue);
  EXPECT_TRUE(judge(careless("OPTIONS * HTTP/1.1\r\nHost: a\r\n\r\n")).has_value());
  EXPECT_TRUE(judge(careless("GET / HTTP/1.0\r\n\r\n")).has_value());
}

// A parser that skipped, merged or invented a field is not believed.
TEST(FramingGuard, raw_lines_and_fields_must_agree) {
  const std::string raw = post("X-A: 1\r\n");
  for (int spoil = 0; spoil < 4; ++spoil) {
    auto head = careless(raw);
    if (spoil == 0) head.fields.pop_back();
    if (spoil == 1) head.fields.emplace_back("X-B", "2");
    if (spoil == 2) head.fields[1].second = "2";
    if (spoil == 3) std::swap(head.fields[0], head.fields[1]);
    EXPECT_FALSE(judge(head).has_value()) << spoil;
  }
  EXPECT_TRUE(judge(careless(raw)).has_value());
}

TEST(HeadScan, finds_the_end_wherever_the_bytes_are_cut) {
  const std::string raw = post("X-A: 1\r\n") + "body\n\r";
  const auto size = raw.size() - 6;
  HeadScan one_by_one;
  for (std::size_t i = 1; i < size; ++i)
    ASSERT_EQ(one_by_one.look(std::string_view(raw).substr(0, i)), 0u) << i;
  EXPECT_EQ(one_by_one.look(std::string_view(raw).substr(0, size)), size);
  HeadScan at_once;
  EXPECT_EQ(at_once.look(raw), size);
}

// What HeadScan::look means, byte by byte as its rules are written down.
unsigned plain_look(std::string_view bytes, std::string& reason) {
  std::size_t lines = 0;
  std::size_t start = 0;
  const auto no = [&](unsigned status, const char* why) {
    reason = why;
    return status;
  };
  for (std::size_t i = 0; i < bytes.size(); ++i) {
    if (lines == 0 && i > limits::kTargetBytes + 32) return no(414, "http.target_too_long");
    if (i >= limits::kHeaderBytes) return no(431, "http.header_too_large");
    const bool after_cr = i > start && bytes[i - 1] == '\r';
    if (bytes[i] == '\0' || after_cr != (bytes[i] == '\n')) return no(400, "http.line_ending");
    if (bytes[i] != '\n') continue;
    const auto line = bytes.substr(start, i - 1 - start);
    if (lines == 0) {
      const auto version = line.substr(line.rfind(' ') + 1);
      if (line.find(' ') == line.npos || !version.starts_with("HTTP/"))
        return no(400, "http.malformed");
      if (version != "HTTP/1.1" && version != "HTTP/1.0") return no(505, "http.version");
    } else if (line.empty()) {
      return 200;
    } else if (line.starts_with(' ') || line.starts_with('\t')) {
      return no(400, "http.folded_field");
    } else if (lines > limits::kHeaderFields) {
      return no(431, "http.header_too_large");
    }
    ++lines;
    start = i + 1;
  }
  return 0;
}

void expect_same(std::string_view raw, std::size_t step) {
  HeadScan scan;
  for (std::size_t seen = std::min(step, raw.size());; seen = std::min(seen + step, raw.size())) {
    const auto bytes = raw.substr(0, seen);
    std::string reason;
    const auto wanted = plain_look(bytes, reason);
    const auto got = scan.look(bytes);
    const auto status = !got ? got.error().status : *got > 0 ? 200u : 0u;
    ASSERT_EQ(status, wanted) << raw << " after " << seen;
    if (!got) ASSERT_EQ(got.error().error.reason->id, reason) << raw;
    if (status != 0 || seen == raw.size()) return;
  }
}

// RFC9112-2.2: of heads that are spoiled anywhere, at every cut.
TEST(HeadScan, says_what_a_reader_of_single_bytes_would_say) {
  const std::string sound = "GET /a?b=c HTTP/1.1\r\nHost: localhost\r\nX-A: 1\r\n\r\nrest\r\n";
  for (std::size_t at = 0; at <= sound.size(); ++at) {
    for (const char* const spoil : {"\r", "\n", "\r\n", "\n\r", " ", "\t", "\r\n ", "\0"}) {
      const auto put = std::string_view(spoil).empty() ? std::string(1, '\0') : spoil;
      expect_same(sound.substr(0, at) + put + sound.substr(at), 1);
      expect_same(sound.substr(0, at) + put + sound.substr(std::min(at + 1, sound.size())), 3);
      expect_same(sound.substr(0, at) + put, 1000);
    }
  }
}

TEST(HeadScan, is_as_strict_about_sizes_as_a_reader_of_single_bytes) {
  for (std::size_t more = 0; more < 40; ++more) {
    const std::string line = "GET /" + std::string(limits::kTargetBytes - 10 + more, 'a');
    for (const char* const end : {"", "\r", "\r\n", " HTTP/1.1\r\n", " HTTP/1.1\r\n\r\n"})
      for (const std::size_t step : {std::size_t{4096}, std::size_t{8219}, std::size_t{100000}})
        expect_same(line + end, step);
  }
  const std::string begin = "GET / HTTP/1.1\r\n";
  for (std::size_t size = limits::kHeaderBytes - 8; size < limits::kHeaderBytes + 4; ++size) {
    const std::string head = begin + "A: " + std::string(size - begin.size() - 3, 'a');
    for (const char* const end : {"", "\r", "\r\n", "\r\n\r", "\r\n\r\n", "\n"})
      for (const std::size_t step : {std::size_t{8192}, std::size_t{100000}})
        expect_same(head + end, step);
  }
  std::string fields;
  for (std::size_t i = 0; i < limits::kHeaderFields + 2; ++i) {
    expect_same(begin + fields + "\r\n", 64);
    fields += "A: b\r\n";
  }
}

TEST(OriginForm, drops_scheme_and_authority) {
  EXPECT_EQ(origin_form("/a?b"), "/a?b");
  EXPECT_EQ(origin_form("//a"), "//a");
  EXPECT_EQ(origin_form("http://h/a?b"), "/a?b");
  EXPECT_EQ(origin_form("HTTPS://h:1"), "/");
}

// RFC9112-7.1, RFC9112-7.1.2: one body, however the chunks and the reads are cut.
TEST(RequestParser, HT_04_chunks_at_every_cut) {
  const std::string head = post("Transfer-Encoding: chunked\r\n");
  const std::string chunks = "3\r\na=1\r\n4\r\n&b=2\r\n0\r\n\r\n";
  for (std::size_t cut = 0; cut <= chunks.size(); ++cut) {
    RequestParser parser;
    ASSERT_EQ(parser.read_head(head), head.size());
    std::string body;
    std::string pending = chunks.substr(0, cut);
    auto used = parser.read_body(pending, 100, body);
    ASSERT_TRUE(used.has_value()) << cut;
    pending = pending.substr(*used) + chunks.substr(cut);
    if (!parser.done()) used = parser.read_body(pending, 100, body);
    ASSERT_TRUE(used.has_value()) << cut;
    EXPECT_TRUE(parser.done());
    EXPECT_EQ(body, "a=1&b=2");
  }
}

// Beast 1.81 aborts in debug builds when the only chunk arrives in such pieces.
TEST(RequestParser, HT_04_empty_chunked_body_byte_by_byte) {
  RequestParser parser;
  const std::string head = post("Transfer-Encoding: chunked\r\n");
  ASSERT_EQ(parser.read_head(head), head.size());
  std::string body;
  const std::string_view chunks = "0\r\n\r\n";
  for (std::size_t size = 1; size <= chunks.size(); ++size)
    ASSERT_TRUE(parser.read_body(chunks.substr(0, size), 100, body).has_value()) << size;
  EXPECT_TRUE(parser.done());
}

TEST(RequestParser, leaves_what_follows_the_body) {
  RequestParser parser;
  const std::string head = post("Content-Length: 3\r\n");
  ASSERT_EQ(parser.read_head(head + "a=1GET"), head.size());
  std::string body;
  EXPECT_EQ(parser.read_body("a=1GET / HTTP/1.1", 3, body), 3u);
  EXPECT_EQ(body, "a=1");
  EXPECT_TRUE(parser.done());
}

// RFC9112-9.6
TEST(RequestParser, knows_who_wants_to_close) {
  const auto wants_close = [](const std::string& head) {
    RequestParser parser;
    EXPECT_TRUE(parser.read_head(head).has_value());
    return parser.wants_close();
  };
  EXPECT_FALSE(wants_close(post("")));
  EXPECT_FALSE(wants_close(post("Connection: keep-alive\r\n")));
  EXPECT_TRUE(wants_close(post("Connection: Close\r\n")));
  EXPECT_TRUE(wants_close(post("Connection: te, close\r\n")));
  EXPECT_TRUE(wants_close("GET / HTTP/1.0\r\nConnection: keep-alive\r\n\r\n"));
}

}  // namespace
}  // namespace claviger::http
