#include "base/refusals.hpp"

#include <gtest/gtest.h>

#include <array>
#include <string>

#include "base/text.hpp"

namespace claviger {
namespace {

constexpr Reason kPkce{"code.pkce_mismatch", ErrorCode::invalid_grant, "RFC7636-4.6",
                       "code_verifier does not match", "send the verifier of this very request"};
constexpr Reason kExpired{"code.expired", ErrorCode::invalid_grant, "RFC6749-4.1.2",
                          "the code has expired", "redeem it at once"};
constexpr Time kNow = from_seconds(1'800'000'000);

Refusal refusal(std::string id, const Reason& reason = kPkce, std::string client = "demo",
                Duration after = {}) {
  Refusal out;
  out.request_id = std::move(id);
  out.at = kNow + after;
  out.endpoint = "POST /token";
  out.client_id = std::move(client);
  out.status = 400;
  out.error = refuse(reason, "expected", "came");
  return out;
}

std::string number(int i) { return "r" + std::to_string(i); }

TEST(Refusals, found_by_the_request_id) {
  Refusals refusals(4);
  refusals.remember(refusal("one"));
  refusals.remember(refusal("two", kExpired));
  const auto found = refusals.find("one");
  ASSERT_TRUE(found);
  EXPECT_EQ(found->error.reason->id, "code.pkce_mismatch");
  EXPECT_EQ(found->count, 1u);
  EXPECT_EQ(refusals.find("two")->error.code(), ErrorCode::invalid_grant);
  EXPECT_FALSE(refusals.find("three"));
}

TEST(Refusals, oldest_slot_makes_room) {
  Refusals refusals(3);
  for (int i = 0; i < 5; ++i) refusals.remember(refusal(number(i), kPkce, "client" + number(i)));
  EXPECT_FALSE(refusals.find("r0"));
  EXPECT_FALSE(refusals.find("r1"));
  for (int i = 2; i < 5; ++i) EXPECT_TRUE(refusals.find(number(i))) << i;
}

TEST(Refusals, flood_of_alike_shares_one_slot) {
  Refusals refusals(4);
  refusals.remember(refusal("mine", kExpired));
  for (int i = 0; i < 10'000; ++i) refusals.remember(refusal(number(i)));
  EXPECT_TRUE(refusals.find("mine"));
  const auto found = refusals.find("r9999");
  ASSERT_TRUE(found);
  EXPECT_EQ(found->count, 10'000u);
  EXPECT_EQ(found->request_id, "r9999");
  EXPECT_EQ(found->request_ids.size(), 8u);
  EXPECT_TRUE(refusals.find("r9992"));   // the latest few
  EXPECT_FALSE(refusals.find("r9991"));  // no index grows with a flood
  EXPECT_FALSE(refusals.find("r0"));
}

TEST(Refusals, alike_means_reason_client_and_endpoint) {
  Refusals refusals(8);
  refusals.remember(refusal("a"));
  refusals.remember(refusal("b", kPkce, "other"));
  refusals.remember(refusal("c", kExpired));
  auto elsewhere = refusal("d");
  elsewhere.endpoint = "GET /authorize";
  refusals.remember(elsewhere);
  for (const auto* id : {"a", "b", "c", "d"}) EXPECT_EQ(refusals.find(id)->count, 1u) << id;
}

TEST(Refusals, those_far_apart_are_told_apart) {
  Refusals refusals(8);
  refusals.remember(refusal("morning"));
  refusals.remember(refusal("evening", kPkce, "demo", std::chrono::hours(8)));
  EXPECT_EQ(refusals.find("morning")->count, 1u);
  EXPECT_EQ(refusals.find("evening")->count, 1u);
}

TEST(Refusals, reused_slot_is_not_joined_by_its_old_kind) {
  Refusals refusals(1);
  refusals.remember(refusal("a"));
  refusals.remember(refusal("b", kExpired));
  refusals.remember(refusal("c"));
  EXPECT_FALSE(refusals.find("a"));
  EXPECT_FALSE(refusals.find("b"));
  EXPECT_EQ(refusals.find("c")->count, 1u);
}

TEST(Refusals, one_request_refused_twice_keeps_the_later) {
  Refusals refusals(2);
  refusals.remember(refusal("same"));
  refusals.remember(refusal("same", kExpired));
  refusals.remember(refusal("next", kPkce, "third"));  // takes the first slot
  ASSERT_TRUE(refusals.find("same"));
  EXPECT_EQ(refusals.find("same")->error.reason->id, "code.expired");
}

TEST(Refusals, latest_comes_first) {
  Refusals refusals(8);
  refusals.remember(refusal("a"));
  refusals.remember(refusal("b", kExpired));
  refusals.remember(refusal("c", kPkce, "other"));
  refusals.remember(refusal("d"));  // joins a
  const auto two = refusals.latest(2);
  ASSERT_EQ(two.size(), 2u);
  EXPECT_EQ(two[0].request_id, "d");
  EXPECT_EQ(two[1].request_id, "c");
  EXPECT_EQ(refusals.latest(100).size(), 3u);
}

TEST(Refusals, what_a_stranger_sent_is_cut) {
  Refusals refusals(2);
  auto long_one = refusal("id", kPkce, std::string(100'000, 'c'));
  for (int i = 0; i < 400; ++i) long_one.error.came += "\xe2\x82\xac";
  refusals.remember(long_one);
  const auto found = refusals.find("id");
  ASSERT_TRUE(found);
  EXPECT_EQ(found->client_id.size(), 512u);
  EXPECT_LE(found->error.came.size(), 512u);
  EXPECT_TRUE(is_utf8(found->error.came));
}

TEST(ErrorCode, is_the_wire_word) {
  EXPECT_EQ(to_string(ErrorCode::invalid_grant), "invalid_grant");                // RFC6749-5.2
  EXPECT_EQ(to_string(ErrorCode::invalid_token), "invalid_token");                // RFC6750-3.1
  EXPECT_EQ(to_string(ErrorCode::invalid_redirect_uri), "invalid_redirect_uri");  // RFC7591-3.2.2
  for (int i = 0; i <= static_cast<int>(ErrorCode::forbidden); ++i) {
    const auto word = to_string(static_cast<ErrorCode>(i));
    EXPECT_FALSE(word.empty());
    EXPECT_EQ(word.find_first_not_of("abcdefghijklmnopqrstuvwxyz_"), word.npos) << word;
  }
}

}  // namespace
}  // namespace claviger
