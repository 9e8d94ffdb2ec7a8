// Assertions about a person as a grant (RFC7523-2.1; row TX-09), through the whole node.
#include "tests/server/grants_world.hpp"

namespace claviger::test {
namespace {

using namespace std::chrono_literals;

class GrantAssertions : public GrantsWorld {
 protected:
  void SetUp() override {
    GrantsWorld::SetUp();
    add(make_signing_client("agent"));
  }

  // ada signs in with the agent once and lets it have this much.
  void consent(std::string_view scope = "email username openid") {
    Browser browser(site);
    auto request = with(with(authorize_request(), "client_id", "agent"), "scope", scope);
    EXPECT_NE(parameter(sign_in(browser, request), "code"), "");
  }
  boost::json::object about_ada() {
    auto claims = assertion_claims("agent");
    claims["sub"] = ada().sub;
    return claims;
  }
  std::string signed_claims(const boost::json::object& claims) {
    return crypto::sign_jws(client_key(), "JWT", claims);
  }
  http::Response ask(const std::string& about, std::string_view scope = "") {
    auto form = form_of({{"grant_type", kBearerGrant}, {"assertion", about}});
    if (!scope.empty()) form.add("scope", scope);
    return site.post("/token", signing_as("agent", form));
  }
  void expect_refused(const http::Response& response, std::string_view reason) {
    EXPECT_EQ(response.status, 400u) << response.body;
    EXPECT_EQ(text_of(response, "error"), "invalid_grant");
    EXPECT_EQ(reason_of(response), reason);
  }
};

// RFC7523-2.1, RFC7521-4.1
TEST_F(GrantAssertions, WhatWasAllowedBefore) {
  consent();
  const auto response = ask(signed_claims(about_ada()));
  ASSERT_EQ(response.status, 200u) << response.body;
  EXPECT_EQ(text_of(response, "scope"), "email username");
  EXPECT_FALSE(json_of(response).contains("refresh_token"));
  EXPECT_FALSE(json_of(response).contains("id_token"));
  const auto token = text_of(response, "access_token");
  EXPECT_TRUE(is_live(token));
  EXPECT_EQ(claim(token, "sub"), ada().sub);
  EXPECT_EQ(text_of(ask(signed_claims(about_ada()), "email"), "scope"), "email");
}

// TX-09: skipped consent.
TEST_F(GrantAssertions, TX_09_WithoutConsent) {
  expect_refused(ask(signed_claims(about_ada())), "assertion.no_consent");
  consent("email");
  EXPECT_EQ(ask(signed_claims(about_ada())).status, 200u);
  expect_refused(ask(signed_claims(about_ada()), "email phone"), "assertion.no_consent");
  run_task(store().consents.withdraw(ada().sub, "agent", site.clock.now()));
  expect_refused(ask(signed_claims(about_ada())), "assertion.no_consent");
}

// TX-09: a disabled person; and whoever is none.
TEST_F(GrantAssertions, TX_09_ThePerson) {
  consent();
  auto nobody = about_ada();
  nobody["sub"] = "nobody";
  expect_refused(ask(signed_claims(nobody)), "assertion.subject");
  auto itself = about_ada();
  itself["sub"] = "agent";  // CA-22: a client's id is nobody's name
  expect_refused(ask(signed_claims(itself)), "assertion.subject");
  const auto sub = ada().sub;
  auto claims = about_ada();
  run_task(store().users.set_disabled(sub, true, site.clock.now()));
  expect_refused(ask(signed_claims(claims)), "gate.user_disabled");
}

// TX-09, CA-06: once, and a restart resets nothing.
TEST_F(GrantAssertions, TX_09_IsGoodOnce) {
  consent();
  const auto once = signed_claims(about_ada());
  EXPECT_EQ(ask(once).status, 200u);
  expect_refused(ask(once), "assertion.replayed");
  site.reopen();
  expect_refused(ask(once), "assertion.replayed");
}

// TX-09: the rules of assertions hold here too; the whole table is own_grants_test.cpp's.
TEST_F(GrantAssertions, TX_09_Spoiled) {
  consent();
  struct Row {
    const char* name;
    boost::json::value value;  // null: taken out
    const char* reason;
  };
  const Row rows[] = {
      {"exp", nullptr, "assertion.lifetime"},
      {"jti", nullptr, "assertion.no_id"},
      {"aud", "https://other.example", "assertion.audience"},
      {"aud", boost::json::string(std::string(kIssuer) + "/token"), "assertion.audience"},
      {"iss", "demo-client", "assertion.issuer"}};
  for (const auto& row : rows) {
    auto claims = about_ada();
    if (row.value.is_null()) {
      claims.erase(row.name);
    } else {
      claims[row.name] = row.value;
    }
    expect_refused(ask(signed_claims(claims)), row.reason);
  }
  // CA-05: a secret of the reader's own choice.
  const auto forged =
      crypto::mac_jws(crypto::MacKey(as_bytes("whatever")), client_key().kid(), "JWT", about_ada());
  expect_refused(ask(forged), "assertion.algorithm");
  const auto thief = crypto::PrivateKey::generate(crypto::Alg::ES256);
  expect_refused(ask(crypto::sign_jws(thief, "JWT", about_ada())), "assertion.key");
  expect_refused(ask("garbage"), "assertion.unsound");
  change_client("agent", [](Client& client) { client.profile = Profile::oidc_compat; });
  auto compat = about_ada();
  compat["aud"] = std::string(kIssuer) + "/token";
  EXPECT_EQ(ask(signed_claims(compat)).status, 200u);
}

// The assertion says for whom; who calls is proven apart from it (RFC7521-4.1).
TEST_F(GrantAssertions, TX_09_TheClientAuthenticatesToo) {
  consent();
  const auto form =
      form_of({{"grant_type", kBearerGrant}, {"assertion", signed_claims(about_ada())}});
  EXPECT_EQ(site.post("/token", form).status, 401u);
  // Another client that presents it is not the one that made it.
  const auto other = site.post("/token", as("demo-client", form));
  EXPECT_EQ(other.status, 400u);
  EXPECT_EQ(text_of(other, "error"), "invalid_grant");
}

// TE-08, and clients that see pairwise names.
TEST_F(GrantAssertions, TE_08_OnlyWhoMay) {
  consent();
  change_client("agent",
                [](Client& client) { client.metadata.subject_type = SubjectType::pairwise; });
  expect_refused(ask(signed_claims(about_ada())), "assertion.subject");
  change_client("agent", [](Client& client) {
    client.metadata.subject_type = SubjectType::public_;
    std::erase(client.grant_types, GrantType::jwt_bearer);
  });
  const auto response = ask(signed_claims(about_ada()));
  EXPECT_EQ(response.status, 400u);
  EXPECT_EQ(text_of(response, "error"), "unauthorized_client");
}

// TX-11: it ends with the consent.
TEST_F(GrantAssertions, TX_09_EndsWithTheConsent) {
  consent();
  const auto token = text_of(ask(signed_claims(about_ada())), "access_token");
  EXPECT_TRUE(is_live(token));
  run_task(store().consents.withdraw(ada().sub, "agent", site.clock.now()));
  EXPECT_FALSE(is_live(token));
}

// RFC8707-2
TEST_F(GrantAssertions, ForAResource) {
  consent();
  auto form = form_of({{"grant_type", kBearerGrant}, {"assertion", signed_claims(about_ada())}});
  form.add("resource", kApi);
  const auto response = site.post("/token", signing_as("agent", form));
  EXPECT_EQ(claim(text_of(response, "access_token"), "aud"), kApi);
}

}  // namespace
}  // namespace claviger::test
