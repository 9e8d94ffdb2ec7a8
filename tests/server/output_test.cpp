// What leaves the house: no reflection, no open redirect, no secret (rows OX, XS, SQ).
#include "tests/support/browser.hpp"

namespace claviger::test {
namespace {

class Output : public testing::Test {
 protected:
  void SetUp() override { site.register_demo(); }
  Site site;
};

TEST_F(Output, XS_01_AClientNameIsText) {  // XS-01, RFC6749-10.14
  ASSERT_EQ(site.post("/register_client", form_of({{"client_id", "markup"},
                                                   {"client_name", "<b onclick=x>A&B</b>"},
                                                   {"client_secret", "a-secret-of-sixteen"},
                                                   {"redirect_uri", kCallback}}))
                .status,
            200u);
  Browser browser(site);
  const auto start = browser.get(authorize_url(with(authorize_request(), "client_id", "markup")));
  const auto page = browser.get(location_of(start));
  EXPECT_EQ(page.body.find("<b onclick"), std::string::npos);
  EXPECT_NE(page.body.find("&lt;b onclick=x&gt;A&amp;B&lt;/b&gt;"), std::string::npos);
}

TEST_F(Output, XS_02_NothingOfARequestIsReflected) {  // XS-02
  const std::string evil = "\"><script>alert(1)</script>";
  Browser browser(site);
  for (const char* name : {"state", "redirect_uri", "scope", "response_type", "ui_locales", "nonce",
                           "client_id", "prompt"}) {
    const auto response = browser.get(authorize_url(with(authorize_request(), name, evil)));
    EXPECT_EQ(response.body.find("<script"), std::string::npos) << name;
    EXPECT_EQ(response.body.find("alert(1)"), std::string::npos) << name;
  }
  const auto start = browser.get(authorize_url(with(authorize_request(), "login_hint", evil)));
  const auto page = browser.get(location_of(start));
  EXPECT_EQ(page.body.find("<script"), std::string::npos);
  EXPECT_NE(page.body.find("&lt;script&gt;"),
            std::string::npos);  // the one that may come back, escaped
}

TEST_F(Output, XS_05_AnUnknownLanguageIsEnglish) {  // XS-05
  Browser browser(site);
  for (const char* tag : {"../../etc/passwd", "xx", "tlh", ""}) {
    const auto start = browser.get(authorize_url(with(authorize_request(), "ui_locales", tag)));
    EXPECT_NE(browser.get(location_of(start)).body.find("lang=\"en\""), std::string::npos) << tag;
  }
  const auto german = browser.get(authorize_url(with(authorize_request(), "ui_locales", "de-AT")));
  EXPECT_NE(browser.get(location_of(german)).body.find("lang=\"de\""), std::string::npos);
}

TEST_F(Output, XS_07_EveryAnswerSaysWhatItIs) {  // XS-07
  const auto page = site.get("/logout/done");
  EXPECT_EQ(page.content_type, "text/html; charset=utf-8");
  EXPECT_EQ(page.headers.find("x-content-type-options"), "nosniff");
  const auto data = site.get("/jwks");
  EXPECT_EQ(data.headers.find("x-content-type-options"), "nosniff");
}

TEST_F(Output, OX_06_ASelfRegisteredClientIsNoOpenRedirector) {  // OX-06, RFC9700-4.11.2
  ASSERT_EQ(site.post("/register_client", form_of({{"client_id", "stranger"},
                                                   {"client_secret", "a-secret-of-sixteen"},
                                                   {"redirect_uri", "https://evil.example/cb"}}))
                .status,
            200u);
  const auto request = with(with(authorize_request(), "client_id", "stranger"), "redirect_uri",
                            "https://evil.example/cb");
  Browser browser(site);
  const auto shown = browser.get(authorize_url(with(request, "response_type", "token")));
  EXPECT_EQ(shown.status, 400u);
  EXPECT_FALSE(shown.location.has_value());
  // prompt=none is always answered by redirect, and so is a person's own denial.
  const auto none = browser.get(authorize_url(with(request, "prompt", "none")));
  EXPECT_EQ(parameter(location_of(none), "error"), "login_required");
}

TEST_F(Output, OX_01_NobodyIsSentWhereNoClientSaid) {  // OX-01, OX-03, OX-04
  Browser browser(site);
  sign_in(browser);
  const auto page =
      browser.get("/logout?post_logout_redirect_uri=https://evil.example/&id_token_hint=x");
  EXPECT_EQ(page.status, 400u);
  EXPECT_FALSE(page.location.has_value());
  EXPECT_EQ(page.body.find("evil.example"), std::string::npos);
  const auto still = browser.get(authorize_url(with(authorize_request(), "prompt", "none")));
  EXPECT_FALSE(parameter(location_of(still), "code").empty()) << "the session stays";
}

TEST_F(Output, SQ_03_TheDatabaseHoldsNoUsableSecret) {  // SQ-03, SQ-04
  Browser browser(site);
  const auto code = parameter(sign_in(browser), "code");
  const auto tokens = tokens_of(site.post("/token", code_form(code)));
  const std::vector<std::string> secrets{code.substr(code.find('.') + 1),
                                         tokens.access,
                                         tokens.refresh,
                                         "demo-client-secret",
                                         kPassword,
                                         browser.cookies.at("claviger_2003")};
  const auto bytes = site.database->bytes();
  EXPECT_NE(bytes.find(site.settings.quickstart.email), std::string::npos) << "what is not secret";
  for (const auto& secret : secrets) EXPECT_EQ(bytes.find(secret), std::string::npos);
}

TEST_F(Output, NoSecretReachesTheLog) {  // SQ-07
  Browser browser(site);
  const auto code = parameter(sign_in(browser), "code");
  const auto tokens = tokens_of(site.post("/token", code_form(code)));
  site.api(tokens.access);
  site.post("/token", code_form(code));
  site.post("/token", refresh_form(tokens.refresh));
  site.post("/token", with(refresh_form(tokens.refresh), "client_secret", "not-the-secret-16"));
  const std::vector<std::string> secrets{code.substr(code.find('.') + 1),
                                         tokens.access,
                                         tokens.refresh,
                                         "demo-client-secret",
                                         kPassword,
                                         "not-the-secret-16",
                                         browser.cookies.at("claviger_2003")};
  for (const auto& entry : site.log.entries()) {
    for (const auto& [name, value] : entry.fields) {
      for (const auto& secret : secrets)
        EXPECT_EQ(value.find(secret), std::string::npos) << entry.event << " " << name;
    }
  }
  for (const auto& refusal : site.node().refusals().latest(100)) {
    for (const auto& secret : secrets) {
      EXPECT_EQ(refusal.error.expected.find(secret), std::string::npos);
      EXPECT_EQ(refusal.error.came.find(secret), std::string::npos);
    }
  }
}

TEST_F(Output, ARefusalCanBeExplained) {
  const auto refused = site.post(
      "/token", with(code_form(fresh_code(site)), "redirect_uri", "http://localhost:3000/other"));
  const auto id = text_of(refused, "request_id");
  ASSERT_FALSE(id.empty());
  EXPECT_EQ(refused.headers.find("x-request-id"), id);
  const auto page = site.get("/explain?request_id=" + id);
  EXPECT_EQ(page.status, 200u);
  EXPECT_NE(page.body.find("code.redirect_uri_mismatch"), std::string::npos);
  EXPECT_NE(page.body.find("http://localhost:3000/other"), std::string::npos);
  EXPECT_EQ(site.get("/explain?request_id=nonsense").status, 404u);
}

}  // namespace
}  // namespace claviger::test
