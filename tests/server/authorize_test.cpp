// /authorize: what a refused request leads to, and where an answer may go (rows RU, CI).
#include <algorithm>

#include "crypto/digest.hpp"
#include "tests/support/browser.hpp"

namespace claviger::test {
namespace {

// Where a refusal is shown: on our own page, or at the client.
enum class Shown { page, client };

struct Row {
  const char* id;
  const char* clause;
  const char* field;
  std::string value;
  Shown shown;
  const char* error;
};

void expect_refused(Site& site, const Row& row, const Form& form) {
  Browser browser(site);
  const auto response = browser.get(authorize_url(form));
  SCOPED_TRACE(std::string(row.id) + " " + row.clause + " " + row.field + "=" + row.value);
  if (row.shown == Shown::page) {
    EXPECT_EQ(response.status, 400u);
    EXPECT_FALSE(response.location.has_value());
    EXPECT_NE(response.body.find("id=\"error-code\""), std::string::npos);
    EXPECT_NE(response.body.find(row.error), std::string::npos);
    return;
  }
  auto location = location_of(response);
  EXPECT_EQ(response.status, 303u);
  EXPECT_TRUE(location.starts_with(kCallback)) << location;
  std::ranges::replace(location, '#', '?');  // a refusal of tokens comes in the fragment (C5.5)
  EXPECT_EQ(parameter(location, "error"), row.error);
  EXPECT_EQ(parameter(location, "iss"), kIssuer);  // CI-13
  EXPECT_TRUE(parameter(location, "code").empty());
}

class Authorize : public testing::Test {
 protected:
  void SetUp() override { site.register_demo(); }
  Site site;
};

TEST_F(Authorize, SpoiledRequestsAreRefusedWhereTheyShouldBe) {
  const std::vector<Row> rows{
      {"RU-01", "RFC9700-4.1.3", "redirect_uri", "http://localhost:3000/CALLBACK", Shown::page,
       "invalid_redirect_uri"},
      {"RU-02", "RFC9700-4.1.3", "redirect_uri", "http://localhost:3000/callback.evil", Shown::page,
       "invalid_redirect_uri"},
      {"RU-04", "RFC9700-4.1.3", "redirect_uri", "http://localhost:3000@evil.example/callback",
       Shown::page, "invalid_redirect_uri"},
      {"RU-05", "RFC9700-4.1.3", "redirect_uri", "http://localhost:3000/x/..;/callback",
       Shown::page, "invalid_redirect_uri"},
      {"RU-05", "RFC9700-4.1.3", "redirect_uri", "http://localhost:3000/%2e%2e/callback",
       Shown::page, "invalid_redirect_uri"},
      {"RU-07", "OAUTH21-8.4.2", "redirect_uri", "http://localhost:4000/callback", Shown::page,
       "invalid_redirect_uri"},
      {"RU-09", "RFC9700-4.1.3", "redirect_uri", "http://localhost.evil:3000/callback", Shown::page,
       "invalid_redirect_uri"},
      {"RU-10", "OAUTH21-2.3", "redirect_uri", std::string(kCallback) + "#x", Shown::page,
       "invalid_redirect_uri"},
      {"RU-11", "RFC9700-4.1.3", "redirect_uri", std::string(kCallback) + "?x=1", Shown::page,
       "invalid_redirect_uri"},
      {"RU-18", "RFC3986-6.2.1", "redirect_uri", "http://localhost:3000/%63allback", Shown::page,
       "invalid_redirect_uri"},
      {"OX-06", "RFC6749-4.1.2.1", "client_id", "nobody", Shown::page, "invalid_client"},
      {"CI-16", "RFC6749-4.1.2.1", "response_type", "", Shown::client, "invalid_request"},
      {"CI-16", "RFC6749-4.1.2.1", "response_type", "token", Shown::client,
       "unsupported_response_type"},
      {"CI-16", "RFC6749-4.1.2.1", "response_type", "id_token token", Shown::client,
       "unauthorized_client"},
      {"CI-16", "RFC6749-4.1.2.1", "response_type", "code id_token", Shown::client,
       "unauthorized_client"},
      {"CI-17", "OIDCM-2.1", "response_mode", "web_message", Shown::client, "invalid_request"},
      {"CI-07", "RFC7636-4.4.1", "code_challenge", kChallenge, Shown::client, "invalid_request"},
      {"CI-20", "RFC6749-3.3", "scope", std::string(5000, 'a'), Shown::client, "invalid_scope"},
      {"CI-22", "OIDCC-3.1.2.1", "nonce", std::string(1025, 'n'), Shown::client, "invalid_request"},
      {"CI-23", "OIDCC-3.1.2.1", "prompt", "none login", Shown::client, "invalid_request"},
      {"CI-23", "OIDCC-3.1.2.6", "prompt", "none", Shown::client, "login_required"},
  };
  for (const auto& row : rows)
    expect_refused(site, row, with(authorize_request(), row.field, row.value));
}

TEST_F(Authorize, CI_15_RepeatedParameters) {  // CI-15, OAUTH21-3.1
  for (const char* name : {"client_id", "redirect_uri"}) {
    auto form = authorize_request();
    form.add(name, "again");
    expect_refused(site, {"CI-15", "OAUTH21-3.1", name, "again", Shown::page, "invalid_request"},
                   form);
  }
  for (const char* name : {"scope", "response_type"}) {
    auto form = authorize_request();
    form.add(name, "again");
    expect_refused(site, {"CI-15", "OAUTH21-3.1", name, "again", Shown::client, "invalid_request"},
                   form);
  }
}

TEST_F(Authorize, CI_19_UnknownScopesAreDropped) {  // CI-19, RFC6749-3.3
  Browser browser(site);
  const auto url = sign_in(browser, with(authorize_request(), "scope", "email openid admin"));
  const auto response = site.post("/token", code_form(parameter(url, "code")));
  EXPECT_EQ(text_of(response, "scope"), "email openid");
}

TEST_F(Authorize, RU_16_TheOneRegisteredUriMayBeLeftOut) {  // RU-16, OAUTH21-2.3.2
  Browser browser(site);
  const auto url = sign_in(browser, with(authorize_request(), "redirect_uri", ""));
  EXPECT_TRUE(url.starts_with(kCallback));
}

TEST_F(Authorize, RU_12_ARegisteredQuerySurvives) {  // RU-12, RFC6749-3.1.2
  const std::string uri = "http://localhost:3000/cb?tenant=a";
  ASSERT_EQ(site.post("/register_client", form_of({{"client_id", "with-query"},
                                                   {"client_secret", "a-secret-of-sixteen"},
                                                   {"redirect_uri", uri}}))
                .status,
            200u);
  Browser browser(site);
  auto form = with(with(authorize_request(), "client_id", "with-query"), "redirect_uri", uri);
  const auto url = sign_in(browser, form);
  EXPECT_TRUE(url.starts_with(uri + "&code=")) << url;
}

TEST_F(Authorize, CI_04_APublicClientNeedsAChallenge) {  // CI-04, OAUTH21-4.1.1
  ASSERT_EQ(site.post("/register_client", form_of({{"client_id", "phone-app"},
                                                   {"token_endpoint_auth_method", "none"},
                                                   {"redirect_uri", "http://127.0.0.1/cb"}}))
                .status,
            200u);
  auto form =
      with(with(authorize_request(), "client_id", "phone-app"), "redirect_uri",
           "http://127.0.0.1:50123/cb");  // RU-07: the port of a loopback literal may differ
  Browser browser(site);
  // OX-06: registered by itself, nobody signed in: shown here, sent nowhere.
  const auto refused = browser.get(authorize_url(form));
  EXPECT_EQ(refused.status, 400u);
  EXPECT_EQ(reason_of(refused), "authorize.pkce_missing");

  form = with(with(form, "code_challenge", kChallenge), "code_challenge_method", "S256");
  const auto url = sign_in(browser, form);
  ASSERT_TRUE(url.starts_with("http://127.0.0.1:50123/cb?code=")) << url;
  const auto response = site.post("/token", form_of({{"grant_type", "authorization_code"},
                                                     {"client_id", "phone-app"},
                                                     {"code", parameter(url, "code")},
                                                     {"redirect_uri", "http://127.0.0.1:50123/cb"},
                                                     {"code_verifier", kVerifier}}));
  EXPECT_EQ(response.status, 200u) << response.body;
}

TEST_F(Authorize, CI_29_APostIsSentOnAsGet) {  // CI-29, RFC6749-3.1
  auto request = Site::make_post("/authorize", authorize_request());
  request.headers.add("Sec-Fetch-Site", "cross-site");
  request.headers.add("Sec-Fetch-Mode", "navigate");
  const auto response = site.send(request);
  EXPECT_EQ(response.status, 303u);
  EXPECT_TRUE(location_of(response).starts_with("/authorize?client_id=demo-client"));
}

TEST_F(Authorize, CI_30_EveryPostThatRedirectsSays303) {  // CI-30, RFC9700-4.12
  Browser browser(site);
  const auto start = browser.get(authorize_url(authorize_request()));
  const std::string txn = parameter(location_of(start), "txn");
  const auto login = browser.post("/login", login_form(txn));
  EXPECT_EQ(login.status, 303u);
  const auto consent = browser.post("/consent", form_of({{"txn", txn}, {"action", "approve"}}));
  EXPECT_EQ(consent.status, 303u);
}

TEST_F(Authorize, CI_32_NoCrossOriginAccessEver) {  // CI-32, OAUTH21-3.1
  auto request = Site::make_get(authorize_url(authorize_request()));
  request.headers.add("Origin", "http://localhost:3000");
  const auto response = site.send(request);
  EXPECT_FALSE(response.headers.find("access-control-allow-origin").has_value());
}

TEST_F(Authorize, CI_31_PagesAreNotStoredAndLeakNoReferrer) {  // CI-31, RFC9700-4.2.4
  Browser browser(site);
  const auto start = browser.get(authorize_url(authorize_request()));
  const auto page = browser.get(location_of(start));
  EXPECT_EQ(page.headers.find("cache-control"), "no-store");
  EXPECT_EQ(page.headers.find("referrer-policy"), "same-origin");
}

TEST_F(Authorize, CI_28_AnotherBrowserCannotFinishTheRequest) {  // CI-28, RFC9700-4.7
  Browser attacker(site);
  Browser victim(site);
  const auto start = attacker.get(authorize_url(authorize_request()));
  const std::string txn = parameter(location_of(start), "txn");
  sign_in(victim);
  const auto shown = victim.get("/authorize?txn=" + txn);
  EXPECT_EQ(shown.status, 400u);
  EXPECT_EQ(reason_of(shown), "transaction.foreign");
  EXPECT_EQ(victim.post("/consent", form_of({{"txn", txn}, {"action", "approve"}})).status, 400u);
}

TEST_F(Authorize, TwoTabsAreTwoTransactions) {  // RFC9700-4.7
  Browser browser(site);
  const auto first = browser.get(authorize_url(authorize_request()));
  const auto second = browser.get(authorize_url(with(authorize_request(), "state", "second")));
  const std::string a = parameter(location_of(first), "txn");
  const std::string b = parameter(location_of(second), "txn");
  ASSERT_NE(a, b);
  EXPECT_EQ(browser.post("/login", login_form(a)).status, 303u);
  EXPECT_EQ(browser.post("/consent", form_of({{"txn", a}, {"action", "approve"}})).status, 303u);
  const auto answered = location_of(browser.get("/authorize?txn=" + a));
  EXPECT_EQ(parameter(answered, "state"), "xyz");
  // The other one still waits, and is answered with its own state.
  const auto other = location_of(browser.get("/authorize?txn=" + b));
  EXPECT_EQ(parameter(other, "state"), "second");
  EXPECT_FALSE(parameter(other, "code").empty());
}

TEST_F(Authorize, CI_18_AFinishedRequestIsNotAnsweredTwice) {  // CI-18
  Browser browser(site);
  const auto start = browser.get(authorize_url(authorize_request()));
  const std::string txn = parameter(location_of(start), "txn");
  browser.post("/login", login_form(txn));
  browser.post("/consent", form_of({{"txn", txn}, {"action", "approve"}}));
  EXPECT_EQ(browser.get("/authorize?txn=" + txn).status, 303u);
  const auto again = browser.get("/authorize?txn=" + txn);
  EXPECT_EQ(again.status, 400u);
  EXPECT_FALSE(again.location.has_value());
}

TEST_F(Authorize, ConsentIsRememberedAndAskedAgainWhenScopesGrow) {  // OIDCC-3.1.2.4
  Browser browser(site);
  sign_in(browser);
  const auto silent = browser.get(authorize_url(with(authorize_request(), "prompt", "none")));
  EXPECT_FALSE(parameter(location_of(silent), "code").empty());
  const auto more = browser.get(authorize_url(with(authorize_request(), "scope", "email phone")));
  EXPECT_TRUE(location_of(more).starts_with("/consent")) << location_of(more);
}

TEST_F(Authorize, CI_24_PromptLoginAsksAgainWhateverTheUrl) {  // CI-24, OIDCC-3.1.2.1
  Browser browser(site);
  sign_in(browser);
  const auto start = browser.get(authorize_url(with(authorize_request(), "prompt", "login")));
  ASSERT_TRUE(location_of(start).starts_with("/login"));
  const std::string txn = parameter(location_of(start), "txn");
  EXPECT_TRUE(location_of(browser.get("/authorize?txn=" + txn)).starts_with("/login"));
  site.clock.advance(std::chrono::seconds(1));
  browser.post("/login", login_form(txn));
  EXPECT_FALSE(parameter(location_of(browser.get("/authorize?txn=" + txn)), "code").empty());
}

TEST_F(Authorize, DenialAndCancelGoToTheClientOnce) {  // RFC6749-4.1.2.1
  Browser browser(site);
  const auto start = browser.get(authorize_url(authorize_request()));
  const std::string txn = parameter(location_of(start), "txn");
  auto cancel = login_form(txn);
  cancel.add("action", "cancel");
  const auto location = location_of(browser.post("/login", cancel));
  EXPECT_EQ(parameter(location, "error"), "access_denied");
  EXPECT_EQ(parameter(location, "state"), "xyz");
  EXPECT_EQ(parameter(location, "iss"), kIssuer);
  EXPECT_EQ(browser.post("/login", login_form(txn)).status, 400u);
}

TEST_F(Authorize, RU_20_AUriTakenFromTheClientEndsItsCodes) {  // RU-20
  const auto code = fresh_code(site);
  auto client = *run_task(site.node().store().clients.find("demo-client"));
  run_task(site.node().store().clients.remove("demo-client"));
  client.redirect_uris = {"http://localhost:3000/other"};
  run_task(site.node().store().clients.add(client));
  EXPECT_EQ(text_of(site.post("/token", code_form(code)), "error"), "invalid_grant");
}

}  // namespace
}  // namespace claviger::test
