#include <gtest/gtest.h>

#include "base/base64url.hpp"
#include "base/limits.hpp"
#include "http/authorization_header.hpp"

namespace claviger::http {
namespace {

std::string basic(std::string_view pair) { return "Basic " + base64_encode(as_bytes(pair)); }

TEST(AuthorizationScheme, is_told_without_case) {
  EXPECT_EQ(authorization_scheme(std::nullopt), Scheme::none);
  EXPECT_EQ(authorization_scheme("Basic YTpi"), Scheme::basic);
  EXPECT_EQ(authorization_scheme("bAsIc YTpi"), Scheme::basic);
  EXPECT_EQ(authorization_scheme("Bearer x"), Scheme::bearer);
  EXPECT_EQ(authorization_scheme("DPoP x"), Scheme::other);
  EXPECT_EQ(authorization_scheme("Basically x"), Scheme::other);
}

// RFC6749-2.3.1, RFC7617-2, RFC9110-11.6.2
TEST(Basic, decodes_id_and_secret) {
  const auto plain = parse_basic(basic("client:secret"));
  ASSERT_TRUE(plain);
  EXPECT_EQ(plain->client_id, "client");
  EXPECT_EQ(plain->secret.reveal(), "secret");
}

TEST(Basic, undoes_the_form_encoding_of_each_half) {
  const auto encoded = parse_basic(basic("my%3Aclient:a+b%25%3A%C3%A4"));
  ASSERT_TRUE(encoded);
  EXPECT_EQ(encoded->client_id, "my:client");
  EXPECT_EQ(encoded->secret.reveal(), "a b%:\xC3\xA4");
}

TEST(Basic, only_the_first_colon_divides) {
  EXPECT_EQ(parse_basic(basic("id:a:b"))->secret.reveal(), "a:b");
  EXPECT_EQ(parse_basic(basic("id:"))->secret.reveal(), "");
}

TEST(Basic, refuses_what_is_not_exactly_that) {
  const std::string too_long_id(limits::kClientIdBytes + 1, 'a');
  const std::string too_long_secret(limits::kSecretBytes + 1, 'a');
  for (const auto& header :
       {std::string("Basic"), std::string("Basic "), std::string("BasicYTpi"),
        std::string("Basic !!!!"), std::string("Basic YTp"), std::string("Basic YTpi YTpi"),
        std::string("Bearer YTpi"), basic("no colon"), basic(":secret"), basic("a%zz:b"),
        basic("a:b%2"), basic("a%00:b"), basic("a:b%0a"), basic(std::string("a\0:b", 4)),
        basic("a:\xff"), basic(too_long_id + ":b"), basic("a:" + too_long_secret),
        "Basic " + std::string(100'000, 'A')})
    EXPECT_FALSE(parse_basic(header)) << header.substr(0, 60);
}

// RFC6750-2.1
TEST(Bearer, takes_a_token68) {
  EXPECT_EQ(parse_bearer("Bearer eyJ.a-b_c~d+e/f=="), "eyJ.a-b_c~d+e/f==");
  EXPECT_EQ(parse_bearer("bearer x"), "x");
  EXPECT_EQ(parse_bearer("Bearer   x"), "x");
}

TEST(Bearer, takes_exactly_the_characters_of_a_token68) {
  const std::string_view allowed =
      "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-._~+/";
  for (int byte = 0; byte < 256; ++byte) {
    const char c = static_cast<char>(byte);
    const auto header = std::string("Bearer 0123456789abcdefg") + c + "0123456789abcdefg";
    EXPECT_EQ(parse_bearer(header).has_value(), allowed.contains(c)) << byte;
  }
}

TEST(Bearer, refuses_what_is_not_exactly_that) {
  for (const auto& header :
       {std::string("Bearer"), std::string("Bearer "), std::string("Bearer a b"),
        std::string("Bearer a,b"), std::string("Bearer =a"), std::string("Bearer a=b"),
        std::string("Bearer a\"b"), std::string("Bearer a\tb"), std::string("BearerX a"),
        std::string("Basic a"), "Bearer " + std::string(limits::kJwtBytes + 1, 'a')})
    EXPECT_FALSE(parse_bearer(header)) << header.substr(0, 60);
}

}  // namespace
}  // namespace claviger::http
