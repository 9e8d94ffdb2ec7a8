// Token exchange (RFC8693; rows TX), through the whole node.
#include "tests/server/grants_world.hpp"

namespace claviger::test {
namespace {

using namespace std::chrono_literals;

class Exchanges : public GrantsWorld {
 protected:
  void SetUp() override {
    GrantsWorld::SetUp();
    add(make_client("gateway"));
    add(make_client("stranger"));
  }

  // ada's token at the demo client.
  Tokens signed_in(std::string_view scope = "email username openid offline_access") {
    Browser browser(site);
    auto request = with(authorize_request(), "scope", scope);
    request.add("prompt", "consent");
    return tokens_of(site.post("/token", code_form(parameter(sign_in(browser, request), "code"))));
  }
  static Form exchange(const std::string& subject) {
    return form_of({{"grant_type", kExchangeGrant},
                    {"subject_token", subject},
                    {"subject_token_type", kAccessTokenType}});
  }
  http::Response ask(const Form& form, const std::string& name = "demo-client") {
    return site.post("/token", as(name, form));
  }
  static Form plus(Form form, std::string_view name, std::string_view value) {
    form.add(name, value);
    return form;
  }
  void expect_refused(const http::Response& response, std::string_view error) {
    EXPECT_EQ(response.status, 400u) << response.body;
    EXPECT_EQ(text_of(response, "error"), error) << reason_of(response);
    EXPECT_EQ(text_of(response, "access_token"), "");
  }
};

// RFC8693-2.2.1, TX-08, TX-10
TEST_F(Exchanges, TheAnswer) {
  const auto subject = signed_in().access;
  const auto response = ask(exchange(subject));
  ASSERT_EQ(response.status, 200u) << response.body;
  EXPECT_EQ(text_of(response, "issued_token_type"), kAccessTokenType);
  EXPECT_EQ(text_of(response, "token_type"), "Bearer");
  EXPECT_FALSE(json_of(response).contains("refresh_token"));
  EXPECT_FALSE(json_of(response).contains("id_token"));
  const auto token = text_of(response, "access_token");
  EXPECT_TRUE(is_live(token));
  const auto claims = claims_of(token);
  EXPECT_EQ(claims.at("sub"), claims_of(subject).at("sub"));
  EXPECT_EQ(claims.at("client_id"), "demo-client");
  EXPECT_EQ(claims.at("act").at("sub"), "demo-client");
  EXPECT_EQ(claims.at("scope"), "email username");
  EXPECT_TRUE(was_logged("token.exchanged"));
}

// TX-01
TEST_F(Exchanges, TX_01_NothingIsWidened) {
  const auto subject = signed_in("email").access;
  expect_refused(ask(plus(exchange(subject), "scope", "email phone")), "invalid_scope");
  expect_refused(ask(plus(exchange(subject), "resource", "https://evil.example")),
                 "invalid_target");
  expect_refused(ask(plus(exchange(subject), "audience", "anybody")), "invalid_target");
  const auto narrowed = ask(plus(exchange(subject), "resource", kApi));
  EXPECT_EQ(claim(text_of(narrowed, "access_token"), "aud"), kApi);
  change_client("demo-client", [](Client& client) { client.scopes = {"username"}; });
  expect_refused(ask(plus(exchange(subject), "scope", "email")), "invalid_scope");
  EXPECT_EQ(text_of(ask(exchange(subject)), "scope"), "");
}

// TX-02: never a token of the client's own instead.
TEST_F(Exchanges, TX_02_WithoutASubject) {
  const auto subject = signed_in().access;
  expect_refused(ask(with(exchange(subject), "subject_token", "")), "invalid_request");
  expect_refused(ask(with(exchange(subject), "subject_token_type", "")), "invalid_request");
  expect_refused(ask(with(exchange(subject), "subject_token", "garbage")), "invalid_request");
  expect_refused(ask(with(exchange(subject), "subject_token_type",
                          "urn:ietf:params:oauth:token-type:id_token")),
                 "invalid_request");
}

// TX-03: revoked, expired, ended: as introspection would find it.
TEST_F(Exchanges, TX_03_DeadSubjects) {
  const auto expired = signed_in().access;
  site.clock.advance(600s);
  expect_refused(ask(exchange(expired)), "invalid_request");
  const auto revoked = signed_in().access;
  const auto grant = Id::parse(claim(revoked, "grant_id")).value();
  run_task(store().grants.revoke(grant, "operator", site.clock.now()));
  expect_refused(ask(exchange(revoked)), "invalid_request");
  const auto denied = signed_in().access;
  run_task(store().grants.deny_token(claim(denied, "jti"), site.clock.now() + 600s));
  expect_refused(ask(exchange(denied)), "invalid_request");
  const auto ended = signed_in();
  run_task(store().users.set_disabled(ada().sub, true, site.clock.now()));
  expect_refused(ask(exchange(ended.access)), "invalid_request");
  expect_refused(ask(exchange(ended.refresh)), "invalid_request");
}

// TX-04, RFC8693-2.2.2: tokens of another issuer are none.
TEST_F(Exchanges, TX_04_OfAnotherIssuer) {
  auto claims = claims_of(signed_in().access);
  claims["iss"] = "https://other.example";
  const auto foreign = crypto::sign_jws(client_key(), "at+jwt", claims);
  expect_refused(ask(exchange(foreign)), "invalid_request");
  claims["iss"] = kIssuer;
  expect_refused(ask(exchange(crypto::sign_jws(client_key(), "at+jwt", claims))),
                 "invalid_request");
}

// TX-06
TEST_F(Exchanges, TX_06_ActorsEnd) {
  auto token = signed_in().access;
  for (int depth = 1; depth <= 4; ++depth) {
    const auto response = ask(exchange(token));
    ASSERT_EQ(response.status, 200u) << depth;
    token = text_of(response, "access_token");
    auto act = claims_of(token).at("act");
    int found = 1;
    while (act.as_object().contains("act")) {
      act = boost::json::value(act.at("act"));
      ++found;
    }
    EXPECT_EQ(found, depth);
  }
  expect_refused(ask(exchange(token)), "invalid_request");
}

// TX-10: another client needs to be named in the token's audience.
TEST_F(Exchanges, TX_10_OnlyForWhomItIsMeant) {
  const auto subject = signed_in().access;
  expect_refused(ask(exchange(subject), "stranger"), "invalid_request");
  expect_refused(ask(exchange(subject), "gateway"), "invalid_request");
  // A resource server whose client id is its resource: what was made for it is in its reach.
  auto api = make_client(kApi);
  add(api);
  const auto for_api = ask(plus(exchange(subject), "resource", kApi));
  const auto token = text_of(for_api, "access_token");
  const auto onward = ask(exchange(token), kApi);
  ASSERT_EQ(onward.status, 200u) << onward.body;
  const auto claims = claims_of(text_of(onward, "access_token"));
  EXPECT_EQ(claims.at("client_id"), kApi);
  EXPECT_EQ(claims.at("act").at("sub"), kApi);
  EXPECT_EQ(claims.at("act").at("act").at("sub"), "demo-client");
  // TX-01: but what we tell of the person is not.
  expect_refused(ask(plus(exchange(token), "resource", kIssuer), kApi), "invalid_target");
}

// TX-10: who is named as acting was a token of the caller's own.
TEST_F(Exchanges, TX_10_ActorTokens) {
  const auto subject = signed_in().access;
  auto form = plus(exchange(subject), "actor_token_type", kAccessTokenType);
  const auto own = ask(form_of({{"grant_type", "client_credentials"}}));
  const auto named = ask(plus(form, "actor_token", text_of(own, "access_token")));
  ASSERT_EQ(named.status, 200u) << named.body;
  EXPECT_EQ(claims_of(text_of(named, "access_token")).at("act").at("sub"), "demo-client");
  const auto other = ask(form_of({{"grant_type", "client_credentials"}}), "stranger");
  expect_refused(ask(plus(form, "actor_token", text_of(other, "access_token"))), "invalid_request");
  expect_refused(ask(plus(form, "actor_token", "garbage")), "invalid_request");
  expect_refused(ask(form), "invalid_request");
}

// CA-22: a client's own token speaks for nobody.
TEST_F(Exchanges, CA_22_TokensOfNoPerson) {
  const auto own = ask(form_of({{"grant_type", "client_credentials"}}));
  expect_refused(ask(exchange(text_of(own, "access_token"))), "invalid_request");
}

// TX-11: what was exchanged ends with what it came from, however that ends.
TEST_F(Exchanges, TX_11_EndsWithItsSource) {
  const auto now = [&] { return site.clock.now(); };
  struct Ending {
    const char* name;
    std::function<void(const std::string&)> happens;
  };
  const Ending endings[] = {
      {"revoked",
       [&](const std::string& subject) {
         const auto grant = Id::parse(claim(subject, "grant_id")).value();
         run_task(store().grants.revoke(grant, "operator", now()));
       }},
      {"consent withdrawn",
       [&](const std::string&) {
         run_task(store().consents.withdraw(ada().sub, "demo-client", now()));
       }},
      {"client disabled",
       [&](const std::string&) {
         run_task(store().clients.set_disabled("demo-client", true, now()));
         run_task(store().clients.set_disabled("demo-client", false, now()));
       }},
      {"password changed",
       [&](const std::string&) {
         run_task(store().users.set_password(ada().sub, ada().password_hash, now()));
       }},
  };
  add(make_client(kApi));
  for (const auto& ending : endings) {
    const auto subject = signed_in().access;
    const auto child = text_of(
        ask(plus(plus(exchange(subject), "resource", kApi), "resource", kIssuer)), "access_token");
    const auto grandchild = text_of(ask(exchange(child), kApi), "access_token");
    EXPECT_TRUE(is_live(child)) << ending.name;
    EXPECT_TRUE(is_live(grandchild)) << ending.name;
    ending.happens(subject);
    EXPECT_FALSE(is_live(child)) << ending.name;
    EXPECT_FALSE(is_live(grandchild)) << ending.name;
  }
}

// TE-08
TEST_F(Exchanges, TE_08_OnlyWhoMay) {
  const auto subject = signed_in().access;
  change_client("demo-client",
                [](Client& client) { std::erase(client.grant_types, GrantType::token_exchange); });
  expect_refused(ask(exchange(subject)), "unauthorized_client");
}

// Opaque ones as well, given and taken.
TEST_F(Exchanges, Opaque) {
  change_client("demo-client", [](Client& client) {
    client.metadata.access_token_format = AccessTokenFormat::opaque;
  });
  const auto subject = signed_in().access;
  EXPECT_FALSE(subject.starts_with("eyJ"));
  const auto response = ask(exchange(subject));
  ASSERT_EQ(response.status, 200u) << response.body;
  EXPECT_TRUE(is_live(text_of(response, "access_token")));
}

}  // namespace
}  // namespace claviger::test
