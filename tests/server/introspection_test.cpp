// Introspection (RFC7662, RFC9701): rows IN.
#include "tests/server/relying_party.hpp"

namespace claviger::test {
namespace {

constexpr const char* kInactive = R"({"active":false})";

class Introspection : public RelyingParty {
 protected:
  std::string token_for(const char* resource) {
    return text_of(issue(with(request("openid email"), "resource", resource)), "access_token");
  }
  http::Response signed_form(const Form& form) {
    auto sent = Site::make_post("/introspect", form);
    sent.headers.add("Accept", "application/token-introspection+jwt");
    return site.send(std::move(sent));
  }
};

TEST_F(Introspection, tells_a_client_of_its_own_tokens) {  // RFC7662-2.2
  const auto response = issue("openid email");
  const auto access = introspect(about(text_of(response, "access_token")));
  EXPECT_EQ(access.status, 200u);
  EXPECT_EQ(access.content_type, "application/json");
  EXPECT_EQ(access.headers.find("cache-control"), "no-store");
  const auto told = json_of(access);
  EXPECT_EQ(names_of(told), (std::vector<std::string>{"active", "scope", "client_id", "token_type",
                                                      "exp", "iat", "sub", "aud", "iss", "jti"}));
  EXPECT_EQ(told.at("active"), true);
  EXPECT_EQ(told.at("scope"), "openid email");
  EXPECT_EQ(json_text(told, "aud"), kIssuer);
  EXPECT_EQ(json_seconds(told, "exp"), to_seconds(site.clock.now()) + 600);
  const auto refresh = json_of(introspect(about(text_of(response, "refresh_token"))));
  EXPECT_EQ(refresh.at("active"), true);
  EXPECT_FALSE(refresh.contains("token_type"));
}

// IN-01
TEST_F(Introspection, IN_01_nobody_asks_without_proving_who) {
  const auto token = access("openid");
  EXPECT_EQ(introspect(form_of({{"token", token}})).status, 401u);
  EXPECT_EQ(introspect(about(token, "demo-client", "wrong-secret-of-20")).status, 401u);
  EXPECT_EQ(introspect(about(token, "nobody")).status, 401u);
  change_client([](Client& client) { client.auth_method = AuthMethod::none; });
  const auto named_only = introspect(form_of({{"client_id", "demo-client"}, {"token", token}}));
  EXPECT_EQ(named_only.status, 401u);
  EXPECT_EQ(text_of(named_only, "error"), "invalid_client");
}

// IN-02: not the caller's business, dead, or never a token: the same bytes.
TEST_F(Introspection, IN_02_whatever_is_not_the_callers_looks_unknown) {
  add_client("other");
  const auto tokens = issue("openid");
  const auto as_other = [&](const std::string& token) {
    return introspect(about(token, "other", kSecretOfOthers));
  };
  EXPECT_EQ(as_other(text_of(tokens, "access_token")).body, kInactive);
  EXPECT_EQ(as_other(text_of(tokens, "refresh_token")).body, kInactive);
  EXPECT_EQ(as_other(token_for(kFilesResource)).body, kInactive);
  EXPECT_EQ(introspect(about("unheard-of")).body, kInactive);
  EXPECT_EQ(introspect(about(text_of(tokens, "id_token"))).body, kInactive);
  EXPECT_EQ(as_other(text_of(tokens, "access_token")).status, 200u);
}

// IN-02: the API that a token is for may ask, once an operator said that it is this client.
TEST_F(Introspection, IN_02_the_resource_that_a_token_is_for_may_ask) {
  add_client("orders-api");
  const auto token = token_for(kApiResource);
  const auto as_api = about(token, "orders-api", kSecretOfOthers);
  EXPECT_EQ(introspect(as_api).body, kInactive);
  auto api = *run_task(store().clients.find("orders-api"));
  api.metadata.resources = {kApiResource};
  ASSERT_TRUE(run_task(store().clients.update(api)));
  const auto told = json_of(introspect(as_api));
  EXPECT_EQ(told.at("active"), true);
  EXPECT_EQ(told.at("client_id"), "demo-client");
  EXPECT_EQ(json_text(told, "aud"), kApiResource);
  const auto for_another = about(token_for(kFilesResource), "orders-api", kSecretOfOthers);
  EXPECT_EQ(introspect(for_another).body, kInactive);
}

// IN-04, IN-08, RT-07: every way to end a token counts at once, whatever level it happens on.
TEST_F(Introspection, IN_04_every_end_counts) {
  const auto ends_by = [&](const auto& event) {
    const auto tokens = tokens_of(issue("openid"));
    EXPECT_TRUE(is_active(tokens.access));
    EXPECT_TRUE(is_active(tokens.refresh));
    event(tokens);
    return !is_active(tokens.access);
  };
  const auto now = site.clock.now();
  EXPECT_TRUE(ends_by([&](const Tokens&) {
    run_task(store().users.set_password(person().sub, "$argon2id$new", now));
    run_task(store().users.set_password(person().sub,
                                        crypto::hash_password(Secret(kPassword), kTestCost), now));
  })) << "password";
  EXPECT_TRUE(ends_by([&](const Tokens&) {
    run_task(store().clients.set_disabled("demo-client", true, now));
    run_task(store().clients.set_disabled("demo-client", false, now));
  })) << "client";
  EXPECT_TRUE(ends_by([&](const Tokens&) {
    run_task(store().consents.withdraw(person().sub, "demo-client", now));
  })) << "consent";
  EXPECT_TRUE(ends_by([&](const Tokens& tokens) {
    run_task(store().grants.deny_token(
        std::string(*json_text(crypto::peek_jws(tokens.access)->payload, "jti")),
        now + std::chrono::hours(1)));
  })) << "token";
  EXPECT_TRUE(ends_by([&](const Tokens& tokens) {
    const auto grant =
        Id::parse(*json_text(crypto::peek_jws(tokens.access)->payload, "grant_id")).value();
    run_task(store().grants.revoke(grant, "operator", now));
    EXPECT_FALSE(is_active(tokens.refresh));
  })) << "grant";
}

// RT-01: only the live token of a family is one.
TEST_F(Introspection, a_refresh_token_that_was_replaced_is_not_active) {
  const auto first = tokens_of(issue("openid")).refresh;
  const auto second = tokens_of(site.post("/token", refresh_form(first))).refresh;
  EXPECT_FALSE(is_active(first));
  EXPECT_TRUE(is_active(second));
  site.clock.advance(std::chrono::days(14));
  EXPECT_FALSE(is_active(second));
}

// IN-05: who tries tokens is slowed down.
TEST_F(Introspection, IN_05_trying_tokens_is_throttled) {
  bool throttled = false;
  for (int i = 0; i < 200 && !throttled; ++i) {
    auto guess = Site::make_post("/introspect", about("guess-" + std::to_string(i)));
    guess.peer = "203.0.113.9";
    throttled = site.send(std::move(guess)).status == 429u;
  }
  EXPECT_TRUE(throttled);
}

TEST_F(Introspection, a_request_says_one_thing_once) {  // RFC7662-2.1
  auto form = about("x");
  EXPECT_EQ(introspect(with(form, "token", "")).status, 400u);
  form.add("token", "y");
  EXPECT_EQ(introspect(form).status, 400u);
}

// RFC9701-4, RFC9701-5
TEST_F(Introspection, is_signed_for_who_asks_for_that) {
  const auto token = access("openid email");
  const auto response = signed_form(about(token));
  EXPECT_EQ(response.content_type, "application/token-introspection+jwt");
  const auto jwt = verified(response.body, "token-introspection+jwt");
  EXPECT_EQ(jwt.header.at("alg"), "RS256");
  EXPECT_EQ(json_text(jwt.payload, "iss"), kIssuer);
  EXPECT_EQ(jwt.payload.at("aud"), "demo-client");
  EXPECT_EQ(json_seconds(jwt.payload, "iat"), to_seconds(site.clock.now()));
  EXPECT_EQ(jwt.payload.at("token_introspection"), json_of(introspect(about(token))));
  // JO-27: it opens nothing.
  EXPECT_EQ(userinfo(response.body).status, 401u);
  const auto dead = verified(signed_form(about("unknown")).body, "token-introspection+jwt");
  EXPECT_EQ(boost::json::serialize(dead.payload.at("token_introspection")), kInactive);
}

TEST_F(Introspection, is_encrypted_for_who_registered_that) {  // RFC9701-6
  publish_encryption_key();
  change_client(
      [](Client& client) { client.metadata.introspection = {"ES256", "ECDH-ES", "A256GCM"}; });
  const auto inner = decrypted(signed_form(about("unknown")).body, crypto::KeyAlg::ecdh_es,
                               crypto::ContentEnc::a256gcm);
  EXPECT_EQ(verified(inner, "token-introspection+jwt").header.at("alg"), "ES256");
}

TEST_F(Introspection, knows_opaque_tokens) {  // RFC7662-2.2
  change_client(
      [](Client& client) { client.metadata.access_token_format = AccessTokenFormat::opaque; });
  const auto token = access("openid email");
  const auto told = json_of(introspect(about(token)));
  EXPECT_EQ(told.at("active"), true);
  EXPECT_EQ(told.at("scope"), "openid email");
  EXPECT_EQ(json_text(told, "sub"), person().sub);
}

}  // namespace
}  // namespace claviger::test
