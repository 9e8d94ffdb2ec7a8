// A token that was seen before is known by all of its bytes and by nothing less.
#include "endpoints/known_tokens.hpp"

#include "base/base64url.hpp"
#include "protocol/tokens/access_token.hpp"
#include "tests/server/relying_party.hpp"

namespace claviger::test {
namespace {

using std::chrono::seconds;

class TokensSeenBefore : public RelyingParty {
 protected:
  // Everywhere that a token opens something.
  void expect_refused(const std::string& token) {
    EXPECT_EQ(json_of(introspect(about(token))).at("active"), false);
    EXPECT_EQ(site.api(token).status, 401u);
    EXPECT_EQ(userinfo(token).status, 401u);
  }
  void expect_taken(const std::string& token) {
    EXPECT_EQ(json_of(introspect(about(token))).at("active"), true);
    EXPECT_EQ(site.api(token).status, 200u);
    EXPECT_EQ(userinfo(token).status, 200u);
  }
  static std::string payload_of(const std::string& token) {
    const auto from = token.find('.') + 1;
    const auto bytes = base64url_decode(token.substr(from, token.rfind('.') - from)).value();
    return std::string(bytes.begin(), bytes.end());
  }
  static std::string with_payload(const std::string& token, const std::string& payload) {
    return token.substr(0, token.find('.') + 1) + base64url_encode(as_bytes(payload)) +
           token.substr(token.rfind('.'));
  }
};

TEST_F(TokensSeenBefore, a_live_token_with_another_subject_is_nobodys) {
  const auto token = access("openid");
  expect_taken(token);
  auto payload = parse_json(payload_of(token))->as_object();
  payload["sub"] = "somebody-else";
  expect_refused(with_payload(token, boost::json::serialize(payload)));
  expect_taken(token);
}

TEST_F(TokensSeenBefore, the_id_of_a_live_token_under_a_foreign_key_is_nothing) {
  const auto token = access("openid");
  expect_taken(token);
  const auto payload = parse_json(payload_of(token))->as_object();
  const auto foreign = crypto::PrivateKey::generate(crypto::Alg::ES256);
  const auto forged = crypto::sign_jws(foreign, "at+jwt", payload);
  expect_refused(forged);
  // With the kid of our own key too: header and payload byte for byte, another signature.
  expect_refused(token.substr(0, token.rfind('.')) + forged.substr(forged.rfind('.')));
}

TEST_F(TokensSeenBefore, no_byte_of_it_may_differ) {
  const auto token = access("openid");
  expect_taken(token);
  for (std::size_t at = 0; at < token.size(); at += 7) {
    auto changed = token;
    changed[at] = changed[at] == 'A' ? 'B' : 'A';
    EXPECT_EQ(site.api(changed).status, 401u) << at;
  }
}

TEST_F(TokensSeenBefore, it_ends_with_its_time_its_revocation_and_its_key) {
  const auto expiring = access("openid");
  const auto revoked = access("openid");
  expect_taken(revoked);
  ASSERT_EQ(site.post("/revoke", about(revoked)).status, 200u);
  expect_refused(revoked);
  expect_taken(expiring);
  site.clock.advance(seconds(601));
  expect_refused(expiring);
  const auto of_old_key = access("openid");
  expect_taken(of_old_key);
  const auto kid = site.node().keys().current()->signing_key(crypto::Alg::ES256, site.clock.now());
  ASSERT_TRUE(run_task(site.node().operations().call("key.revoke", {{"kid", kid->kid()}})));
  expect_refused(of_old_key);
}

AccessTokenClaims some_claims(Time now) {
  AccessTokenClaims claims;
  claims.sub = "ada";
  claims.client_id = "shop";
  claims.jti = "1";
  claims.expires_at = now + seconds(600);
  return claims;
}

TEST(KnownTokens, finds_what_it_was_told_under_the_same_keys_until_it_expires) {
  const Time now = from_seconds(1'800'000'000);
  const auto ring = std::make_shared<const crypto::KeyRing>(std::vector<crypto::KeyRing::Signing>{},
                                                            std::vector<crypto::KeyRing::Mac>{},
                                                            std::vector<crypto::KeyRing::Mac>{});
  const auto another = std::make_shared<const crypto::KeyRing>(*ring);
  endpoints::KnownTokens known;
  EXPECT_FALSE(known.find("a.b.c", ring, now));
  known.add("a.b.c", ring, std::make_shared<const AccessTokenClaims>(some_claims(now)));
  ASSERT_TRUE(known.find("a.b.c", ring, now));
  EXPECT_EQ(known.find("a.b.c", ring, now)->sub, "ada");
  EXPECT_FALSE(known.find("a.b.d", ring, now));
  EXPECT_FALSE(known.find("a.b.c", another, now));
  EXPECT_TRUE(known.find("a.b.c", ring, now + seconds(599)));
  EXPECT_FALSE(known.find("a.b.c", ring, now + seconds(600)));
}

// What is added when a token is made is what verification would have read from it.
TEST_F(TokensSeenBefore, what_is_known_of_a_new_token_is_what_it_says) {
  site.clock.advance(std::chrono::microseconds(123'456));
  const auto token = access("openid email");
  const auto ring = site.node().keys().current();
  const auto now = site.clock.now();
  const auto known = site.node().deps().known_tokens.find(token, ring, now);
  ASSERT_TRUE(known);
  const auto read = protocol::verify_access_token(token, *ring, site.node().deps().policy, now);
  ASSERT_TRUE(read);
  const auto facts = [](const AccessTokenClaims& claims) {
    return std::tie(claims.sub, claims.client_id, claims.scopes, claims.audience, claims.jti,
                    claims.grant, claims.act, claims.issued_at, claims.expires_at);
  };
  EXPECT_TRUE(facts(*known) == facts(*read));
}

}  // namespace
}  // namespace claviger::test
