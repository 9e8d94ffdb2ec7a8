// Clients that register themselves (RFC 7591).
#include "tests/server/registration_world.hpp"

namespace claviger::test {
namespace {

// RFC7591-3.2.1, OIDCDR-3.2
TEST_F(Registration, C3_1_the_answer_has_everything_together) {  // C3.1
  const auto response = post(kPlain);
  ASSERT_EQ(response.status, 201u) << response.body;
  EXPECT_EQ(response.content_type, "application/json");
  EXPECT_EQ(response.headers.find("Cache-Control"), "no-store");
  const auto members = json_of(response);
  EXPECT_EQ(text_of(response, "client_id").size(), 22u);
  EXPECT_EQ(text_of(response, "client_secret").size(), 43u);  // 256 bits
  EXPECT_EQ(members.at("client_secret_expires_at"), 0);
  EXPECT_EQ(members.at("client_id_issued_at"), to_seconds(site->clock.now()));
  EXPECT_EQ(text_of(response, "registration_access_token").size(), 66u);
  EXPECT_EQ(text_of(response, "registration_client_uri"),
            std::string(kIssuer) + "/register?client_id=" + text_of(response, "client_id"));
  const auto client = stored(text_of(response, "client_id"));
  EXPECT_EQ(client.registered_by, RegisteredBy::self);
  EXPECT_EQ(client.profile, Profile::standard);
}

TEST_F(Registration, the_secret_works) {
  auto service = parsed(R"({"grant_types":["client_credentials"],
                            "token_endpoint_auth_method":"client_secret_post"})");
  const auto made = registered(service);
  const auto tokens = site->post("/token", form_of({{"grant_type", "client_credentials"},
                                                    {"client_id", made.id},
                                                    {"client_secret", made.secret}}));
  EXPECT_EQ(tokens.status, 200u) << tokens.body;
  service["token_endpoint_auth_method"] = "none";
  EXPECT_EQ(post(service).status, 400u);
  const auto open = registered(plus(kPlain, "token_endpoint_auth_method", "none"));
  EXPECT_FALSE(open.members.contains("client_secret"));
  EXPECT_FALSE(open.members.contains("client_secret_expires_at"));
  EXPECT_TRUE(open.members.contains("registration_access_token"));
}

// C3.3, C3.10: whatever was accepted is told, at once and later.
TEST_F(Registration, C3_3_all_metadata_is_told_again) {  // C3.3
  open_as("oidc_compat");
  const auto wanted = parsed(R"({
      "client_name": "My App", "contacts": ["ops@app.example"],
      "redirect_uris": ["https://localhost:8443/test/a/x/callback"],
      "grant_types": ["authorization_code", "implicit", "refresh_token"],
      "response_types": ["code", "code id_token", "code id_token token"],
      "post_logout_redirect_uris": ["https://localhost:8443/bye"],
      "logo_uri": "https://app.example/logo.png", "policy_uri": "https://app.example/policy",
      "tos_uri": "https://app.example/tos", "jwks_uri": "https://localhost:8443/jwks",
      "token_endpoint_auth_method": "private_key_jwt", "token_endpoint_auth_signing_alg": "RS256",
      "id_token_signed_response_alg": "RS256", "userinfo_signed_response_alg": "RS256",
      "request_object_signing_alg": "RS256",
      "request_uris": ["https://localhost:8443/requestobj/abc#ZmlsZQ"],
      "frontchannel_logout_uri": "https://localhost:8443/front",
      "frontchannel_logout_session_required": true,
      "backchannel_logout_uri": "https://localhost:8443/back",
      "backchannel_logout_session_required": true,
      "require_auth_time": true, "default_max_age": 10,
      "dpop_bound_access_tokens": false, "backchannel_token_delivery_mode": "poll",
      "client_name#de": "Meine App", "unheard_of": {"a": [1]}})");
  const auto made = registered(wanted);
  const auto read = json_of(send(http::Method::get, made.target, made.token));
  for (const auto& [name, value] : wanted) {
    const bool unknown = name == "unheard_of" || name.find('#') != name.npos ||
                         name.starts_with("dpop") || name == "backchannel_token_delivery_mode";
    EXPECT_EQ(made.members.contains(name), !unknown) << name;
    if (unknown) continue;
    EXPECT_EQ(made.members.at(name), value) << name;
    EXPECT_EQ(read.at(name), value) << name;
  }
  EXPECT_FALSE(made.members.contains("client_secret"));
}

