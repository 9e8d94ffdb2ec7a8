#include <gtest/gtest.h>

#include "http/message.hpp"

namespace claviger::http {
namespace {

Request with_cookies(std::initializer_list<std::string> fields) {
  Request request;
  for (const auto& field : fields) request.headers.add("Cookie", field);
  return request;
}

TEST(Headers, compare_names_without_case) {
  Headers headers;
  headers.add("Content-Type", "a");
  headers.add("content-type", "b");
  EXPECT_EQ(headers.find("CONTENT-TYPE"), "a");
  EXPECT_EQ(headers.count("Content-type"), 2u);
  headers.set("content-Type", "c");
  EXPECT_EQ(headers.count("Content-Type"), 1u);
  EXPECT_EQ(headers.find("Content-Type"), "c");
  EXPECT_FALSE(headers.find("Content-Typ"));
}

std::string all_of(const Headers& headers) {
  std::string out;
  for (const auto& [name, value] : headers) out.append(name).append("=").append(value).append(";");
  return out;
}

TEST(Headers, set_replaces_every_one_of_that_name) {
  Headers headers;
  for (const auto* const name : {"A", "B", "a", "C"}) headers.add(name, std::string(name) + "1");
  headers.set("A", "");
  EXPECT_EQ(all_of(headers), "B=B1;C=C1;A=;");
  EXPECT_EQ(headers.wire(), "B: B1\r\nC: C1\r\nA: \r\n");
  headers.set("c", "a longer value than before");
  headers.set("b", "2");
  EXPECT_EQ(all_of(headers), "A=;c=a longer value than before;b=2;");
  headers.add_if_absent("B", "3");
  headers.add_if_absent("D", "4");
  EXPECT_EQ(headers.wire(), "A: \r\nc: a longer value than before\r\nb: 2\r\nD: 4\r\n");
}

TEST(Headers, of_a_head_are_copies) {
  std::string lines = "Host:  a \r\nEmpty:\r\nX-B: b\r\n";
  const std::string_view view = lines;
  const Headers headers(view, {{view.substr(0, 4), view.substr(7, 1)},
                               {view.substr(11, 5), {}},
                               {view.substr(19, 3), view.substr(24, 1)}});
  lines.assign(lines.size(), '-');
  const Headers copy = headers;
  EXPECT_EQ(all_of(copy), "Host=a;Empty=;X-B=b;");
  EXPECT_EQ(copy.find("x-b"), "b");
}

// RFC9110-9.1: methods have case.
TEST(Method, is_read_exactly) {
  EXPECT_EQ(parse_method("POST"), Method::post);
  EXPECT_EQ(parse_method("post"), Method::other);
  EXPECT_EQ(parse_method("TRACE"), Method::other);
  EXPECT_EQ(parse_method("OTHER"), Method::other);
}

// RFC6265-5.4
TEST(Cookie, is_found_by_its_exact_name) {
  const auto request = with_cookies({"a=1; claviger_2003=value; b=2"});
  EXPECT_EQ(request.cookie("claviger_2003"), "value");
  EXPECT_EQ(request.cookie("a"), "1");
  EXPECT_EQ(request.cookie("b"), "2");
  EXPECT_FALSE(request.cookie("claviger"));
  EXPECT_FALSE(request.cookie("A"));
  EXPECT_FALSE(request.cookie(""));
}

// SE-09: a sibling domain can plant a second cookie of our name; neither is believed.
TEST(Cookie, SE_09_duplicate_name_rejects_both) {
  EXPECT_FALSE(with_cookies({"sid=ours; sid=theirs"}).cookie("sid"));
  EXPECT_FALSE(with_cookies({"sid=ours", "sid=theirs"}).cookie("sid"));
  EXPECT_FALSE(with_cookies({"sid=ours; sid="}).cookie("sid"));
  EXPECT_EQ(with_cookies({"sid=ours; other=1", "third=2"}).cookie("sid"), "ours");
}

TEST(Cookie, odd_fields_are_survived) {
  EXPECT_FALSE(with_cookies({"sid"}).cookie("sid"));
  EXPECT_FALSE(with_cookies({";;;="}).cookie("sid"));
  EXPECT_EQ(with_cookies({" ; sid=a=b ;"}).cookie("sid"), "a=b");
  EXPECT_FALSE(with_cookies({"sid=a\x01"
                             "b"})
                   .cookie("sid"));
}

TEST(MediaType, is_lower_case_and_without_parameters) {
  Request request;
  EXPECT_EQ(request.media_type(), "");
  request.headers.add("content-type", " Application/JSON ; charset=utf-8");
  EXPECT_EQ(request.media_type(), "application/json");
}

// CI-30: a 307 would carry a password on to the client.
TEST(Redirect, CI_30_is_always_303) {
  const auto response = redirect(Location(OwnPath("/login")));
  EXPECT_EQ(response.status, 303u);
  EXPECT_EQ(response.location->text(), "/login");
}

}  // namespace
}  // namespace claviger::http
