#include "protocol/authorize/request.hpp"

#include "protocol/authorize/consent.hpp"
#include "protocol/authorize/redirect_uri.hpp"
#include "protocol/authorize/response.hpp"
#include "protocol/authorize/response_type.hpp"
#include "tests/unit/protocol/baseline.hpp"

namespace claviger::protocol::test {
namespace {

Form valid() {
  return form({{"client_id", "demo"},
               {"response_type", "code"},
               {"redirect_uri", kRedirect},
               {"scope", "username email"},
               {"state", "af0ifjsldkj"},
               {"code_challenge", kChallenge},
               {"code_challenge_method", "S256"}});
}

std::string_view judged(const Form& form, const Client& client = public_client()) {
  return outcome(parse_authorization_request(form, client, policy()));
}

struct Row {
  std::string_view id;
  std::string_view name;
  std::string value;  // empty: the parameter is left out
  std::string_view outcome;
};

// RFC6749-4.1.1
TEST(Addressee, is_read_before_anything_else) {
  const auto addressee = parse_addressee(valid());
  ASSERT_TRUE(addressee);
  EXPECT_EQ(addressee->client_id, "demo");
  EXPECT_EQ(match_addressee(valid(), public_client())->uri(), kRedirect);
}

// RU-16, OAUTH21-2.3.2: the only registered one may be left out; in an OpenID request never
// (OIDCC-3.1.2.1).
TEST(Addressee, RU_16_the_one_uri_may_be_left_out) {
  const auto bare = without(valid(), "redirect_uri");
  EXPECT_EQ(match_addressee(bare, public_client())->uri(), kRedirect);
  EXPECT_EQ(outcome(match_addressee(with(bare, "scope", "email openid"), public_client())),
            "redirect_uri.missing_openid");
  auto two = public_client();
  two.redirect_uris.push_back("https://app.example.com/other");
  EXPECT_EQ(outcome(match_addressee(bare, two)), "redirect_uri.missing");
}

// CI-15, OAUTH21-3.1, RFC6749-A.1: each of these is a page of ours, never a redirect.
TEST(Addressee, CI_15_is_unambiguous) {
  EXPECT_EQ(outcome(parse_addressee(plus(valid(), "client_id", "demo"))),
            "authorize.addressee_repeated");
  EXPECT_EQ(outcome(parse_addressee(plus(valid(), "redirect_uri", "https://evil.example/"))),
            "authorize.addressee_repeated");
  EXPECT_EQ(outcome(parse_addressee(without(valid(), "client_id"))), "authorize.client_id_missing");
  EXPECT_EQ(outcome(parse_addressee(with(valid(), "client_id", std::string(257, 'a')))),
            "authorize.client_id_malformed");
  EXPECT_EQ(outcome(parse_addressee(with(valid(), "client_id", "d\xc3\xa9mo"))),
            "authorize.client_id_malformed");
}

// RFC6749-4.1.2.1
TEST(Addressee, unknown_and_disabled_clients_get_the_same_page) {
  auto disabled = public_client();
  disabled.disabled = true;
  const auto unknown = judge_client_at_authorize(nullptr);
  const auto off = judge_client_at_authorize(&disabled);
  EXPECT_EQ(outcome(unknown), "authorize.client_unknown");
  EXPECT_EQ(outcome(off), "authorize.client_disabled");
  EXPECT_EQ(unknown.error().reason->description, off.error().reason->description);
  EXPECT_TRUE(judge_client_at_authorize(shared(public_client()).get()));
}

TEST(AuthorizationRequest, is_read) {
  auto full = plus(plus(valid(), "nonce", std::string(64, 'n')), "prompt", "login consent");
  full = plus(plus(full, "max_age", "300"), "login_hint", "ada");
  full = plus(plus(full, "ui_locales", "de en"), "unknown", "ignored");
  const auto request = parse_authorization_request(full, public_client(), policy());
  ASSERT_TRUE(request) << request.error().reason->id;
  EXPECT_EQ(request->scopes, (Scopes{"username", "email"}));
  EXPECT_EQ(request->state, "af0ifjsldkj");
  EXPECT_EQ(request->nonce, std::string(64, 'n'));  // CI-22
  EXPECT_EQ(request->code_challenge, kChallenge);
  EXPECT_TRUE(request->prompt.login && request->prompt.consent);
  EXPECT_FALSE(request->prompt.none || request->prompt.select_account);
  EXPECT_EQ(request->max_age, 300);
  EXPECT_EQ(request->login_hint, "ada");
  EXPECT_EQ(request->ui_locales, "de en");
}

// OIDCC-3.1.2.2, RFC6749-3.1.1, RFC6749-A.5, RFC7636-4.2, RFC7636-4.3, RFC7636-4.4.1,
// RFC9700-2.1.1, OAUTH21-4.1.2
TEST(AuthorizationRequest, one_spoiled_parameter) {
  const std::string challenge(kChallenge);
  const Row rows[] = {
      {"CI-04", "code_challenge", "", "authorize.pkce_missing"},
      {"CI-07", "code_challenge_method", "plain", "authorize.pkce_method"},
      {"CI-07", "code_challenge_method", "", "authorize.pkce_method"},
      {"CI-07", "code_challenge_method", "s256", "authorize.pkce_method"},
      {"CI-08", "code_challenge", challenge.substr(1), "authorize.pkce_challenge"},
      {"CI-08", "code_challenge", challenge + "A", "authorize.pkce_challenge"},
      {"CI-08", "code_challenge", challenge + "=", "authorize.pkce_challenge"},
      {"CI-08", "code_challenge", "+" + challenge.substr(1), "authorize.pkce_challenge"},
      {"CI-16", "response_type", "", "authorize.response_type_missing"},
      {"CI-16", "response_type", "token", "authorize.response_type_unknown"},
      {"CI-16", "response_type", "none", "authorize.response_type_unknown"},
      {"CI-16", "response_type", "id_token token", "authorize.response_type_not_allowed"},
      {"CI-16", "response_type", "code id_token", "authorize.response_type_not_allowed"},
      {"CI-16", "response_type", "Code", "authorize.response_type_unknown"},
      {"CI-17", "response_mode", "query", "ok"},
      {"CI-17", "response_mode", "fragment", "ok"},
      {"CI-17", "response_mode", "form_post", "ok"},
      {"CI-17", "response_mode", "web_message", "authorize.response_mode"},
      {"RU-21", "response_mode", "web_message", "authorize.response_mode"},
      {"CI-20", "scope", std::string(4097, 'a'), "scope.too_long"},
      {"CI-22", "nonce", std::string(1024, 'n'), "ok"},
      {"CI-22", "nonce", std::string(1025, 'n'), "authorize.nonce_malformed"},
      {"CI-22", "nonce", "a\nb", "authorize.nonce_malformed"},
      {"CI-23", "prompt", "none", "ok"},
      {"CI-23", "prompt", "none login", "authorize.prompt_none_mixed"},
      {"CI-23", "prompt", "consent none", "authorize.prompt_none_mixed"},
      {"OIDCC-3.1.2.1", "prompt", "select_account", "ok"},
      {"OIDCC-3.1.2.1", "prompt", "create", "ok"},
      {"OIDCC-3.1.2.1", "prompt", "dance", "authorize.prompt_unknown"},
      {"CI-23", "prompt", "none create", "authorize.prompt_none_mixed"},
      {"OIDCC-3.1.2.1", "max_age", "0", "ok"},
      {"OIDCC-3.1.2.1", "max_age", "-1", "authorize.max_age_malformed"},
      {"OIDCC-3.1.2.1", "max_age", "-0", "authorize.max_age_malformed"},
      {"OIDCC-3.1.2.1", "max_age", "1.5", "authorize.max_age_malformed"},
      {"OIDCC-3.1.2.1", "max_age", "soon", "authorize.max_age_malformed"},
      {"OIDCC-3.1.2.1", "max_age", "99999999999999999999", "authorize.max_age_malformed"},
      {"RFC6749-A.5", "state", std::string(2048, 's'), "ok"},
      {"RFC6749-A.5", "state", std::string(2049, 's'), "authorize.state_malformed"},
      {"RFC6749-A.5", "state", "a\r\nb", "authorize.state_malformed"},
      {"RFC6749-A.5", "state", "\xc3\xa9", "authorize.state_malformed"},
      {"OIDCC-3.1.2.6", "registration", "{}", "authorize.registration"},
      {"C5.13", "display", "popup", "ok"},
      {"C5.13", "ui_locales", "se", "ok"},
      {"C5.13", "claims_locales", "se", "ok"},
      {"C5.2", "claims", "{not json", "ok"},
      {"RFC8707-2", "resource", "https://elsewhere.example/", "resource.unknown"},
      {"RFC8707-2", "resource", "/relative", "resource.malformed"},
      {"XS-02", "login_hint", "\"><script>\x01", "ok"},
  };
  for (const auto& row : rows) {
    EXPECT_EQ(judged(with(valid(), row.name, row.value)), row.outcome)
        << row.id << ' ' << row.name << '=' << row.value.substr(0, 60);
  }
}

// CI-15: whatever is sent twice, known or not; resource and audience may repeat.
TEST(AuthorizationRequest, CI_15_repeated_parameters) {
  for (const std::string_view name : {"response_type", "scope", "state", "code_challenge"}) {
    EXPECT_EQ(judged(plus(valid(), name, "x")), "authorize.parameter_repeated") << name;
  }
  EXPECT_EQ(judged(plus(plus(valid(), "x", "1"), "x", "2")), "authorize.parameter_repeated");
  EXPECT_EQ(judged(plus(plus(valid(), "resource", "http://localhost:2003"), "resource",
                        "http://localhost:2003")),
            "ok");
  EXPECT_EQ(judged(plus(plus(valid(), "audience", "a"), "audience", "b")), "ok");
}

// CI-04: public clients always; confidential ones when they send it, or when their record says so.
TEST(AuthorizationRequest, CI_04_who_must_use_pkce) {
  const auto bare = without(without(valid(), "code_challenge"), "code_challenge_method");
  EXPECT_EQ(judged(bare), "authorize.pkce_missing");
  EXPECT_EQ(judged(bare, confidential_client()), "ok");
  auto strict = confidential_client();
  strict.require_pkce = true;
  EXPECT_EQ(judged(bare, strict), "authorize.pkce_missing");
  auto fapi = confidential_client();
  fapi.profile = Profile::fapi2;
  EXPECT_EQ(judged(bare, fapi), "authorize.pkce_missing");
  EXPECT_EQ(judged(with(valid(), "code_challenge_method", "plain"), confidential_client()),
            "authorize.pkce_method");
}

TEST(AuthorizationRequest, grant_type_must_be_allowed) {
  auto client = public_client();
  client.grant_types = {GrantType::refresh_token};
  EXPECT_EQ(judged(valid(), client), "authorize.grant_not_allowed");
}

// CI-19: dropped, never an error, never more than allowed.
TEST(AuthorizationRequest, CI_19_scopes_are_clamped) {
  auto client = public_client();
  client.scopes = {"username", "phone"};
  const auto scopes = [&](std::string_view text) {
    return parse_authorization_request(with(valid(), "scope", text), client, policy())->scopes;
  };
  EXPECT_EQ(scopes("openid email phone username"), (Scopes{"phone", "username"}));
  EXPECT_EQ(scopes("openid"), Scopes{});
  EXPECT_EQ(scopes(""), (Scopes{"username", "phone"}));
}

// A wish may be unusable, an error it never is.
TEST(AuthorizationRequest, unusable_wishes_are_dropped) {
  const auto request = parse_authorization_request(
      plus(plus(valid(), "login_hint", std::string(257, 'a')), "ui_locales", "de\x01"),
      public_client(), policy());
  ASSERT_TRUE(request);
  EXPECT_EQ(request->login_hint, "");
  EXPECT_EQ(request->ui_locales, "");
}

Policy openid_policy() {
  auto made = policy();
  made.scopes.insert(made.scopes.end(), {"openid", "offline_access"});
  return made;
}

Client compat_client(ResponseType type) {
  auto client = confidential_client();
  client.profile = Profile::oidc_compat;
  client.response_types = {type};
  client.grant_types = {GrantType::authorization_code, GrantType::refresh_token,
                        GrantType::implicit};
  return client;
}

Form openid_request(std::string_view response_type) {
  return form({{"client_id", "demo"},
               {"response_type", response_type},
               {"redirect_uri", kRedirect},
               {"scope", "openid email"},
               {"state", "s"},
               {"nonce", "n"}});
}

Result<AuthorizationRequest> parsed(const Form& form, const Client& client) {
  return parse_authorization_request(form, client, openid_policy());
}

constexpr ResponseType kIdToken{.id_token = true};
constexpr ResponseType kIdTokenToken{.id_token = true, .token = true};
constexpr ResponseType kCodeIdToken{.code = true, .id_token = true};
constexpr ResponseType kCodeToken{.code = true, .token = true};
constexpr ResponseType kAll{.code = true, .id_token = true, .token = true};

// OIDCM-3, OIDCM-5, OIDCC-3.2.2.1, OIDCC-3.3.2.1: for who registered it, words in any order.
TEST(ResponseTypes, C1_4_every_type_of_openid_connect) {
  for (const auto type : {kCodeOnly, kIdToken, kIdTokenToken, kCodeIdToken, kCodeToken, kAll}) {
    const auto words = to_string(type);
    const auto asked = parsed(openid_request(words), compat_client(type));
    ASSERT_TRUE(asked) << words << ' ' << asked.error().reason->id;
    EXPECT_EQ(asked->response_type, type) << words;
    const auto mode = type == kCodeOnly ? ResponseMode::query : ResponseMode::fragment;
    EXPECT_EQ(asked->response_mode, mode) << words;
  }
  EXPECT_EQ(outcome(parsed(openid_request("token id_token"), compat_client(kIdTokenToken))), "ok");
}

// CI-16, CI-17, OIDCM-2.1, OIDCFP-2
TEST(ResponseTypes, C5_5_no_token_in_a_query) {  // C5.5
  const auto asked = [](std::string_view mode) {
    return parsed(plus(openid_request("code id_token"), "response_mode", mode),
                  compat_client(kCodeIdToken));
  };
  EXPECT_EQ(outcome(asked("query")), "authorize.response_mode");
  EXPECT_EQ(asked("form_post")->response_mode, ResponseMode::form_post);
  EXPECT_EQ(asked("fragment")->response_mode, ResponseMode::fragment);
}

struct ModeRow {
  std::string_view type;
  std::string_view mode;
  ResponseMode expected;
};

// Where a refusal goes, whatever it is refused for (C5.4, C5.5).
TEST(ResponseModeOf, C5_5_errors_travel_as_the_answer_would_have) {
  const ModeRow rows[] = {
      {"", "", ResponseMode::query},
      {"", "form_post", ResponseMode::form_post},
      {"nonsense", "", ResponseMode::query},
      {"code", "", ResponseMode::query},
      {"code", "fragment", ResponseMode::fragment},
      {"code", "nonsense", ResponseMode::query},
      {"token", "", ResponseMode::fragment},
      {"id_token", "", ResponseMode::fragment},
      {"id_token", "query", ResponseMode::fragment},
      {"id_token", "nonsense", ResponseMode::fragment},
      {"code token", "query", ResponseMode::fragment},
      {"code id_token", "form_post", ResponseMode::form_post},
  };
  for (const auto& row : rows) {
    Form sent;
    if (!row.type.empty()) sent.add("response_type", row.type);
    if (!row.mode.empty()) sent.add("response_mode", row.mode);
    EXPECT_EQ(response_mode_of(sent), row.expected) << row.type << ' ' << row.mode;
  }
  // CI-15: of two values neither counts.
  const auto twice = plus(plus(Form{}, "response_mode", "fragment"), "response_mode", "form_post");
  EXPECT_EQ(response_mode_of(twice), ResponseMode::query);
}

// CI-16, OAUTH21-10.1
TEST(ResponseTypes, CI_16_registered_and_of_the_right_profile) {
  const auto request = openid_request("code id_token");
  auto client = compat_client(kCodeIdToken);
  EXPECT_EQ(outcome(parsed(request, client)), "ok");
  client.profile = Profile::standard;
  EXPECT_EQ(outcome(parsed(request, client)), "authorize.response_type_not_allowed");
  EXPECT_EQ(outcome(parsed(request, compat_client(kAll))), "authorize.response_type_not_allowed");
  client = compat_client(kCodeIdToken);
  client.grant_types = {GrantType::authorization_code};
  EXPECT_EQ(outcome(parsed(request, client)), "authorize.grant_not_allowed");
}

// OIDCC-3.2.2.11: what ties an ID token to the request.
TEST(Nonce, C5_6_is_needed_where_an_id_token_comes_from_here) {  // C5.6
  struct Row {
    ResponseType type;
    std::string_view outcome;
  };
  const Row rows[] = {{kCodeOnly, "ok"},
                      {kCodeToken, "ok"},
                      {kIdToken, "authorize.nonce_missing"},
                      {kIdTokenToken, "authorize.nonce_missing"},
                      {kCodeIdToken, "authorize.nonce_missing"},
                      {kAll, "authorize.nonce_missing"}};
  for (const auto& row : rows) {
    const auto bare = without(openid_request(to_string(row.type)), "nonce");
    EXPECT_EQ(outcome(parsed(bare, compat_client(row.type))), row.outcome) << to_string(row.type);
  }
}

TEST(Scope, an_id_token_needs_openid) {  // OIDCC-3.2.2.1
  const auto request = with(openid_request("id_token"), "scope", "email");
  EXPECT_EQ(outcome(parsed(request, compat_client(kIdToken))), "authorize.openid_missing");
  auto client = compat_client(kIdToken);
  client.scopes = {"email"};
  EXPECT_EQ(outcome(parsed(openid_request("id_token"), client)), "authorize.openid_missing");
}

// CI-04 asks for proof of who redeems a code: where none comes, there is nothing to prove.
TEST(Pkce, is_about_codes) {
  auto client = compat_client(kIdToken);
  client.require_pkce = true;
  EXPECT_EQ(outcome(parsed(openid_request("id_token"), client)), "ok");
  client.response_types = {kCodeIdToken};
  EXPECT_EQ(outcome(parsed(openid_request("code id_token"), client)), "authorize.pkce_missing");
}

TEST(ClaimsParameter, C5_14_is_kept_as_it_came) {  // C5.14, OIDCC-5.5
  const std::string claims = R"({"userinfo":{"email":null,"x":{}},"id_token":{"acr":{}}})";
  const auto asked = plus(openid_request("code"), "claims", claims);
  EXPECT_EQ(parsed(asked, compat_client(kCodeOnly))->claims, claims);
  EXPECT_EQ(outcome(parsed(with(asked, "claims", "{not json"), compat_client(kCodeOnly))),
            "claims.malformed");
  // Not to be judged where it means nothing (C5.2).
  const auto plain = with(with(asked, "scope", "email"), "claims", "{not json");
  EXPECT_EQ(parsed(plain, compat_client(kCodeOnly))->claims, "");
}

// CI-27, OIDCC-3.1.2.4, OIDCC-5.5: what is wanted by name is allowed by the person like a scope.
TEST(ScopesToAllow, CI_27_claims_by_name_are_told_to_the_person) {
  Transaction transaction;
  transaction.scopes = {"openid", "email"};
  auto client = compat_client(kCodeOnly);
  const auto asked = [&](std::string_view claims) {
    transaction.claims = claims;
    return scopes_to_allow(transaction, client, openid_policy());
  };
  EXPECT_EQ(asked(""), transaction.scopes);
  EXPECT_EQ(asked(R"({"userinfo":{"email":null},"id_token":{"acr":null,"sub":null}})"),
            transaction.scopes);
  EXPECT_EQ(asked(R"({"userinfo":{"phone_number":null}})"), (Scopes{"openid", "email", "phone"}));
  EXPECT_EQ(asked(R"({"id_token":{"phone_number":null}})"), (Scopes{"openid", "email", "phone"}));
  // What it can't get needs no asking.
  client.scopes = {"openid", "email"};
  EXPECT_EQ(asked(R"({"userinfo":{"phone_number":null}})"), transaction.scopes);
}

TEST(Defaults, come_from_the_registration) {  // OIDCDR-2
  auto client = compat_client(kCodeOnly);
  client.metadata.default_max_age = 60;
  client.metadata.default_acr_values = {"urn:claviger:acr:1"};
  const auto silent = parsed(openid_request("code"), client);
  EXPECT_EQ(silent->max_age, 60);
  EXPECT_EQ(silent->acr_values, (std::vector<std::string>{"urn:claviger:acr:1"}));
  auto asked = plus(plus(openid_request("code"), "max_age", "7"), "acr_values", "1  2");
  const auto spoken = parsed(asked, client);
  EXPECT_EQ(spoken->max_age, 7);
  EXPECT_EQ(spoken->acr_values, (std::vector<std::string>{"1", "2"}));
}

// Who asks for nothing gets data, not another protocol (OIDCC-3.1.2.1).
TEST(Scope, nothing_asked_means_no_openid) {
  const auto asked = parsed(without(openid_request("code"), "scope"), compat_client(kCodeOnly));
  EXPECT_EQ(asked->scopes, policy().scopes);
}

// OIDCC-11
TEST(OfflineAccess, C8_11_needs_consent_of_now_or_remembered) {  // C8.11
  const auto client = compat_client(kCodeOnly);
  const Consent other{"s", "demo", {"openid"}, 0, kNow};
  const Consent remembered{"s", "demo", {"openid", "offline_access"}, 0, kNow};
  const auto settled = [&](const Client& who, bool must_consent,
                           const std::optional<Consent>& consent) {
    Transaction transaction;
    transaction.redirect_uri = kRedirect;
    transaction.scopes = {"openid", "offline_access"};
    transaction.must_consent = must_consent;
    settle_offline_access(transaction, who, consent);
    return contains(transaction.scopes, kOfflineAccess);
  };
  EXPECT_TRUE(settled(client, true, {}));
  EXPECT_FALSE(settled(client, false, {}));
  EXPECT_FALSE(settled(client, false, other));
  EXPECT_TRUE(settled(client, false, remembered));
  // What nobody is asked for again can't rest on an application that anybody can imitate.
  auto native = public_client();
  native.application_type = ApplicationType::native;
  EXPECT_FALSE(settled(native, false, remembered));
  EXPECT_TRUE(settled(native, true, remembered));
}

TEST(OfflineAccess, is_nothing_without_refresh_tokens) {  // OIDCC-11
  auto offline = with(openid_request("code"), "scope", "openid offline_access");
  EXPECT_EQ(parsed(offline, compat_client(kCodeOnly))->scopes,
            (Scopes{"openid", "offline_access"}));
  auto client = compat_client(kCodeOnly);
  client.grant_types = {GrantType::authorization_code};
  EXPECT_EQ(parsed(offline, client)->scopes, Scopes{"openid"});
  offline = with(offline, "response_type", "id_token");
  EXPECT_EQ(parsed(offline, compat_client(kIdToken))->scopes, Scopes{"openid"});
}

TEST(Prompt, create_is_signing_up_where_that_is_open) {
  const auto client = compat_client(kCodeOnly);
  const auto request = parsed(plus(openid_request("code"), "prompt", "create"), client);
  const auto target = match_redirect_uri(client, kRedirect);
  auto open = openid_policy();
  open.registration_open = true;
  auto made = make_transaction(*request, client, *target, true, id(1), Digest{}, open, kNow);
  EXPECT_TRUE(made.wants_account && !made.must_login);
  made = make_transaction(*request, client, *target, true, id(1), Digest{}, openid_policy(), kNow);
  EXPECT_TRUE(!made.wants_account && made.must_login);
}

TEST(StateOf, is_returned_only_when_it_is_one_state) {
  EXPECT_EQ(state_of(valid()), "af0ifjsldkj");
  EXPECT_EQ(state_of(without(valid(), "state")), std::nullopt);
  EXPECT_EQ(state_of(plus(valid(), "state", "other")), std::nullopt);
  EXPECT_EQ(state_of(with(valid(), "state", std::string(2049, 's'))), std::nullopt);
  EXPECT_EQ(state_of(with(valid(), "state", "a\x7f")), std::nullopt);
}

TEST(MakeTransaction, keeps_the_request) {
  const auto client = public_client();
  const auto request = parse_authorization_request(
      plus(plus(valid(), "prompt", "select_account consent"), "max_age", "9"), client, policy());
  const auto target = match_redirect_uri(client, kRedirect);
  const auto made =
      make_transaction(*request, client, *target, true, id(1), Digest{7}, policy(), kNow);
  EXPECT_EQ(made.id, id(1));
  EXPECT_EQ(made.browser_hash, Digest{7});
  EXPECT_EQ(made.client_id, "demo");
  EXPECT_EQ(made.redirect_uri, kRedirect);
  EXPECT_TRUE(made.redirect_uri_sent);
  EXPECT_EQ(made.scopes, request->scopes);
  EXPECT_EQ(made.state, request->state);
  EXPECT_EQ(made.code_challenge, kChallenge);
  EXPECT_TRUE(made.select_account);
  EXPECT_FALSE(made.must_login);
  EXPECT_TRUE(made.must_consent);
  EXPECT_EQ(made.max_age, 9);
  EXPECT_EQ(made.created_at, kNow);
  EXPECT_EQ(made.expires_at, kNow + minutes(15));
  EXPECT_FALSE(made.finished_at);
  EXPECT_FALSE(made.consented_sub);
}

// RFC6749-4.1.2, RFC9207-2, CI-13
TEST(AuthorizationResponse, CI_13_success_names_the_issuer) {
  const Parameters expected{{"code", "c"}, {"state", "s"}, {"iss", "http://localhost:2003"}};
  Answer answer;
  answer.code = Secret("c");
  EXPECT_EQ(success_parameters(answer, "s", policy()), expected);
  const Parameters bare{{"code", "c"}, {"iss", "http://localhost:2003"}};
  EXPECT_EQ(success_parameters(answer, {}, policy()), bare);
}

// OIDCC-3.3.2.5, RFC6749-4.2.2
TEST(AuthorizationResponse, C5_7_tokens_stand_beside_the_code) {  // C5.7
  Answer answer;
  answer.code = Secret("c");
  answer.access_token = Secret("a");
  answer.expires_in = seconds(600);
  answer.scopes = {"openid", "email"};
  answer.id_token = "i";
  answer.session_state = "h.s";
  const Parameters expected{{"code", "c"},
                            {"access_token", "a"},
                            {"token_type", "Bearer"},
                            {"expires_in", "600"},
                            {"scope", "openid email"},
                            {"id_token", "i"},
                            {"state", "s"},
                            {"iss", "http://localhost:2003"},
                            {"session_state", "h.s"}};
  EXPECT_EQ(success_parameters(answer, "s", policy()), expected);
}

constexpr Reason kInvalid{"test.invalid", ErrorCode::invalid_request, "RFC6749-4.1.2.1", "text",
                          "mend"};
constexpr Reason kInternal{"test.internal", ErrorCode::restart_needed, "RFC6749-4.1.2.1", "text",
                           "mend"};

TEST(AuthorizationResponse, CI_13_errors_name_the_issuer) {
  const Error error = refuse(kInvalid, "a secret expectation", "what came");
  const Parameters expected{{"error", "invalid_request"},
                            {"error_description", "text"},
                            {"error_uri", "u"},
                            {"state", "s"},
                            {"iss", "http://localhost:2003"}};
  EXPECT_EQ(error_parameters(error, "s", policy(), "u"), expected);
  const Parameters bare{{"error", "invalid_request"},
                        {"error_description", "text"},
                        {"iss", "http://localhost:2003"}};
  EXPECT_EQ(error_parameters(error, {}, policy(), ""), bare);
}

TEST(AuthorizationResponse, words_of_our_pages_never_leave) {
  EXPECT_EQ(error_parameters(refuse(kInternal), {}, policy(), "")[0].second, "server_error");
}

// OX-06, RFC9700-4.11.2
TEST(AuthorizationResponse, OX_06_interstitial) {
  auto stranger = public_client();
  stranger.registered_by = RegisteredBy::self;
  EXPECT_TRUE(shows_interstitial(stranger, policy(), false, false));
  EXPECT_FALSE(shows_interstitial(stranger, policy(), true, false));
  EXPECT_FALSE(shows_interstitial(stranger, policy(), false, true));
  EXPECT_FALSE(shows_interstitial(public_client(), policy(), false, false));
  auto off = policy();
  off.error_interstitial = false;
  EXPECT_FALSE(shows_interstitial(stranger, off, false, false));
}

}  // namespace
}  // namespace claviger::protocol::test