// RFC7591-3.2.2
TEST_F(Registration, C3_4_errors) {  // C3.4
  const auto error_of = [&](const char* name, json::value value) {
    const auto response = post(plus(kPlain, name, std::move(value)));
    EXPECT_EQ(response.status, 400u) << name;
    EXPECT_EQ(response.content_type, "application/json");
    return text_of(response, "error");
  };
  EXPECT_EQ(error_of("redirect_uris", json::array(1, "https://app.example/cb#fragment")),
            "invalid_redirect_uri");
  EXPECT_EQ(error_of("redirect_uris", json::array()), "invalid_redirect_uri");
  EXPECT_EQ(error_of("redirect_uris", "https://app.example/cb"), "invalid_client_metadata");
  EXPECT_EQ(error_of("initiate_login_uri", "http://app.example/start"), "invalid_client_metadata");
  EXPECT_EQ(error_of("sector_identifier_uri", "https://sector.example/"),
            "invalid_client_metadata");
  EXPECT_EQ(error_of("software_statement", "e30.e30.e30"), "invalid_software_statement");
  EXPECT_EQ(error_of("token_endpoint_auth_method", "self_signed_tls_client_auth"),
            "invalid_client_metadata");
  EXPECT_EQ(error_of("scope", "admin"), "invalid_client_metadata");
  EXPECT_EQ(site->post_json("/register", "{").status, 400u);
  EXPECT_EQ(site->post_json("/register", "[]").status, 400u);
  EXPECT_EQ(site->post_json("/register", "").status, 400u);
  EXPECT_EQ(site->post("/register", form_of({{"redirect_uri", kApp}})).status, 415u);
}

// DC-02: what isn't offered is left out; a script is no address.
TEST_F(Registration, DC_02_scopes_are_clamped) {
  const auto made = registered(plus(kPlain, "scope", "openid email admin"));
  EXPECT_EQ(made.members.at("scope"), "openid email");
  for (const char* uri : {"javascript:alert(1)", "data:text/html,x", "http://app.example/cb"}) {
    EXPECT_EQ(post(plus(kPlain, "redirect_uris", json::array(1, json::value(uri)))).status, 400u);
  }
}

