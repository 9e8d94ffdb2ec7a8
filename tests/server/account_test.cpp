// As whom to go on, when a client asks for a choice (OIDCC-3.1.2.1, prompt=select_account).
#include "tests/support/browser.hpp"

namespace claviger::test {
namespace {

class Account : public testing::Test {
 protected:
  void SetUp() override {
    site.register_demo();
    sign_in(browser);
    site.clock.advance(std::chrono::seconds(5));
    start = location_of(browser.get(asking()));
    txn = parameter(start, "txn");
  }
  static std::string asking() {
    return authorize_url(with(authorize_request(), "prompt", "select_account"));
  }
  http::Response answer(std::string_view action) {
    return browser.post("/account", form_of({{"txn", txn}, {"action", action}}));
  }
  std::string next() { return location_of(browser.get("/authorize?txn=" + txn)); }
  Site site;
  Browser browser{site};
  std::string start;
  std::string txn;
};

TEST_F(Account, IsAskedOfWhoeverIsSignedIn) {
  EXPECT_EQ(start, "/account?txn=" + txn);
  const auto page = browser.get(start);
  EXPECT_EQ(page.status, 200u);
  for (const std::string id : {"account-continue", "account-switch", "client-name", "person"}) {
    EXPECT_NE(page.body.find("id=\"" + id + "\""), std::string::npos) << id;
  }
  EXPECT_NE(page.body.find("ada"), std::string::npos);
  EXPECT_EQ(next(), "/account?txn=" + txn) << "asked until it is answered";
}

TEST_F(Account, ContinueGoesOnAsThisPersonAndIsNotAskedAgain) {
  const auto answered = answer("continue");
  EXPECT_EQ(answered.status, 303u);
  EXPECT_EQ(location_of(answered), "/authorize?txn=" + txn);
  EXPECT_EQ(answer("continue").status, 303u) << "a form that is sent twice";
  EXPECT_NE(parameter(next(), "code"), "") << "consent is remembered, nothing else is asked";
}

TEST_F(Account, SwitchSignsOutAndTheNextSignInIsTheChoice) {
  const auto before = browser.cookies;
  const auto answered = answer("switch");
  EXPECT_EQ(answered.status, 303u);
  EXPECT_EQ(location_of(answered), "/authorize?txn=" + txn);
  EXPECT_FALSE(browser.cookies.contains("claviger_2003"));
  EXPECT_EQ(next(), "/login?txn=" + txn);
  EXPECT_EQ(browser.post("/login", login_form(txn)).status, 303u);
  EXPECT_FALSE(next().starts_with("/account"));

  Browser old(site);  // SE-01: the session that was left is dead
  old.cookies = before;
  const auto silent = old.get(authorize_url(with(authorize_request(), "prompt", "none")));
  EXPECT_EQ(parameter(location_of(silent), "error"), "login_required");
}

// C15.9: the clients of the session that is left are told, then the request goes on (OIDCFC-3).
TEST_F(Account, C15_9_SwitchTellsTheClientsInFrames) {
  Client client = *run_task(site.node().store().clients.find("demo-client"));
  client.metadata.frontchannel_logout.uri = "http://localhost:3000/out";
  ASSERT_TRUE(run_task(site.node().store().clients.update(client)));
  const auto answered = answer("switch");
  EXPECT_EQ(answered.status, 200u);
  EXPECT_NE(answered.body.find("src=\"http://localhost:3000/out"), std::string::npos);
  EXPECT_NE(answered.body.find("id=\"logout-next\" href=\"/authorize?txn=" + txn + "\""),
            std::string::npos);
  EXPECT_FALSE(browser.cookies.contains("claviger_2003"));
  EXPECT_EQ(next(), "/login?txn=" + txn);
}

TEST_F(Account, WhoeverIsNotSignedInIsSentOn) {
  browser.cookies.erase("claviger_2003");
  EXPECT_EQ(location_of(browser.get("/account?txn=" + txn)), "/authorize?txn=" + txn);
  EXPECT_EQ(location_of(answer("continue")), "/authorize?txn=" + txn);
  EXPECT_EQ(next(), "/login?txn=" + txn);
}

TEST_F(Account, CI_28_TheRequestBelongsToOneBrowser) {  // CI-28, SE-06
  Browser other(site);
  sign_in(other);
  EXPECT_EQ(other.get("/account?txn=" + txn).status, 400u);
  const auto form = form_of({{"txn", txn}, {"action", "continue"}});
  const auto response = other.post("/account", form);
  EXPECT_EQ(response.status, 400u);
  EXPECT_EQ(reason_of(response), "transaction.foreign");
  EXPECT_EQ(next(), "/account?txn=" + txn);
}

TEST_F(Account, AnUnknownAnswerChangesNothing) {
  EXPECT_EQ(answer("").status, 403u);
  EXPECT_EQ(answer("delete").status, 403u);
  EXPECT_EQ(next(), "/account?txn=" + txn);
}

TEST_F(Account, AFinishedRequestAsksNothingMore) {
  run_task(site.node().store().transactions.finish(*Id::parse(txn), site.clock.now()));
  EXPECT_EQ(browser.get("/account?txn=" + txn).status, 400u);
  EXPECT_EQ(reason_of(answer("continue")), "transaction.finished");
}

TEST_F(Account, ADisabledClientIsNotServed) {
  run_task(site.node().store().clients.set_disabled("demo-client", true, site.clock.now()));
  EXPECT_EQ(browser.get("/account?txn=" + txn).status, 400u);
}

TEST_F(Account, SE_07_ThePageMayNotBeFramed) {  // SE-07
  const auto page = browser.get(start);
  EXPECT_EQ(page.headers.find("x-frame-options"), "DENY");
  EXPECT_EQ(page.headers.find("cache-control"), "no-store");
}

}  // namespace
}  // namespace claviger::test
