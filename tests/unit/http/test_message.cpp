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
