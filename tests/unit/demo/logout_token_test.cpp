// OIDCBC-2.6 as a relying party reads it, which is also FE-17: one good logout token, spoilt in one
// way at a time.
#include "demo/client/logout_token.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "crypto/jws.hpp"
#include "fake_server.hpp"
#include "tests/support/fixed_clock.hpp"

namespace claviger::demo {
namespace {

using ::testing::HasSubstr;

class LogoutTokenTest : public ::testing::Test {
 protected:
  LogoutTokenTest() { keys.replace({{"keys", boost::json::array{server.key.public_key().jwk()}}}); }
  JudgedToken judge(const std::string& token) {
    const ExpectedLogoutToken expected{"http://localhost:2003", "oidc-client", clock.now()};
    return judge_logout_token(token, keys, expected);
  }
  void expect_refused(std::string_view remark) { expect_refused(server.logout_token(), remark); }
  void expect_refused(const std::string& token, std::string_view remark) {
    const auto judged = judge(token);
    EXPECT_EQ(judged.seen.verdict, Verdict::failed);
    EXPECT_TRUE(judged.claims.empty());
    EXPECT_THAT(judged.seen.remark, HasSubstr(std::string(remark)));
  }

  claviger::test::FixedClock clock;
  test::FakeServer server{clock};
  ServerKeys keys;
};

TEST_F(LogoutTokenTest, OIDCBC_2_6_a_good_one_is_believed) {
  // OIDCBC-2.6, C15.6
  const auto judged = judge(server.logout_token());
  EXPECT_EQ(judged.seen.verdict, Verdict::verified) << judged.seen.remark;
  EXPECT_EQ(judged.claims.at("sid"), "ada-sid");
}

TEST_F(LogoutTokenTest, sid_or_sub_is_enough) {
  auto claims = server.logout_claims;
  server.logout_claims.erase("sid");
  EXPECT_EQ(judge(server.logout_token()).seen.verdict, Verdict::verified);
  server.logout_claims = claims;
  server.logout_claims.erase("sub");
  EXPECT_EQ(judge(server.logout_token()).seen.verdict, Verdict::verified);
}

TEST_F(LogoutTokenTest, FE_17_unsigned) {
  // FE-17
  const auto payload = base64url_encode(as_bytes(boost::json::serialize(server.logout_claims)));
  const auto header = base64url_encode(as_bytes(R"({"alg":"none","typ":"logout+jwt"})"));
  expect_refused(header + "." + payload + ".", "no JWT");
}

TEST_F(LogoutTokenTest, signed_by_another_key) {
  server.key = crypto::PrivateKey::generate(crypto::Alg::ES256);
  expect_refused("signature");
}

TEST_F(LogoutTokenTest, signed_by_an_algorithm_that_was_not_registered) {
  server.key = crypto::PrivateKey::generate(crypto::Alg::EdDSA);
  keys.replace({{"keys", boost::json::array{server.key.public_key().jwk()}}});
  expect_refused("algorithm");
}

TEST_F(LogoutTokenTest, another_type) {
  expect_refused(crypto::sign_jws(server.key, "JWT", server.logout_claims), "signature");
  expect_refused(crypto::sign_jws(server.key, "at+jwt", server.logout_claims), "signature");
}

TEST_F(LogoutTokenTest, another_issuer) {
  server.logout_claims["iss"] = "http://localhost:2004";
  expect_refused("another issuer");
}

TEST_F(LogoutTokenTest, FE_17_another_audience) {
  // FE-17
  server.logout_claims["aud"] = "somebody-else";
  expect_refused("not for this client");
}

TEST_F(LogoutTokenTest, expired) {
  clock.advance(std::chrono::seconds(120));
  expect_refused("expired");
}

TEST_F(LogoutTokenTest, without_an_end) {
  server.logout_claims.erase("exp");
  expect_refused("expired");
}

TEST_F(LogoutTokenTest, made_in_the_future) {
  server.logout_claims["iat"] = to_seconds(clock.now()) + 61;
  expect_refused("future");
}

TEST_F(LogoutTokenTest, without_a_time) {
  server.logout_claims.erase("iat");
  expect_refused("future");
}

TEST_F(LogoutTokenTest, FE_17_good_for_too_long) {
  // FE-17: two minutes, and one for clocks that differ.
  server.logout_claims["exp"] = to_seconds(clock.now()) + 181;
  expect_refused("longer");
  server.logout_claims["exp"] = to_seconds(clock.now()) + 120;
  server.logout_claims["iat"] = to_seconds(clock.now()) - 181;
  expect_refused("longer");
}

TEST_F(LogoutTokenTest, another_event) {
  server.logout_claims["events"] = {{"http://schemas.example/other", boost::json::object()}};
  expect_refused("tells of no logout");
}

TEST_F(LogoutTokenTest, an_event_that_is_no_object) {
  server.logout_claims["events"] = {{"http://schemas.openid.net/event/backchannel-logout", true}};
  expect_refused("tells of no logout");
}

TEST_F(LogoutTokenTest, no_event) {
  server.logout_claims.erase("events");
  expect_refused("tells of no logout");
}

TEST_F(LogoutTokenTest, FE_17_a_nonce) {
  // FE-17
  server.logout_claims["nonce"] = "n";
  expect_refused("nonce");
}

TEST_F(LogoutTokenTest, about_nobody) {
  server.logout_claims.erase("sid");
  server.logout_claims.erase("sub");
  expect_refused("names nobody");
}

TEST_F(LogoutTokenTest, without_a_name_of_its_own) {
  server.logout_claims.erase("jti");
  expect_refused("no name");
}

TEST_F(LogoutTokenTest, FE_17_each_counts_once_until_it_expires) {
  // FE-17
  SpentLogoutTokens spent;
  const Time now = clock.now();
  EXPECT_TRUE(spent.take("a", now + std::chrono::seconds(10), now));
  EXPECT_FALSE(spent.take("a", now + std::chrono::seconds(10), now));
  EXPECT_TRUE(spent.take("b", now + std::chrono::seconds(10), now));
  EXPECT_TRUE(spent.take("a", now + std::chrono::seconds(30), now + std::chrono::seconds(10)));
}

TEST_F(LogoutTokenTest, the_memory_of_them_is_bounded) {
  SpentLogoutTokens spent;
  const Time now = clock.now();
  const Time later = now + std::chrono::seconds(10);
  for (std::size_t i = 0; i < SpentLogoutTokens::kCapacity; ++i) {
    EXPECT_TRUE(spent.take(std::to_string(i), later, now));
  }
  EXPECT_FALSE(spent.take("one-more", later, now));
  EXPECT_TRUE(spent.take("one-more", later + std::chrono::seconds(10), later));
}

}  // namespace
}  // namespace claviger::demo
