#include <gtest/gtest.h>

#include "http/response_writer.hpp"

namespace claviger::http {
namespace {

constexpr Time kNow = from_seconds(784111777);  // RFC9110-5.6.7's own example

std::string written(const Response& response, Sending sending = {}) {
  std::string out;
  append_response(out, response, sending, kNow);
  return out;
}

TEST(ResponseWriter, writes_status_date_length_and_body) {
  EXPECT_EQ(written(text_response(200, "hi")),
            "HTTP/1.1 200 OK\r\nDate: Sun, 06 Nov 1994 08:49:37 GMT\r\n"
            "Content-Type: text/plain; charset=utf-8\r\nContent-Length: 2\r\n\r\nhi");
}

TEST(ResponseWriter, the_date_follows_the_clock) {
  std::string out;
  append_response(out, text_response(200, ""), {}, from_seconds(951'782'399));
  EXPECT_NE(out.find("Date: Mon, 28 Feb 2000 23:59:59 GMT\r\n"), std::string::npos) << out;
  EXPECT_NE(written(text_response(200, "")).find("06 Nov 1994"), std::string::npos);
}

TEST(ResponseWriter, head_and_bodiless_statuses) {
  EXPECT_TRUE(written(text_response(200, "hi"), {.head_only = true}).ends_with("2\r\n\r\n"));
  for (const unsigned status : {204u, 304u}) {
    const auto out = written(text_response(status, "hi"));
    EXPECT_EQ(out.find("Content-"), std::string::npos) << out;
    EXPECT_TRUE(out.ends_with("\r\n\r\n"));
  }
  EXPECT_NE(written(text_response(200, ""), {.close = true}).find("\r\nConnection: close\r\n"),
            std::string::npos);
}

TEST(ResponseWriter, redirects_and_logout_fields) {
  auto response = redirect(Location(OwnPath("/login")));
  response.clear_site_data = true;
  const auto out = written(response);
  EXPECT_TRUE(out.starts_with("HTTP/1.1 303 See Other\r\n"));
  EXPECT_NE(out.find("\r\nLocation: /login\r\n"), std::string::npos);
  EXPECT_NE(out.find("\r\nClear-Site-Data: \"cache\", \"storage\"\r\n"), std::string::npos);
}

// RFC6265-4.1, SE-09
TEST(ResponseWriter, SE_09_cookies_are_locked_down) {
  Cookie cookie{.name = "__Host-claviger", .value = "v"};
  EXPECT_EQ(set_cookie_value(cookie), "__Host-claviger=v; Path=/; HttpOnly; Secure; SameSite=Lax");
  cookie.secure = false;
  cookie.max_age = std::chrono::seconds(0);
  EXPECT_EQ(set_cookie_value(cookie),
            "__Host-claviger=v; Path=/; Max-Age=0; HttpOnly; SameSite=Lax");
}

// C15.8: a frame in another site's page is sent the cookie only with SameSite=None.
TEST(ResponseWriter, C15_8_a_cookie_for_frames_says_so_and_is_secure) {
  Cookie cookie{.name = "__Host-claviger-state", .value = "v", .http_only = false};
  cookie.same_site = SameSite::none;
  EXPECT_EQ(set_cookie_value(cookie), "__Host-claviger-state=v; Path=/; Secure; SameSite=None");
  cookie.secure = false;
  EXPECT_EQ(set_cookie_value(cookie), "__Host-claviger-state=v; Path=/; SameSite=Lax");
}

// XS-08: every value of a response that a stranger might have had a hand in. RFC6265-4.1.1 for
// cookies.
TEST(ResponseWriter, XS_08_unsafe_values_are_not_sendable) {
  const auto good = [] {
    auto response = text_response(200, "hi");
    response.headers.add("X-A", "1");
    response.cookies.push_back({.name = "a", .value = "1"});
    return response;
  };
  EXPECT_TRUE(is_sendable(good()));
  for (const std::string_view bad : {"a\r\nb", "a\nb", "a\rb", "a\x7f", "a\x01"}) {
    auto response = good();
    response.headers.set("X-A", std::string(bad));
    EXPECT_FALSE(is_sendable(response));
    response = good();
    response.content_type = bad;
    EXPECT_FALSE(is_sendable(response));
    response = good();
    response.cookies[0].value = bad;
    EXPECT_FALSE(is_sendable(response));
  }
  auto response = good();
  response.headers.set("X-A", std::string("a\0b", 3));
  EXPECT_FALSE(is_sendable(response));
  for (const auto* name : {"", "X A", "X:A", "X\nA"}) {
    response = good();
    response.headers.add(name, "1");
    EXPECT_FALSE(is_sendable(response)) << name;
  }
  for (const auto* value : {"a; Domain=evil", "a b", "a,b", "\"a\"", "a\\"}) {
    response = good();
    response.cookies[0].value = value;
    EXPECT_FALSE(is_sendable(response)) << value;
  }
}

TEST(ResponseWriter, the_quick_503_is_whole) {
  const auto out = closing_503("a1");
  EXPECT_TRUE(out.starts_with("HTTP/1.1 503 Service Unavailable\r\n"));
  EXPECT_NE(out.find("X-Request-Id: a1\r\n"), std::string::npos);
  const auto body = out.substr(out.find("\r\n\r\n") + 4);
  EXPECT_NE(out.find("Content-Length: " + std::to_string(body.size()) + "\r\n"), std::string::npos);
  EXPECT_EQ(boost::json::parse(body).at("request_id"), "a1");
}

}  // namespace
}  // namespace claviger::http
