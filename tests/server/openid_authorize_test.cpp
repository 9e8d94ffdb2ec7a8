// /authorize as OpenID Connect has it: response types, response modes, and what comes back (C4.2,
// C5, C14).
#include "tests/server/openid_world.hpp"

namespace claviger::test {
namespace {

using OpenidAuthorize = OpenidWorld;

std::string half_hash(const std::string& text) {
  return crypto::half_hash(crypto::Alg::ES256, text);
}

// C1.4, C5.5, OIDCC-3.1.2.5, OIDCC-3.2.2.5, OIDCC-3.3.2.5: each type answers with exactly its
// parts.
TEST_F(OpenidAuthorize, C5_7_EachResponseTypeAnswersWithItsParts) {  // C5.7, C14
  for (const auto type :
       {kCodeOnly, kIdToken, kIdTokenToken, kCodeIdToken, kCodeToken, kEverything}) {
    SCOPED_TRACE(to_string(type));
    const auto came = finish(request(to_string(type)));
    EXPECT_EQ(came.where, type == kCodeOnly ? "query" : "fragment");
    EXPECT_EQ(came.has("code"), type.code);
    EXPECT_EQ(came.has("id_token"), type.id_token);
    for (const auto name : {"access_token", "token_type", "expires_in"}) {
      EXPECT_EQ(came.has(name), type.token) << name;
    }
    EXPECT_EQ(came["state"], "xyz");
    EXPECT_EQ(came["iss"], kIssuer);  // C14.1, CI-13, RFC9207-2
    EXPECT_TRUE(came.has("session_state"));
    const std::size_t parts = (type.code ? 1 : 0) + (type.id_token ? 1 : 0) + (type.token ? 4 : 0);
    EXPECT_EQ(came.parameters.size(), parts + 3) << "and nothing else";
  }
}

// C4.2, OIDCC-3.2.2.10, OIDCC-3.3.2.11
TEST_F(OpenidAuthorize, C4_2_TheIdTokenVouchesForWhatComesWithIt) {
  const auto came = finish(request("code id_token token"));
  const auto claims = id_token(came["id_token"]);
  EXPECT_EQ(text(claims, "c_hash"), half_hash(came["code"]));
  EXPECT_EQ(text(claims, "at_hash"), half_hash(came["access_token"]));
  EXPECT_EQ(text(claims, "nonce"), kNonce);
  EXPECT_EQ(text(claims, "aud"), kClient);
  EXPECT_EQ(text(claims, "iss"), kIssuer);
  const auto alone = id_token(finish(request("id_token"))["id_token"]);
  EXPECT_FALSE(alone.contains("c_hash"));
  EXPECT_FALSE(alone.contains("at_hash"));
}

// OIDCC-5.4
TEST_F(OpenidAuthorize, C4_4_AloneTheIdTokenTellsTheClaims) {  // C4.4, C4.3
  EXPECT_EQ(text(id_token(finish(request("id_token"))["id_token"]), "email"),
            site.settings.quickstart.email);
  for (const auto* type : {"id_token token", "code id_token", "code id_token token"}) {
    const auto claims = id_token(finish(request(type))["id_token"]);
    EXPECT_FALSE(claims.contains("email")) << type;
  }
}

TEST_F(OpenidAuthorize, C4_5_OneSubjectInEveryToken) {  // C4.5
  const auto came = finish(request("code id_token"));
  const auto front = id_token(came["id_token"]);
  const auto back = id_token(text_of(redeem(came["code"]), "id_token"));
  EXPECT_EQ(text(front, "sub"), text(back, "sub"));
  EXPECT_EQ(text(front, "sid"), text(back, "sid"));
  change_client([](Client& c) {
    c.metadata.subject_type = SubjectType::pairwise;
    c.metadata.sector = "localhost";
  });
  const auto pairwise = finish(request("code id_token"));
  const auto renamed = text(id_token(pairwise["id_token"]), "sub");
  EXPECT_NE(renamed, text(front, "sub"));
  EXPECT_EQ(renamed, text(id_token(text_of(redeem(pairwise["code"]), "id_token")), "sub"));
}

// The grant behind it carries the scopes and dies with the session.
TEST_F(OpenidAuthorize, C15_4_AFrontChannelTokenIsGoodUntilTheSignOut) {
  const auto came = finish(request("id_token token"));
  EXPECT_EQ(came["token_type"], "Bearer");
  EXPECT_EQ(came["expires_in"], std::to_string(site.settings.tokens.access_token_ttl.count()));
  EXPECT_EQ(came["scope"], "openid email");
  EXPECT_EQ(site.api(came["access_token"]).status, 200u);
  const auto hash = crypto::sha256(browser.cookies.at("claviger_2003"));
  const auto session = run_task(site.node().store().sessions.find_live(hash, site.clock.now()));
  ASSERT_TRUE(session);
  run_task(site.node().store().sessions.end(session->id, site.clock.now()));
  EXPECT_EQ(site.api(came["access_token"]).status, 401u);
}

// Whoever got something in a session is told of its end, by whichever way it came.
TEST_F(OpenidAuthorize, C15_6_TheClientIsJoinedToTheSession) {
  finish(request("id_token"));
  const auto hash = crypto::sha256(browser.cookies.at("claviger_2003"));
  const auto session = run_task(site.node().store().sessions.find_live(hash, site.clock.now()));
  EXPECT_EQ(run_task(site.node().store().sessions.clients(session->id)),
            std::vector<std::string>{kClient});
}

// C5.5, CI-17, OIDCM-2.1, OIDCM-5: where a refusal goes.
TEST_F(OpenidAuthorize, C5_5_RefusalsTravelAsTheAnswerWould) {
  struct Row {
    const char* what;
    const char* type;
    const char* field;
    const char* value;
    const char* where;
    const char* error;
  };
  const Row rows[] = {
      {"C5.4", "", "response_mode", "", "query", "invalid_request"},
      {"C5.4", "", "response_mode", "form_post", "form", "invalid_request"},
      {"CI-16", "nonsense", "response_mode", "", "query", "unsupported_response_type"},
      {"CI-16", "token", "response_mode", "", "fragment", "unsupported_response_type"},
      {"C5.6", "id_token", "nonce", "", "fragment", "invalid_request"},
      {"C5.6", "code id_token", "nonce", "", "fragment", "invalid_request"},
      {"CI-17", "id_token", "response_mode", "query", "fragment", "invalid_request"},
      {"CI-17", "code token", "response_mode", "query", "fragment", "invalid_request"},
      {"CI-17", "code", "response_mode", "web_message", "query", "invalid_request"},
      {"CI-23", "code", "prompt", "none login", "query", "invalid_request"},
      {"C5.10", "id_token token", "prompt", "none", "fragment", "login_required"},
      {"CI-23", "code id_token", "prompt", "dance", "fragment", "invalid_request"},
      {"C5.14", "code id_token", "claims", "[]", "fragment", "invalid_request"},
      {"RFC8707-2", "id_token token", "resource", "x", "fragment", "invalid_target"},
      {"OIDCC-3.1.2.6", "code", "registration", "{}", "query", "registration_not_supported"},
  };
  for (const auto& row : rows) {
    SCOPED_TRACE(std::string(row.what) + ' ' + row.type + ' ' + row.field + '=' + row.value);
    const auto form = with(with(request(), "response_type", row.type), row.field, row.value);
    const auto came = ask(form);
    EXPECT_EQ(came.where, row.where);
    EXPECT_EQ(came["error"], row.error);
    EXPECT_EQ(came["state"], "xyz");
    EXPECT_EQ(came["iss"], kIssuer);
    for (const auto name : {"code", "id_token", "access_token"}) EXPECT_FALSE(came.has(name));
  }
}

// CI-16, OAUTH21-10.1: registered, and of the right profile; else the answer says what is missing.
TEST_F(OpenidAuthorize, CI_16_TokensOnlyForWhoRegisteredForThem) {
  change_client([](Client& c) { c.response_types = {kCodeOnly, kCodeIdToken}; });
  EXPECT_EQ(ask(request("id_token"))["error"], "unauthorized_client");
  EXPECT_EQ(ask(request("id_token")).where, "fragment");
  EXPECT_TRUE(finish(request("code id_token")).has("code"));
  change_client([](Client& c) { c.profile = Profile::standard; });
  EXPECT_EQ(ask(request("code id_token"))["error"], "unauthorized_client");
  EXPECT_EQ(ask(with(request("id_token token"), "client_id", "demo-client"))["error"],
            "unauthorized_client");
}

// OIDCFP-2, OIDCFP-4
TEST_F(OpenidAuthorize, C5_16_AFormThatSendsItself) {  // C5.16
  auto form = with(request("code id_token"), "response_mode", "form_post");
  form = with(form, "state", "a\"b<c>&d'e");
  finish(form);  // the first time the answer comes after login and consent
  const auto response = browser.get(authorize_url(form));
  EXPECT_EQ(response.status, 200u);
  EXPECT_EQ(response.content_type, "text/html; charset=utf-8");
  EXPECT_EQ(response.headers.find("cache-control"), "no-store");
  EXPECT_EQ(response.headers.find("referrer-policy"), "origin");
  const auto policy = std::string(response.headers.find("content-security-policy").value());
  EXPECT_EQ(policy.find("form-action"), std::string::npos) << "or the browser would not post it";
  EXPECT_EQ(response.body.find("a\"b<c>"), std::string::npos);
  const auto came = came_of(response);
  EXPECT_EQ(came.where, "form");
  EXPECT_EQ(came["state"], "a\"b<c>&d'e");
  EXPECT_TRUE(came.has("code"));
  EXPECT_TRUE(came.has("id_token"));
  EXPECT_EQ(came["iss"], kIssuer);
}

TEST_F(OpenidAuthorize, C5_16_ForACodeToo) {  // C5.16, OIDCFP-2
  const auto came = finish(with(request(), "response_mode", "form_post"));
  EXPECT_EQ(came.where, "form");
  EXPECT_EQ(redeem(came["code"]).status, 200u);
}

TEST_F(OpenidAuthorize, C5_17_ADenialTravelsTheSameWay) {  // C5.17
  for (const auto* mode : {"fragment", "form_post"}) {
    auto form = with(with(request("code id_token"), "response_mode", mode), "prompt", "login");
    const auto txn = parameter(location_of(browser.get(authorize_url(form))), "txn");
    auto cancel = login_form(txn);
    cancel.add("action", "cancel");
    const auto came = came_of(browser.post("/login", cancel));
    EXPECT_EQ(came.where, std::string(mode) == "form_post" ? "form" : mode);
    EXPECT_EQ(came["error"], "access_denied");
    EXPECT_EQ(came["state"], "xyz");
    EXPECT_EQ(came["iss"], kIssuer);
  }
}

// C5.7: up to 1000 characters and every odd one, in every mode.
TEST_F(OpenidAuthorize, C5_7_StateComesBackExactly) {
  std::string state;
  for (char c = 0x20; c < 0x7f; ++c) state.push_back(c);
  state += std::string(905, '~');
  finish(request());
  for (const auto* mode : {"query", "fragment", "form_post"}) {
    const auto came = ask(with(with(request(), "state", state), "response_mode", mode));
    EXPECT_EQ(came["state"], state) << mode;
  }
  EXPECT_FALSE(ask(with(request(), "state", "")).has("state"));
}

// C5.8: nothing but these in a refusal.
TEST_F(OpenidAuthorize, C5_8_ARefusalHasNoOtherMembers) {
  const auto came = ask(with(request("id_token"), "prompt", "none"));
  for (const auto& [name, value] : came.parameters) {
    EXPECT_TRUE(name == "error" || name == "error_description" || name == "error_uri" ||
                name == "state" || name == "iss")
        << name;
    EXPECT_EQ(value.find('"'), std::string::npos);
  }
}

TEST_F(OpenidAuthorize, C5_2_UnknownThingsAreIgnored) {  // C5.2
  auto form = with(request(), "scope", "foo email openid bar");
  form.add("foo", "bar");
  EXPECT_TRUE(finish(form).has("code"));
}

// C5.3, RU-16, OIDCC-3.1.2.1: to an OpenID request the URI belongs.
TEST_F(OpenidAuthorize, C5_3_WithoutARedirectUriNothingLeaves) {
  const auto came = ask(with(request(), "redirect_uri", ""));
  EXPECT_EQ(came.where, "page");
  EXPECT_EQ(came.status, 400u);
  EXPECT_EQ(came.reason, "redirect_uri.missing_openid");
}

TEST_F(OpenidAuthorize, C5_15_CodesAreLongAndUsedOnce) {  // C5.15
  const auto code = finish(request())["code"];
  EXPECT_GE(code.size(), 43u);
  EXPECT_EQ(redeem(code).status, 200u);
  EXPECT_EQ(text_of(redeem(code), "error"), "invalid_grant");
}

// C15.7, OIDCSM-3: the hash can be made from what the frame can see.
TEST_F(OpenidAuthorize, C15_7_SessionStateFitsTheCookie) {
  const auto state = finish(request())["session_state"];
  const auto dot = state.find('.');
  ASSERT_NE(dot, std::string::npos);
  const auto salt = state.substr(dot + 1);
  const auto op_state = browser.cookies.at("claviger_state_2003");
  const auto hash =
      crypto::sha256(std::string(kClient) + " http://localhost:3000 " + op_state + " " + salt);
  EXPECT_EQ(state.substr(0, dot), base64url_encode(hash));
  EXPECT_FALSE(finish(with(request(), "scope", "email")).has("session_state"));
}

// SE-14: what was right at the start is asked again at the last step.
TEST_F(OpenidAuthorize, SE_14_APermissionTakenAwayMeanwhile) {
  const auto start = browser.get(authorize_url(request("code id_token")));
  change_client([](Client& c) { c.grant_types = {GrantType::authorization_code}; });
  const auto came = follow(start);
  EXPECT_EQ(came.where, "fragment");
  EXPECT_EQ(came["error"], "unauthorized_client");
}

// RFC8707-2, RFC8707-2.1: the token is for what was asked, the code remembers it.
class OpenidResources : public OpenidWorld {
 protected:
  void change_settings(config::Settings& settings) override {
    settings.resources.offered = {"https://api.example.com/v1"};
  }
};

TEST_F(OpenidResources, TokensAreForWhatWasAsked) {
  const auto came =
      finish(with(request("code id_token token"), "resource", "https://api.example.com/v1"));
  const auto audience = [&](const std::string& token) {
    const auto seen = crypto::peek_jws(token);
    return seen ? boost::json::serialize(seen->payload.at("aud")) : "";
  };
  EXPECT_NE(audience(came["access_token"]).find("https:"), std::string::npos);
  EXPECT_EQ(audience(came["access_token"]).find(kIssuer), std::string::npos);
  EXPECT_EQ(site.api(came["access_token"]).status, 401u);
  const auto later = text_of(redeem(came["code"]), "access_token");
  EXPECT_EQ(audience(later), audience(came["access_token"]));
  EXPECT_EQ(ask(with(request(), "resource", "https://other.example/"))["error"], "invalid_target");
}

}  // namespace
}  // namespace claviger::test
