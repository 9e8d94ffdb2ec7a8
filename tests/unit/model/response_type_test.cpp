#include "model/response_type.hpp"

#include <gtest/gtest.h>

namespace claviger {
namespace {

constexpr ResponseType kHybrid{.code = true, .id_token = true, .token = true};

// OIDCM-3, OIDCM-5: a set of words, in any order.
TEST(ResponseType, is_a_set_of_words) {
  EXPECT_EQ(parse_response_type("code"), kCodeOnly);
  EXPECT_EQ(parse_response_type("token code id_token"), kHybrid);
  EXPECT_EQ(to_string(kHybrid), "code id_token token");
  for (const auto text : {"", " ", "code ", " code", "code  token", "code code", "Code", "none",
                          "code none", "code,token"}) {
    EXPECT_EQ(parse_response_type(text), std::nullopt) << '"' << text << '"';
  }
}

TEST(ResponseType, every_one_comes_back) {
  for (int bits = 1; bits < 8; ++bits) {
    const ResponseType type{
        .code = (bits & 1) != 0, .id_token = (bits & 2) != 0, .token = (bits & 4) != 0};
    EXPECT_EQ(parse_response_type(to_string(type)), type);
    EXPECT_EQ(type.is_front_channel(), bits != 1);
    const auto mode = bits == 1 ? ResponseMode::query : ResponseMode::fragment;
    EXPECT_EQ(default_response_mode(type), mode);
  }
}

// OIDCM-2.1, OIDCFP-2
TEST(ResponseMode, words) {
  for (const auto mode : {ResponseMode::query, ResponseMode::fragment, ResponseMode::form_post}) {
    EXPECT_EQ(parse_response_mode(to_string(mode)), mode);
  }
  EXPECT_EQ(parse_response_mode("Query"), std::nullopt);
  EXPECT_EQ(parse_response_mode("web_message"), std::nullopt);  // RU-21
}

}  // namespace
}  // namespace claviger
