// Sessions, cookies and forged forms (rows SE), and signing out.
#include "tests/support/browser.hpp"

namespace claviger::test {
namespace {

class Sessions : public testing::Test {
 protected:
  void SetUp() override { site.register_demo(); }
  std::string sub() { return run_task(site.node().store().users.find_by_login("ada", "ada"))->sub; }
  bool signed_in(Browser& browser) {
    const auto response = browser.get(authorize_url(with(authorize_request(), "prompt", "none")));
    return !parameter(location_of(response), "code").empty();
  }
  Site site;
};

TEST_F(Sessions, SE_01_TheCookieIsNewAtEverySignIn) {  // SE-01
  Browser browser(site);
  sign_in(browser);
  const auto before = browser.cookies;
  const auto start = browser.get(authorize_url(with(authorize_request(), "prompt", "login")));
  browser.post("/login", login_form(parameter(location_of(start), "txn")));
  EXPECT_NE(browser.cookies.at("claviger_2003"), before.at("claviger_2003"));
  EXPECT_TRUE(signed_in(browser));
  browser.cookies = before;  // the old value is dead
  EXPECT_FALSE(signed_in(browser));
}

TEST_F(Sessions, SE_01_AnOfferedCookieIsNotTakenOver) {  // SE-01
  Browser browser(site);
  browser.cookies["claviger_2003"] = std::string(43, 'A');
  sign_in(browser);
  EXPECT_NE(browser.cookies.at("claviger_2003"), std::string(43, 'A'));
}

TEST_F(Sessions, SE_02_NoSessionInAnyUrl) {  // SE-02
  Browser browser(site);
  const auto url = sign_in(browser);
  EXPECT_EQ(url.find(browser.cookies.at("claviger_2003")), std::string::npos);
}

TEST_F(Sessions, SE_04_ADisabledUserIsSignedOutAtOnce) {  // SE-04, SE-14
  Browser browser(site);
  sign_in(browser);
  ASSERT_TRUE(signed_in(browser));
  run_task(site.node().store().users.set_disabled(sub(), true, site.clock.now()));
  EXPECT_FALSE(signed_in(browser));
}

TEST_F(Sessions, SE_06_AFormWithoutItsTransactionDoesNothing) {  // SE-06, RFC9700-4.7
  Browser browser(site);
  sign_in(browser);
  EXPECT_EQ(browser.post("/consent", form_of({{"action", "approve"}})).status, 400u);
  auto cross = Site::make_post("/logout", form_of({{"csrf", "x"}}));
  cross.headers.add("Sec-Fetch-Site", "cross-site");
  EXPECT_EQ(browser.send(cross).status, 403u);
  EXPECT_TRUE(signed_in(browser));
}

TEST_F(Sessions, SE_07_NoPageMayBeFramed) {  // SE-07, RFC9700-4.16
  Browser browser(site);
  const auto start = browser.get(authorize_url(authorize_request()));
  for (const auto& page :
       {browser.get(location_of(start)), browser.get("/authorize"), browser.get("/logout/done")}) {
    const std::string csp(page.headers.find("content-security-policy").value_or(""));
    EXPECT_NE(csp.find("frame-ancestors 'none'"), std::string::npos);
    EXPECT_EQ(page.headers.find("x-frame-options"), "DENY");
  }
}

TEST_F(Sessions, SE_08_SigningOutTakesAClick) {  // SE-08
  Browser browser(site);
  sign_in(browser);
  const auto page = browser.get("/logout");
  EXPECT_EQ(page.status, 200u);
  EXPECT_NE(page.body.find("id=\"logout-confirm\""), std::string::npos);
  EXPECT_TRUE(signed_in(browser));
  EXPECT_EQ(browser.post("/logout", form_of({{"csrf", "guessed"}})).status, 403u);
  EXPECT_TRUE(signed_in(browser));
}

TEST_F(Sessions, SE_15_SigningOutEndsTheSessionAndClearsTheBrowser) {  // SE-15, SE-03
  Browser browser(site);
  sign_in(browser);
  const auto cookies = browser.cookies;
  const auto page = browser.get("/logout");
  const auto at = page.body.find("name=\"csrf\" value=\"");
  ASSERT_NE(at, std::string::npos);
  const std::string csrf = page.body.substr(at + 19, 43);
  const auto done = browser.post("/logout", form_of({{"csrf", csrf}}));
  EXPECT_EQ(done.status, 303u);
  EXPECT_EQ(location_of(done), "/logout/done");
  EXPECT_TRUE(done.clear_site_data);
  browser.cookies = cookies;
  EXPECT_FALSE(signed_in(browser));
  EXPECT_NE(browser.get("/logout/done").body.find("id=\"logged-out\""), std::string::npos);
}

TEST_F(Sessions, SE_09_ACookieThatComesTwiceIsNone) {  // SE-09, RFC6265-4.2.1
  Browser browser(site);
  sign_in(browser);
  auto request = Site::make_get(authorize_url(with(authorize_request(), "prompt", "none")));
  request.headers.add("Cookie", "claviger_2003=" + std::string(43, 'A'));
  EXPECT_TRUE(parameter(location_of(browser.send(request)), "code").empty());
}

TEST_F(Sessions, SE_09_CookiesOfAnHttpsIssuerAreBoundToTheHost) {  // SE-09
  Site secure([](config::Settings& settings) {
    settings.issuer = "https://id.example.com";
    settings.registration.open = "yes";
  });
  EXPECT_EQ(secure.node().deps().cookies.session, "__Host-claviger");
  EXPECT_TRUE(secure.node().deps().cookies.secure);
}

TEST_F(Sessions, SE_11_NoStepCanBeSkipped) {  // SE-11, SE-12
  Browser browser(site);
  const auto start = browser.get(authorize_url(authorize_request()));
  const std::string txn = parameter(location_of(start), "txn");
  // Consent before login, and the way back before either.
  const auto consent = browser.post("/consent", form_of({{"txn", txn}, {"action", "approve"}}));
  EXPECT_TRUE(location_of(consent).starts_with("/authorize"));
  EXPECT_TRUE(location_of(browser.get("/authorize?txn=" + txn)).starts_with("/login"));
  browser.post("/login", login_form(txn));
  EXPECT_TRUE(location_of(browser.get("/authorize?txn=" + txn)).starts_with("/consent"));
}

TEST_F(Sessions, ASessionEndsByIdlenessAndByAge) {
  Browser browser(site);
  sign_in(browser);
  site.clock.advance(std::chrono::minutes(29));
  EXPECT_TRUE(signed_in(browser));
  site.clock.advance(std::chrono::minutes(29));
  EXPECT_TRUE(signed_in(browser));
  site.clock.advance(std::chrono::minutes(31));
  EXPECT_FALSE(signed_in(browser));
}

TEST_F(Sessions, AnotherPersonCanTakeOverTheBrowser) {
  Browser browser(site);
  const auto start = browser.get(authorize_url(authorize_request()));
  const std::string txn = parameter(location_of(start), "txn");
  browser.post("/login", login_form(txn));
  const auto switched = browser.post("/consent", form_of({{"txn", txn}, {"action", "switch"}}));
  EXPECT_TRUE(location_of(switched).starts_with("/authorize"));
  EXPECT_TRUE(location_of(browser.get("/authorize?txn=" + txn)).starts_with("/login"));
}

}  // namespace
}  // namespace claviger::test