// C3.5, DC-10, OIDCDR-5, OIDCC-8.1
TEST_F(Registration, C3_5_sector_documents) {  // C3.5
  const auto wanted = parsed(R"({
      "redirect_uris": ["https://a.example/cb", "https://b.example/cb"],
      "subject_type": "pairwise", "sector_identifier_uri": "https://sector.example/list.json"})");
  const std::string address = "https://sector.example/list.json";
  const auto answer = [&](int status, const char* body) {
    web[address] = {status, body};
    return post(wanted);
  };
  const auto refused = post(wanted);  // the fetcher won't go there
  EXPECT_EQ(refused.status, 400u);
  EXPECT_EQ(text_of(refused, "error"), "invalid_client_metadata");
  EXPECT_EQ(reason_of(answer(404, "[]")), "client_metadata.sector_document");
  EXPECT_EQ(reason_of(answer(200, R"(["https://a.example/cb"])")),
            "client_metadata.sector_document");
  EXPECT_EQ(reason_of(answer(302, R"(["https://a.example/cb","https://b.example/cb"])")),
            "client_metadata.sector_document");
  const auto made = answer(200, R"(["https://b.example/cb","https://a.example/cb"])");
  ASSERT_EQ(made.status, 201u) << made.body;
  EXPECT_EQ(stored(text_of(made, "client_id")).metadata.sector, "sector.example");
  EXPECT_EQ(asked.back(), address);
  auto without = wanted;
  without.erase("sector_identifier_uri");
  EXPECT_EQ(reason_of(post(without)), "client_metadata.sector");
}

// C3.8, RFC7591-3: a token opens a closed door, once.
TEST_F(Registration, C3_8_initial_access_tokens) {  // C3.8
  open([](config::Settings& s) { s.registration.open = "no"; });
  EXPECT_EQ(post(kPlain).status, 403u);
  const auto token = initial_token();
  EXPECT_EQ(post(plus(kPlain, "redirect_uris", "x"), token).status, 400u);  // costs no use
  registered(kPlain, token);
  const auto again = post(kPlain, token);
  EXPECT_EQ(again.status, 401u);
  EXPECT_EQ(text_of(again, "error"), "invalid_token");
  EXPECT_EQ(again.headers.find("WWW-Authenticate"), R"(Bearer error="invalid_token")");

  const auto short_lived = initial_token({{"uses", 5}, {"expires_in_seconds", 60}});
  registered(kPlain, short_lived);
  site->clock.advance(std::chrono::seconds(60));
  EXPECT_EQ(post(kPlain, short_lived).status, 401u);

  const auto taken_back = initial_token({{"uses", 5}});
  operate("registration_token.rm", {{"id", taken_back.substr(0, 22)}});
  EXPECT_EQ(post(kPlain, taken_back).status, 401u);
}

// C3.9: the configured profile, or that of the token.
TEST_F(Registration, C3_9_profiles) {  // C3.9
  const auto hybrid = parsed(R"({"redirect_uris": ["https://localhost:8443/cb"],
      "grant_types": ["authorization_code", "implicit"], "response_types": ["code id_token"]})");
  EXPECT_EQ(text_of(post(hybrid), "error"), "invalid_client_metadata");
  const auto token = initial_token({{"profile", "oidc_compat"}});
  const auto made = registered(hybrid, token);
  EXPECT_EQ(stored(made.id).profile, Profile::oidc_compat);
  open_as("oidc_compat");
  EXPECT_EQ(stored(registered(hybrid).id).profile, Profile::oidc_compat);
  // No scope is every scope.
  const auto& scope = made.members.at("scope").as_string();
  EXPECT_TRUE(scope.starts_with("openid profile email")) << scope;
}

// DC-04: 401, whatever stands in the header.
TEST_F(Registration, DC_04_malformed_bearer_headers) {
  const auto made = registered(kPlain);
  for (const std::string header :
       {"Bearer", "Bearer ", "Bearer \xff\xfe", "Basic YTpi", "Bearer a b",
        "bearer =", "Digest username=\"x\"", "Bearer eyJhbGciOiJub25lIn0.e30.", "Bearer ....."}) {
    for (const auto method : {http::Method::post, http::Method::get, http::Method::delete_}) {
      auto request = method == http::Method::post ? Site::make_post("/register", Form{})
                                                  : Site::make_get(made.target);
      request.method = method;
      request.method_text = http::to_string(method);
      if (method == http::Method::post) {
        request.headers.set("Content-Type", "application/json");
        request.body = json::serialize(kPlain);
      }
      request.headers.add("Authorization", header);
      const auto response = site->send(std::move(request));
      EXPECT_EQ(response.status, 401u) << header << ' ' << http::to_string(method);
      EXPECT_TRUE(response.headers.find("WWW-Authenticate"));
    }
  }
  EXPECT_TRUE(run_task(site->node().store().clients.find(made.id)));
}

// DC-05: no internal name is a member.
TEST_F(Registration, DC_05_internal_members_are_passed_over) {
  const auto made = registered(parsed(R"({
      "redirect_uris": ["https://app.example/cb"], "client_id": "demo-client",
      "client_secret": "chosen-by-a-stranger-x", "profile": "oidc_compat", "require_pkce": false,
      "registered_by": "operator", "disabled": false, "trusted": true, "skip_consent": true,
      "access_token_format": "opaque", "epoch": 9, "version": 9, "has_logo": true})"));
  const auto client = stored(made.id);
  EXPECT_NE(made.id, "demo-client");
  EXPECT_NE(made.secret, "chosen-by-a-stranger-x");
  EXPECT_EQ(client.registered_by, RegisteredBy::self);
  EXPECT_EQ(client.profile, Profile::standard);
  EXPECT_EQ(client.metadata.access_token_format, AccessTokenFormat::jwt);
  EXPECT_FALSE(client.metadata.has_logo);
}

// DC-07, RFC7591-5
TEST_F(Registration, DC_07_strangers_fill_no_more_than_their_share) {
  open([](config::Settings& s) { s.registration.max_clients = 2; });
  registered(kPlain);
  EXPECT_EQ(run_task(site->node().store().clients.count_self_registered()), 1);
  EXPECT_EQ(site->post("/register_client", form_of({{"redirect_uri", kApp}})).status, 200u);
  const auto full = post(kPlain);
  EXPECT_EQ(full.status, 429u);
  EXPECT_TRUE(full.headers.find("Retry-After"));
  EXPECT_EQ(site->post("/register_client", form_of({{"redirect_uri", kApp}})).status, 429u);
  // The walk-through's own client and whoever the operator vouches for are not strangers.
  EXPECT_EQ(site->post("/register_client", Form{}).status, 200u);
  registered(kPlain, initial_token());
}

TEST_F(Registration, DC_07_what_nobody_uses_is_swept_but_not_whom_the_operator_let_in) {
  const auto stranger = registered(kPlain);
  const auto guest = registered(kPlain, initial_token());
  site->clock.advance(std::chrono::hours(2));
  const Time before = site->clock.now() - std::chrono::hours(1);
  auto& clients = site->node().store().clients;
  EXPECT_EQ(run_task(clients.purge_unused(before, 10)), 1u);
  EXPECT_EQ(send(http::Method::get, stranger.target, stranger.token).status, 401u);
  EXPECT_EQ(send(http::Method::get, guest.target, guest.token).status, 200u);
}

// DC-12: nobody can read the secret again; only its hash is kept, or it is sealed.
TEST_F(Registration, DC_12_secrets_are_kept_as_hashes_or_sealed) {
  const auto made = registered(kPlain);
  const auto client = stored(made.id);
  EXPECT_TRUE(client.sealed_secret.empty());
  ASSERT_TRUE(client.secret_hash);
  const auto jwt = registered(plus(kPlain, "token_endpoint_auth_method", "client_secret_jwt"));
  const auto sealed = stored(jwt.id).sealed_secret;
  const auto opened = test_master_key().open(sealed, "client_secret:" + jwt.id);
  ASSERT_TRUE(opened);
  EXPECT_EQ(opened->reveal(), jwt.secret);
  EXPECT_FALSE(test_master_key().open(sealed, "client_secret:" + made.id));
  for (const auto& entry : site->log.entries()) {
    for (const auto& [name, value] : entry.fields) {
      EXPECT_EQ(value.find(jwt.secret), std::string::npos) << entry.event << ' ' << name;
      EXPECT_EQ(value.find(made.token), std::string::npos) << entry.event << ' ' << name;
    }
  }
}

// RFC9700-2.6: a page of another site may not register, but whoever has a token is no such page.
TEST_F(Registration, a_foreign_page_may_not_register) {
  auto request = Site::make_post("/register", Form{});
  request.headers.set("Content-Type", "application/json");
  request.headers.add("Origin", "https://evil.example");
  request.body = json::serialize(kPlain);
  EXPECT_EQ(site->send(request).status, 403u);
  request.headers.add("Authorization", "Bearer " + initial_token());
  EXPECT_EQ(site->send(request).status, 201u);
}

// RM-06
TEST_F(Registration, RM_06_people_say_who_they_are_and_verify_nothing) {
  const auto response = site->post_json("/register_user", R"({
      "username": "grace", "password": "a-compiler-for-all", "email": "grace@example.test",
      "given_name": "Grace", "birthdate": "1906-12-09", "email_verified": true,
      "phone_number_verified": true, "unheard_of": 1})");
  ASSERT_EQ(response.status, 200u) << response.body;
  const auto user = run_task(site->node().store().users.find(text_of(response, "sub"))).value();
  EXPECT_EQ(user.firstname, "Grace");
  EXPECT_EQ(user.claims.at("birthdate"), "1906-12-09");
  EXPECT_FALSE(user.email_verified);
  EXPECT_FALSE(user.phone_verified);
  EXPECT_EQ(user.updated_at, site->clock.now());
  EXPECT_EQ(site->post_json("/register_user", R"({"username": "eve",
      "password": "a-compiler-for-all", "birthdate": "yesterday"})")
                .status,
            400u);
}

}  // namespace
}  // namespace claviger::test
