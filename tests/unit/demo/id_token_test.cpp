// OIDCC-3.1.3.7 as a relying party reads it: one good token, spoilt in one way at a time.
#include "demo/client/id_token.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "crypto/jws.hpp"
#include "fake_server.hpp"
#include "tests/support/fixed_clock.hpp"

namespace claviger::demo {
namespace {

using ::testing::HasSubstr;

class IdTokenTest : public ::testing::Test {
 protected:
  IdTokenTest() {
    server.id_claims["nonce"] = "the-nonce";
    server.id_claims["at_hash"] = crypto::half_hash(crypto::Alg::ES256, "the-access-token");
    keys.replace({{"keys", boost::json::array{server.key.public_key().jwk()}}});
  }
  JudgedToken judge(const std::string& token) {
    const ExpectedIdToken expected{"http://localhost:2003", "oidc-client", "the-nonce",
                                   "the-access-token", clock.now()};
    return judge_id_token(token, keys, expected);
  }
  void expect_refused(std::string_view remark) { expect_refused(server.id_token(), remark); }
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

TEST_F(IdTokenTest, OIDCC_3_1_3_7_a_good_one_tells_who_signed_in) {
  // OIDCC-3.1.3.7
  const auto judged = judge(server.id_token());
  EXPECT_EQ(judged.seen.verdict, Verdict::verified) << judged.seen.remark;
  EXPECT_EQ(judged.claims.at("sub"), "ada-sub");
  EXPECT_EQ(judged.seen.expires, from_seconds(to_seconds(clock.now()) + 600));
}

TEST_F(IdTokenTest, takes_RS256_and_an_audience_in_a_list) {
  server.key = crypto::PrivateKey::generate(crypto::Alg::RS256);
  keys.replace({{"keys", boost::json::array{server.key.public_key().jwk()}}});
  server.id_claims["aud"] = boost::json::array{"oidc-client"};
  server.id_claims["azp"] = "oidc-client";
  const auto judged = judge(server.id_token());
  EXPECT_EQ(judged.seen.verdict, Verdict::verified) << judged.seen.remark;
}

TEST_F(IdTokenTest, is_no_JWT) { expect_refused("abc", "no JWT"); }

TEST_F(IdTokenTest, an_unsigned_one_is_refused) {
  const auto payload = base64url_encode(as_bytes(boost::json::serialize(server.id_claims)));
  expect_refused(base64url_encode(as_bytes(R"({"alg":"none"})")) + "." + payload + ".", "no JWT");
}

TEST_F(IdTokenTest, another_key_is_refused) {
  server.key = crypto::PrivateKey::generate(crypto::Alg::ES256);
  expect_refused("signature");
}

TEST_F(IdTokenTest, a_changed_byte_is_refused) {
  auto token = server.id_token();
  token[token.find('.') + 5] ^= 1;
  EXPECT_EQ(judge(token).seen.verdict, Verdict::failed);
}

TEST_F(IdTokenTest, an_algorithm_that_was_not_registered_is_refused) {
  server.key = crypto::PrivateKey::generate(crypto::Alg::EdDSA);
  keys.replace({{"keys", boost::json::array{server.key.public_key().jwk()}}});
  expect_refused("algorithm");
}

TEST_F(IdTokenTest, RFC8725_3_11_an_access_token_signs_nobody_in) {
  // RFC8725-3.11
  expect_refused(crypto::sign_jws(server.key, "at+jwt", server.id_claims), "another kind");
  expect_refused(crypto::sign_jws(server.key, "logout+jwt", server.id_claims), "another kind");
}

TEST_F(IdTokenTest, another_issuer) {
  server.id_claims["iss"] = "http://localhost:2003/";
  expect_refused("another issuer");
}

TEST_F(IdTokenTest, another_audience) {
  server.id_claims["aud"] = "somebody-else";
  expect_refused("not for this client");
}

TEST_F(IdTokenTest, an_audience_besides_us) {
  server.id_claims["aud"] = boost::json::array{"oidc-client", "somebody-else"};
  expect_refused("not for this client alone");
}

TEST_F(IdTokenTest, no_audience) {
  server.id_claims.erase("aud");
  expect_refused("not for this client");
}

TEST_F(IdTokenTest, another_authorized_party) {
  server.id_claims["azp"] = "somebody-else";
  expect_refused("another client");
}

TEST_F(IdTokenTest, expired_to_the_second) {
  clock.advance(std::chrono::seconds(600));
  expect_refused("expired");
}

TEST_F(IdTokenTest, without_an_end) {
  server.id_claims.erase("exp");
  expect_refused("expired");
}

TEST_F(IdTokenTest, made_in_the_future) {
  server.id_claims["iat"] = to_seconds(clock.now()) + 61;
  expect_refused("future");
}

TEST_F(IdTokenTest, without_a_time) {
  server.id_claims.erase("iat");
  expect_refused("future");
}

TEST_F(IdTokenTest, about_nobody) {
  server.id_claims.erase("sub");
  expect_refused("nobody");
}

TEST_F(IdTokenTest, about_somebody_with_too_long_a_name) {
  server.id_claims["sub"] = std::string(256, 'a');
  expect_refused("nobody");
}

TEST_F(IdTokenTest, OIDCC_15_5_2_another_nonce) {
  // OIDCC-15.5.2
  server.id_claims["nonce"] = "the-nonce-of-another";
  expect_refused("nonce");
}

TEST_F(IdTokenTest, no_nonce) {
  server.id_claims.erase("nonce");
  expect_refused("nonce");
}

TEST_F(IdTokenTest, OIDCC_3_1_3_8_another_access_token) {
  // OIDCC-3.1.3.8
  server.id_claims["at_hash"] = crypto::half_hash(crypto::Alg::ES256, "the-token-of-another");
  expect_refused("another access token");
}

}  // namespace
}  // namespace claviger::demo
