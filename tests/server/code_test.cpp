// The authorization code at /token (rows CI), the endpoint itself (TE) and client authentication
// (CA).
#include "base/base64url.hpp"
#include "tests/support/browser.hpp"

namespace claviger::test {
namespace {

class TokenEndpoint : public testing::Test {
 protected:
  void SetUp() override { site.register_demo(); }
  http::Response redeem(const Form& form) { return site.post("/token", form); }
  // A code whose request carried an S256 challenge.
  std::string code_with_pkce() {
    Browser browser(site);
    const auto form = with(with(authorize_request(), "code_challenge", kChallenge),
                           "code_challenge_method", "S256");
    return parameter(sign_in(browser, form), "code");
  }
  Site site;
};

TEST_F(TokenEndpoint, CI_01_AValidReplayRevokesWhatTheCodeLedTo) {  // CI-01, OAUTH21-4.1.3
  const auto code = fresh_code(site);
  const auto tokens = tokens_of(redeem(code_form(code)));
  EXPECT_EQ(site.api(tokens.access).status, 200u);
  site.clock.advance(std::chrono::seconds(1));
  const auto replay = redeem(code_form(code));
  EXPECT_EQ(text_of(replay, "error"), "invalid_grant");
  EXPECT_EQ(reason_of(replay), "code.reuse");
  EXPECT_EQ(site.api(tokens.access).status, 401u);
  EXPECT_EQ(text_of(redeem(refresh_form(tokens.refresh)), "error"), "invalid_grant");
}

TEST_F(TokenEndpoint, CI_02_AnInvalidReplayRevokesNothing) {  // CI-02, OAUTH21-7.5.2
  const auto code = code_with_pkce();
  auto right = code_form(code);
  right.add("code_verifier", kVerifier);
  const auto tokens = tokens_of(redeem(right));
  ASSERT_FALSE(tokens.access.empty());
  auto wrong = code_form(code);
  wrong.add("code_verifier", std::string(43, 'x'));
  EXPECT_EQ(text_of(redeem(wrong), "error"), "invalid_grant");
  EXPECT_EQ(site.api(tokens.access).status, 200u);
}

TEST_F(TokenEndpoint, CI_02_ACodeIsBurnedAfterFiveWrongVerifiers) {  // CI-02, CI-08
  const auto code = code_with_pkce();
  auto right = code_form(code);
  right.add("code_verifier", kVerifier);
  auto wrong = code_form(code);
  wrong.add("code_verifier", std::string(43, 'x'));
  for (int i = 0; i < 5; ++i) EXPECT_EQ(text_of(redeem(wrong), "error"), "invalid_grant");
  EXPECT_EQ(text_of(redeem(right), "error"), "invalid_grant");
}

TEST_F(TokenEndpoint, CI_02_FourWrongVerifiersLeaveTheCodeToItsOwner) {  // CI-02
  const auto code = code_with_pkce();
  auto wrong = code_form(code);
  wrong.add("code_verifier", std::string(43, 'x'));
  for (int i = 0; i < 4; ++i) redeem(wrong);
  auto right = code_form(code);
  right.add("code_verifier", kVerifier);
  EXPECT_EQ(redeem(right).status, 200u);
}

TEST_F(TokenEndpoint, CI_03_ARaceRevokesNothing) {  // CI-03, RFC9700-4.2.4
  const auto code = fresh_code(site);
  const Time arrived = site.clock.now();
  site.clock.advance(std::chrono::milliseconds(5));
  const auto tokens = tokens_of(redeem(code_form(code)));
  auto late = Site::make_post("/token", code_form(code));
  late.arrived = arrived;  // it came before the winner's commit and was answered after it
  const auto lost = site.send(late);
  EXPECT_EQ(text_of(lost, "error"), "invalid_grant");
  EXPECT_EQ(reason_of(lost), "code.race");
  EXPECT_EQ(site.api(tokens.access).status, 200u);
}

TEST_F(TokenEndpoint, CI_05_AVerifierWithoutAChallengeBurnsTheCode) {  // CI-05, RFC9700-4.8
  const auto code = fresh_code(site);
  auto downgraded = code_form(code);
  downgraded.add("code_verifier", kVerifier);
  EXPECT_EQ(text_of(redeem(downgraded), "error"), "invalid_request");
  EXPECT_EQ(text_of(redeem(code_form(code)), "error"), "invalid_grant");
}

TEST_F(TokenEndpoint, CI_06_AMissingVerifierIsInvalidGrant) {  // CI-06, RFC7636-4.6
  EXPECT_EQ(text_of(redeem(code_form(code_with_pkce())), "error"), "invalid_grant");
}

TEST_F(TokenEndpoint, CI_10_ACodeBelongsToItsClient) {  // CI-10, RFC6749-10.5
  site.post("/register_client", form_of({{"client_id", "other-client"},
                                         {"client_secret", "a-secret-of-sixteen"},
                                         {"redirect_uri", kCallback}}));
  auto form = with(with(code_form(fresh_code(site)), "client_id", "other-client"), "client_secret",
                   "a-secret-of-sixteen");
  EXPECT_EQ(text_of(redeem(form), "error"), "invalid_grant");
}

TEST_F(TokenEndpoint, CI_12_ACodeLivesSixtySeconds) {  // CI-12, OAUTH21-4.1.2
  const auto in_time = fresh_code(site);
  site.clock.advance(std::chrono::seconds(59));
  EXPECT_EQ(redeem(code_form(in_time)).status, 200u);
  const auto too_late = fresh_code(site);
  site.clock.advance(std::chrono::seconds(60));
  EXPECT_EQ(text_of(redeem(code_form(too_late)), "error"), "invalid_grant");
}

TEST_F(TokenEndpoint, CI_14_TheRedirectUriIsComparedAgain) {  // CI-14, RFC6749-4.1.3
  EXPECT_EQ(text_of(redeem(with(code_form(fresh_code(site)), "redirect_uri",
                                "http://localhost:3000/other")),
                    "error"),
            "invalid_grant");
  EXPECT_EQ(text_of(redeem(with(code_form(fresh_code(site)), "redirect_uri", "")), "error"),
            "invalid_request");
  auto proven = with(code_form(code_with_pkce()), "redirect_uri", "");
  proven.add("code_verifier", kVerifier);
  EXPECT_EQ(redeem(proven).status, 200u);
}

TEST_F(TokenEndpoint, CI_09_AChallengeMayComeAgainAndProvesNothingNew) {  // CI-09, RFC9700-2.1.1
  const auto first = code_with_pkce();
  const auto second = code_with_pkce();
  for (const auto& code : {first, second}) {
    auto form = code_form(code);
    form.add("code_verifier", kVerifier);
    EXPECT_EQ(redeem(form).status, 200u);
  }
}

TEST_F(TokenEndpoint, TE_13_WhateverEndsBetweenCodeAndRedemptionCounts) {  // TE-13
  struct Event {
    const char* name;
    std::function<void(Site&, const std::string& sub)> happen;
  };
  const std::vector<Event> events{
      {"user disabled",
       [](Site& s, const std::string& sub) {
         run_task(s.node().store().users.set_disabled(sub, true, s.clock.now()));
       }},
      {"password changed",
       [](Site& s, const std::string& sub) {
         run_task(s.node().store().users.set_password(sub, "x", s.clock.now()));
       }},
      {"consent withdrawn",
       [](Site& s, const std::string& sub) {
         run_task(s.node().store().consents.withdraw(sub, "demo-client", s.clock.now()));
       }},
  };
  for (const auto& event : events) {
    SCOPED_TRACE(event.name);
    Site fresh;
    fresh.register_demo();
    const auto code = fresh_code(fresh);
    const auto tokens = fresh_tokens(fresh);
    const auto user = run_task(fresh.node().store().users.find_by_login("ada", "ada"));
    ASSERT_TRUE(user.has_value());
    event.happen(fresh, user->sub);
    EXPECT_EQ(text_of(fresh.post("/token", code_form(code)), "error"), "invalid_grant");
    EXPECT_EQ(text_of(fresh.post("/token", refresh_form(tokens.refresh)), "error"),
              "invalid_grant");  // RT-07
    EXPECT_EQ(fresh.api(tokens.access).status, 401u);
  }
}

TEST_F(TokenEndpoint, TE_01_OnlyPost) {  // TE-01, OAUTH21-3.2
  for (const auto method : {http::Method::get, http::Method::head, http::Method::put}) {
    http::Request request;
    request.method = method;
    request.method_text = std::string(http::to_string(method));
    request.target = "/token";
    const auto response = site.send(request);
    EXPECT_EQ(response.status, 405u);
    EXPECT_NE(response.headers.find("allow").value_or("").find("POST"), std::string_view::npos);
  }
}

TEST_F(TokenEndpoint, TE_02_OnlyAForm) {  // TE-02, OAUTH21-3.2.2
  for (const char* type : {"application/json", "multipart/form-data; boundary=x", "text/plain"}) {
    auto request = Site::make_post("/token", code_form("x"));
    request.headers.set("Content-Type", type);
    EXPECT_EQ(site.send(request).status, 415u) << type;
  }
}

TEST_F(TokenEndpoint, TE_03_NothingFromTheQuery) {  // TE-03, RFC6749-2.3.1
  const auto form = code_form(fresh_code(site));
  EXPECT_EQ(text_of(site.post("/token?code=abc", form), "error"), "invalid_request");
}

TEST_F(TokenEndpoint, TE_04_TE_05_TE_06_RepeatedEmptyAndUnknown) {  // TE-04, TE-05, TE-06
  auto repeated = code_form(fresh_code(site));
  repeated.add("grant_type", "authorization_code");
  EXPECT_EQ(text_of(redeem(repeated), "error"), "invalid_request");
  auto empty = code_form(fresh_code(site));
  empty.add("code_verifier", "");
  EXPECT_EQ(redeem(empty).status, 200u);
  auto unknown = code_form(fresh_code(site));
  unknown.add("colour", "green");
  EXPECT_EQ(redeem(unknown).status, 200u);
}

TEST_F(TokenEndpoint, TE_07_NoOtherGrant) {  // TE-07, OAUTH21-10
  for (const char* grant : {"password", "implicit", "nonsense"}) {
    EXPECT_EQ(text_of(redeem(with(code_form("x"), "grant_type", grant)), "error"),
              "unsupported_grant_type");
  }
}

TEST_F(TokenEndpoint, TE_08_AGrantTypeTakenFromTheClientIsGone) {  // TE-08, OAUTH21-3.2.4
  const auto tokens = fresh_tokens(site);
  auto& clients = site.node().store().clients;
  auto client = *run_task(clients.find("demo-client"));
  run_task(clients.remove("demo-client"));
  client.grant_types = {GrantType::authorization_code};
  run_task(clients.add(client));
  EXPECT_EQ(text_of(redeem(refresh_form(tokens.refresh)), "error"), "unauthorized_client");
  // And what is redeemed from now on comes without a refresh token.
  const auto fresh = redeem(code_form(fresh_code(site)));
  EXPECT_EQ(fresh.status, 200u);
  EXPECT_FALSE(json_of(fresh).contains("refresh_token"));
}

TEST_F(TokenEndpoint, TE_10_NeverStored) {  // TE-10, OAUTH21-3.2.3
  EXPECT_EQ(redeem(code_form(fresh_code(site))).headers.find("cache-control"), "no-store");
  EXPECT_EQ(redeem(code_form("x")).headers.find("cache-control"), "no-store");
}

TEST_F(TokenEndpoint, TE_11_NoCredentialsAcrossOrigins) {  // TE-11, RFC9700-2.6
  auto request = Site::make_post("/token", code_form(fresh_code(site)));
  request.headers.add("Origin", "https://app.example");
  const auto response = site.send(request);
  EXPECT_FALSE(response.headers.find("access-control-allow-credentials").has_value());
}

TEST_F(TokenEndpoint, CA_01_TwoMethodsAtOnce) {  // CA-01, OAUTH21-2.4
  auto request = Site::make_post("/token", code_form(fresh_code(site)));
  const std::string basic = "demo-client:demo-client-secret";
  request.headers.add("Authorization", "Basic " + base64_encode(as_bytes(basic)));
  EXPECT_EQ(text_of(site.send(request), "error"), "invalid_request");
}

TEST_F(TokenEndpoint, ClientSecretBasicIsFormEncodedFirst) {  // RFC6749-2.3.1
  site.post("/register_client", form_of({{"client_id", "odd client"}, {"client_secret", "x"}}));
  ASSERT_EQ(site.post("/register_client", form_of({{"client_id", "odd:client"},
                                                   {"client_secret", "secret/with+odd&signs"},
                                                   {"redirect_uri", kCallback}}))
                .status,
            200u);
  Browser browser(site);
  const auto url = sign_in(browser, with(authorize_request(), "client_id", "odd:client"));
  auto form = with(with(code_form(parameter(url, "code")), "client_id", ""), "client_secret", "");
  auto request = Site::make_post("/token", form);
  const std::string basic = "odd%3Aclient:secret%2Fwith%2Bodd%26signs";
  request.headers.add("Authorization", "Basic " + base64_encode(as_bytes(basic)));
  const auto response = site.send(request);
  EXPECT_EQ(response.status, 200u) << response.body;
}

TEST_F(TokenEndpoint, CA_12_UnknownClientAndWrongSecretLookAlike) {  // CA-12, RFC6749-5.2
  const auto unknown = redeem(with(code_form("x"), "client_id", "nobody"));
  const auto wrong = redeem(with(code_form("x"), "client_secret", "wrong-secret-here"));
  EXPECT_EQ(unknown.status, 401u);
  EXPECT_EQ(wrong.status, 401u);
  EXPECT_EQ(text_of(unknown, "error"), "invalid_client");
  EXPECT_EQ(text_of(unknown, "error_description"), text_of(wrong, "error_description"));
  EXPECT_FALSE(wrong.headers.find("www-authenticate").has_value());  // it used the body
  auto request = Site::make_post("/token", form_of({{"grant_type", "refresh_token"}}));
  request.headers.add("Authorization", "Basic " + base64_encode(as_bytes("demo-client:wrong")));
  EXPECT_TRUE(site.send(request).headers.find("www-authenticate").has_value());
}

TEST_F(TokenEndpoint,
       CA_13_GuessingASecretIsSlowedDownPerClientAndAddress) {  // CA-13, OAUTH21-2.4.1
  const auto guess = [&](const char* address) {
    auto request =
        Site::make_post("/token", with(code_form("x"), "client_secret", "wrong-secret-here"));
    request.peer = address;
    return site.send(request).status;
  };
  unsigned last = 0;
  for (int i = 0; i < 30 && last != 429; ++i) last = guess("192.0.2.1");
  EXPECT_EQ(last, 429u);
  EXPECT_EQ(guess("192.0.2.2"), 401u);  // somebody else is not held up
}

TEST_F(TokenEndpoint, CA_15_NoSecretInTheUrl) {  // CA-15, OAUTH21-2.4.1
  const auto form = with(code_form(fresh_code(site)), "client_secret", "");
  const auto response = site.post("/token?client_secret=demo-client-secret", form);
  EXPECT_EQ(text_of(response, "error"), "invalid_request");
  for (const auto& entry : site.log.entries()) {
    for (const auto& [name, value] : entry.fields)
      EXPECT_EQ(value.find("demo-client-secret"), std::string::npos);
  }
}

TEST_F(TokenEndpoint, CA_17_DisabledClientAndRotatedSecret) {  // CA-17
  auto& clients = site.node().store().clients;
  const Secret fresh("the-new-secret-value");
  const auto [hash, kid] =
      site.node().keys().current()->hash_client_secret(fresh, site.clock.now());
  const Time until = site.clock.now() + std::chrono::minutes(5);
  ASSERT_TRUE(run_task(clients.rotate_secret("demo-client", hash, kid, Bytes(), until)));
  EXPECT_EQ(redeem(code_form(fresh_code(site))).status, 200u);  // the old one, inside the overlap
  EXPECT_EQ(
      redeem(with(code_form(fresh_code(site)), "client_secret", "the-new-secret-value")).status,
      200u);
  site.clock.advance(std::chrono::minutes(6));
  EXPECT_EQ(redeem(code_form(fresh_code(site))).status, 401u);
  run_task(clients.set_disabled("demo-client", true, site.clock.now()));
  EXPECT_EQ(redeem(with(code_form("x"), "client_secret", "the-new-secret-value")).status, 401u);
}

}  // namespace
}  // namespace claviger::test
