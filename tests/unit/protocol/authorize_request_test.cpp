#include "protocol/authorize/request.hpp"

#include "protocol/authorize/redirect_uri.hpp"
#include "protocol/authorize/response.hpp"
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
  EXPECT_EQ(addressee->redirect_uri, kRedirect);
  EXPECT_EQ(parse_addressee(form({{"client_id", "demo"}}))->redirect_uri, "");
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
  const auto unknown = judge_client_at_authorize({});
  const auto off = judge_client_at_authorize(disabled);
  EXPECT_EQ(outcome(unknown), "authorize.client_unknown");
  EXPECT_EQ(outcome(off), "authorize.client_disabled");
  EXPECT_EQ(unknown.error().reason->description, off.error().reason->description);
  EXPECT_TRUE(judge_client_at_authorize(public_client()));
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

// RFC6749-3.1.1, RFC6749-A.5, RFC7636-4.2, RFC7636-4.3, RFC7636-4.4.1, RFC9700-2.1.1, OAUTH21-4.1.2
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
      {"CI-16", "response_type", "id_token token", "authorize.response_type_unknown"},
      {"CI-16", "response_type", "code id_token", "authorize.response_type_unknown"},
      {"CI-16", "response_type", "Code", "authorize.response_type_unknown"},
      {"CI-17", "response_mode", "query", "ok"},
      {"CI-17", "response_mode", "fragment", "authorize.response_mode"},
      {"CI-17", "response_mode", "form_post", "authorize.response_mode"},
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
      {"OIDCC-3.1.2.1", "prompt", "create", "authorize.prompt_unknown"},
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
      {"OIDCC-3.1.2.6", "request", "eyJ", "authorize.request_object"},
      {"OIDCC-3.1.2.6", "request_uri", "https://a.example/", "authorize.request_uri"},
      {"PJ-01", "request_uri", "http://169.254.169.254/", "authorize.request_uri"},
      {"OIDCC-3.1.2.1", "display", "popup", "ok"},
      {"OIDCC-3.1.2.1", "claims", "{not json", "ok"},
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
  EXPECT_EQ(judged(plus(plus(valid(), "resource", "a"), "resource", "b")), "ok");
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
  EXPECT_TRUE(made.must_login);
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
  EXPECT_EQ(success_parameters(Secret("c"), "s", policy()), expected);
  const Parameters bare{{"code", "c"}, {"iss", "http://localhost:2003"}};
  EXPECT_EQ(success_parameters(Secret("c"), {}, policy()), bare);
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
