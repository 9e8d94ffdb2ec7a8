#include "protocol/tokens/access_token.hpp"

#include "base/base64url.hpp"
#include "base/json.hpp"
#include "base/reasons/gate.hpp"
#include "protocol/tokens/claims.hpp"
#include "tests/unit/protocol/baseline.hpp"

namespace claviger::protocol::test {
namespace {

const crypto::PrivateKey& key() { return *ring().signing_key(crypto::Alg::ES256, kNow); }

AccessTokenClaims claims() {
  AccessTokenClaims claims;
  claims.sub = user().sub;
  claims.client_id = "demo";
  claims.scopes = {"username", "email"};
  claims.audience = {policy().issuer};
  claims.jti = "token-1";
  claims.grant = id(51);
  claims.issued_at = kNow;
  claims.expires_at = kNow + 600s;
  return claims;
}

std::string minted(const AccessTokenClaims& claims) {
  return std::string(mint_access_token(claims, key(), policy()).reveal());
}

boost::json::object payload() { return crypto::peek_jws(minted(claims()))->payload; }

std::string signed_with(boost::json::object payload, std::string_view typ = "at+jwt") {
  return crypto::sign_jws(key(), typ, payload);
}

std::string_view verified(std::string_view token, Time now = kNow) {
  const auto claims = verify_access_token(token, ring(), policy(), now);
  return outcome(claims ? judge_audience(*claims, policy()) : std::unexpected(claims.error()));
}

// RFC9068-2.1, RFC9068-2.2
TEST(AccessToken, says_what_it_must) {
  const auto jws = crypto::peek_jws(minted(claims()));
  ASSERT_TRUE(jws);
  EXPECT_EQ(json_text(jws->header, "typ"), "at+jwt");
  EXPECT_EQ(json_text(jws->header, "kid"), key().kid());
  const auto& p = jws->payload;
  EXPECT_EQ(json_text(p, "iss"), "http://localhost:2003");
  EXPECT_EQ(json_text(p, "aud"), "http://localhost:2003");
  EXPECT_EQ(json_text(p, "sub"), user().sub);
  EXPECT_EQ(json_text(p, "client_id"), "demo");
  EXPECT_EQ(json_text(p, "scope"), "username email");
  EXPECT_EQ(json_text(p, "jti"), "token-1");
  EXPECT_EQ(json_text(p, "grant_id"), id(51).text());
  EXPECT_EQ(json_seconds(p, "iat"), 1'800'000'000);
  EXPECT_EQ(json_seconds(p, "exp"), 1'800'000'600);
}

TEST(AccessToken, comes_back_as_it_was) {
  const auto back = verify_access_token(minted(claims()), ring(), policy(), kNow);
  ASSERT_TRUE(back) << back.error().reason->id;
  EXPECT_EQ(back->sub, user().sub);
  EXPECT_EQ(back->scopes, claims().scopes);
  EXPECT_EQ(back->grant, id(51));
  EXPECT_EQ(back->expires_at, kNow + 600s);
  auto bare = claims();
  bare.scopes.clear();
  bare.grant.reset();
  const auto without = verify_access_token(minted(bare), ring(), policy(), kNow);
  ASSERT_TRUE(without);
  EXPECT_TRUE(without->scopes.empty());
  EXPECT_FALSE(without->grant);
  EXPECT_FALSE(crypto::peek_jws(minted(bare))->payload.contains("scope"));
}

// RFC8707-2, RFC8693-4.1: whom it is for and who acts come back too.
TEST(AccessToken, audience_and_actor) {
  auto several = claims();
  several.audience = {"https://a.example", "https://b.example"};
  several.act = R"({"sub":"agent","act":{"sub":"first"}})";
  const auto payload_of = crypto::peek_jws(minted(several))->payload;
  EXPECT_EQ(boost::json::serialize(payload_of.at("aud")),
            R"(["https://a.example","https://b.example"])");
  const auto back = verify_access_token(minted(several), ring(), policy(), kNow);
  ASSERT_TRUE(back);  // ours and live, though not for us
  EXPECT_EQ(back->audience, several.audience);
  EXPECT_EQ(back->act, several.act);
  EXPECT_EQ(outcome(judge_audience(*back, policy())), "access_token.audience");
}

// RFC9068-4, IN-09, JO-24, JO-25, JO-26, JO-27
TEST(AccessToken, spoiled) {
  const auto with = [](std::string_view name, boost::json::value value) {
    auto p = payload();
    p[name] = std::move(value);
    return signed_with(std::move(p));
  };
  const auto without = [](std::string_view name) {
    auto p = payload();
    p.erase(name);
    return signed_with(std::move(p));
  };
  const boost::json::array many(17, boost::json::value("http://localhost:2003"));
  struct Row {
    std::string_view id;
    std::string token;
    std::string_view outcome;
  };
  const Row rows[] = {
      {"valid", minted(claims()), "ok"},
      {"RFC9068-4 empty", "", "access_token.invalid"},
      {"RFC9068-4 too long", std::string(9000, 'a'), "access_token.invalid"},
      {"IN-09 an ID token", signed_with(payload(), "JWT"), "access_token.invalid"},
      {"JO-27 a refresh token",
       crypto::mac_jws(*ring().find_refresh_mac("refresh-1"), "refresh-1", "at+jwt", payload()),
       "access_token.invalid"},
      {"foreign key",
       crypto::sign_jws(crypto::PrivateKey::generate(crypto::Alg::ES256), "at+jwt", payload()),
       "access_token.invalid"},
      {"JO-26 slash", with("iss", "http://localhost:2003/"), "access_token.issuer"},
      {"JO-26 case", with("iss", "http://LOCALHOST:2003"), "access_token.issuer"},
      {"no iss", without("iss"), "access_token.issuer"},
      {"JO-25 foreign", with("aud", "https://other.example"), "access_token.audience"},
      {"JO-25 none", without("aud"), "access_token.audience"},
      {"JO-25 number", with("aud", 1), "access_token.audience"},
      {"JO-25 empty list", with("aud", boost::json::array{}), "access_token.audience"},
      {"JO-25 long list", with("aud", many), "access_token.audience"},
      {"JO-25 mixed list", with("aud", {"http://localhost:2003", 1}), "access_token.audience"},
      {"JO-25 us among others", with("aud", {"https://a.example", "http://localhost:2003"}), "ok"},
      {"JO-24 exp a text", with("exp", "1800000600"), "access_token.claims"},
      {"JO-24 exp beyond every calendar", with("exp", 9'007'199'254'740'991),
       "access_token.claims"},
      {"JO-24 no exp", without("exp"), "access_token.claims"},
      {"no iat", without("iat"), "access_token.claims"},
      {"no sub", without("sub"), "access_token.claims"},
      {"empty sub", with("sub", ""), "access_token.claims"},
      {"no client_id", without("client_id"), "access_token.claims"},
      {"no jti", without("jti"), "access_token.claims"},
      {"scope a list", with("scope", boost::json::array{"email"}), "access_token.claims"},
      {"grant_id malformed", with("grant_id", "x"), "access_token.claims"},
      {"grant_id a number", with("grant_id", 1), "access_token.claims"},
      {"no scope", without("scope"), "ok"},
      {"act a text", with("act", "agent"), "access_token.claims"},
  };
  for (const auto& row : rows) EXPECT_EQ(verified(row.token), row.outcome) << row.id;
}

TEST(AccessToken, expires) {
  EXPECT_EQ(verified(minted(claims()), kNow + 600s - 1us), "ok");
  EXPECT_EQ(verified(minted(claims()), kNow + 600s), "access_token.expired");
}

TEST(AccessToken, one_flipped_bit) {
  const auto token = minted(claims());
  for (const std::size_t at : {std::size_t{3}, token.find('.') + 5, token.size() - 5}) {
    auto flipped = token;
    flipped[at] = flipped[at] == 'A' ? 'B' : 'A';
    EXPECT_EQ(verified(flipped), "access_token.invalid") << at;
  }
}

Grant grant() {
  Grant grant;
  grant.id = id(51);
  grant.sub = user().sub;
  grant.client_id = "demo";
  return grant;
}

// RFC6750-3.1, CI-01: what was revoked is refused here at once.
TEST(GrantBehindToken, its_state_counts) {
  const Result<void> open;
  const Result<void> closed = refused(reason::gate_user_disabled);
  auto revoked = grant();
  revoked.revoked_at = kNow;
  auto of_somebody_else = grant();
  of_somebody_else.sub = "B";
  auto of_another_client = grant();
  of_another_client.client_id = "other";
  auto other = grant();
  other.id = id(99);
  auto free = claims();
  free.grant.reset();

  const auto judged = [](const AccessTokenClaims& c, const std::optional<Grant>& g, bool denied,
                         const Result<void>& gate) {
    return outcome(judge_grant_behind_token(c, g ? &*g : nullptr, g ? g->sub : "", denied, gate));
  };
  EXPECT_EQ(judged(claims(), grant(), false, open), "ok");
  EXPECT_EQ(judged(claims(), grant(), true, open), "access_token.revoked");
  EXPECT_EQ(judged(claims(), {}, false, open), "access_token.grant_gone");
  EXPECT_EQ(judged(claims(), other, false, open), "access_token.grant_gone");
  EXPECT_EQ(judged(claims(), of_somebody_else, false, open), "access_token.grant_gone");
  EXPECT_EQ(judged(claims(), of_another_client, false, open), "access_token.grant_gone");
  EXPECT_EQ(judged(claims(), revoked, false, open), "access_token.grant_revoked");
  EXPECT_EQ(judged(claims(), grant(), false, closed), "access_token.grant_ended");
  EXPECT_EQ(judged(free, {}, false, open), "ok");
  EXPECT_EQ(judged(free, {}, false, closed), "access_token.grant_ended");
}

TEST(Claims, follow_the_scopes) {
  EXPECT_EQ(boost::json::serialize(claims_for(user(), {"username", "email"})),
            R"({"email":"ada@example.test","username":"ada"})");
  EXPECT_EQ(boost::json::serialize(claims_for(user(), policy().scopes)),
            R"({"email":"ada@example.test","username":"ada","firstname":"Ada",)"
            R"("lastname":"Lovelace","phone":"+44 20 7946 0958"})");
  EXPECT_EQ(boost::json::serialize(claims_for(user(), {"password_hash", "sub"})), "{}");
  auto sparse = user();
  sparse.phone.clear();
  EXPECT_EQ(boost::json::serialize(claims_for(sparse, {"phone"})), "{}");
}

}  // namespace
}  // namespace claviger::protocol::test
