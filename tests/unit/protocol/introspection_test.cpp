// What introspection says, and to whom (RFC7662, RFC9701).
#include "protocol/tokens/introspection.hpp"

#include "base/json.hpp"
#include "tests/unit/protocol/baseline.hpp"

namespace claviger::protocol::test {
namespace {

AccessTokenClaims claims() {
  AccessTokenClaims claims;
  claims.sub = "as-the-client-sees-it";
  claims.client_id = "demo";
  claims.scopes = {"email", "username"};
  claims.audience = {"https://api.example"};
  claims.jti = "token-1";
  claims.grant = id(51);
  claims.issued_at = kNow;
  claims.expires_at = kNow + 600s;
  return claims;
}

TEST(Introspection, says_what_the_token_says) {  // RFC7662-2.2
  EXPECT_EQ(boost::json::serialize(introspect_access_token(claims(), policy())),
            R"({"active":true,"scope":"email username","client_id":"demo","token_type":"Bearer",)"
            R"("exp":1800000600,"iat":1800000000,"sub":"as-the-client-sees-it",)"
            R"("aud":"https://api.example","iss":"http://localhost:2003","jti":"token-1"})");
  auto acting = claims();
  acting.audience.emplace_back("https://b.example");
  acting.act = R"({"sub":"agent"})";
  const auto answer = introspect_access_token(acting, policy());
  EXPECT_EQ(boost::json::serialize(answer.at("aud")),
            R"(["https://api.example","https://b.example"])");
  EXPECT_EQ(boost::json::serialize(answer.at("act")), R"({"sub":"agent"})");
  EXPECT_EQ(boost::json::serialize(introspect_nothing()), R"({"active":false})");
}

TEST(Introspection, of_a_refresh_token_tells_when_it_ends) {  // RFC7662-2.2
  Grant grant;
  grant.client_id = "demo";
  grant.scopes = {"email"};
  RefreshFamily family;
  family.rotated_at = kNow;
  family.idle_expires_at = kNow + 100s;
  family.expires_at = kNow + 900s;
  EXPECT_EQ(boost::json::serialize(introspect_refresh_token(grant, family, "s", policy())),
            R"({"active":true,"scope":"email","client_id":"demo","exp":1800000100,)"
            R"("iat":1800000000,"sub":"s","iss":"http://localhost:2003"})");
}

// IN-02: whose business a token is.
TEST(Introspection, IN_02_answers_those_whom_the_token_concerns) {
  EXPECT_TRUE(may_introspect(confidential_client(), claims()));
  EXPECT_FALSE(may_introspect(public_client(), claims()));
  auto other = confidential_client();
  other.client_id = "other";
  EXPECT_FALSE(may_introspect(other, claims()));
  // A name alone means nothing: the operator has to have said that it is the resource.
  other.client_id = "https://api.example";
  EXPECT_FALSE(may_introspect(other, claims()));
  other.metadata.resources = {"https://b.example", "https://api.example"};
  EXPECT_TRUE(may_introspect(other, claims()));
  other.auth_method = AuthMethod::none;
  EXPECT_FALSE(may_introspect(other, claims()));

  Grant grant;
  grant.client_id = "demo";
  EXPECT_TRUE(may_introspect(confidential_client(), grant));
  EXPECT_FALSE(may_introspect(other, grant));
  EXPECT_FALSE(may_introspect(public_client(), grant));
}

TEST(Introspection, the_signed_form_is_for_the_caller) {  // RFC9701-5
  const auto signed_form =
      introspection_claims(introspect_nothing(), confidential_client(), policy(), kNow);
  EXPECT_EQ(boost::json::serialize(signed_form),
            R"({"iss":"http://localhost:2003","aud":"demo","iat":1800000000,)"
            R"("token_introspection":{"active":false}})");
}

TEST(Introspection, the_signed_form_is_asked_for_by_accept) {  // RFC9701-4
  for (const char* yes : {"application/token-introspection+jwt",
                          "application/json;q=0.5, Application/Token-Introspection+JWT ;q=1"}) {
    EXPECT_TRUE(wants_signed_introspection(yes)) << yes;
  }
  for (const char* no :
       {"", "*/*", "application/json", "application/*", "xapplication/token-introspection+jwt"}) {
    EXPECT_FALSE(wants_signed_introspection(no)) << no;
  }
}

}  // namespace
}  // namespace claviger::protocol::test
