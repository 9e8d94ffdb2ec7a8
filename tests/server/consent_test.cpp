// What a person is told before a client gets anything, and how a session ends from there.
#include "tests/support/browser.hpp"

namespace claviger::test {
namespace {

class ConsentPage : public testing::Test {
 protected:
  void SetUp() override {
    site.register_demo();
    Client client = *run_task(site.node().store().clients.find("demo-client"));
    client.scopes.clear();  // every scope that is offered
    client.metadata.policy_uri = "https://shop.example/privacy";
    ASSERT_TRUE(run_task(site.node().store().clients.update(client)));
  }
  // As far as the consent page.
  http::Response open(std::string_view scope) {
    const auto request = with(with(authorize_request(), "scope", scope), "prompt", "consent");
    txn = parameter(location_of(browser.get(authorize_url(request))), "txn");
    browser.post("/login", login_form(txn));
    return browser.get("/consent?txn=" + txn);
  }
  Site site;
  Browser browser{site};
  std::string txn;
};

// CI-27: scopes in words (OIDCC-5.4).
TEST_F(ConsentPage, CI_27_EveryStandardScopeIsToldInWords) {
  const auto page = open("openid profile email address phone offline_access");
  EXPECT_EQ(page.status, 200u) << reason_of(page);
  for (const std::string words :
       {"the confirmation that it is you", "your profile: name, picture", "your email address",
        "your postal address", "your phone number", "all of this also while you are away"}) {
    EXPECT_NE(page.body.find(words), std::string::npos) << words;
  }
  EXPECT_EQ(page.body.find("offline_access"), std::string::npos) << "no scope by its bare name";
  EXPECT_NE(page.body.find("https://shop.example/privacy"), std::string::npos);
}

TEST_F(ConsentPage, CI_27_InGermanToo) {  // CI-27
  open("openid address");
  auto request = Site::make_get("/consent?txn=" + txn);
  request.headers.add("Accept-Language", "de");
  const auto page = browser.send(request);
  EXPECT_NE(page.body.find("Ihre Postanschrift"), std::string::npos);
}

TEST_F(ConsentPage, OpenidAloneIsASentence) {
  const auto page = open("openid");
  EXPECT_NE(page.body.find("wants to know that you are signed in"), std::string::npos);
  EXPECT_EQ(page.body.find("<li>"), std::string::npos);
}

// C15.9: who leaves by "not you?" is signed out like by a sign-out.
TEST_F(ConsentPage, C15_9_SwitchingEndsTheSession) {
  open("openid");
  const auto before = browser.cookies;
  const auto switched = browser.post("/consent", form_of({{"txn", txn}, {"action", "switch"}}));
  EXPECT_EQ(location_of(switched), "/authorize?txn=" + txn);
  EXPECT_FALSE(browser.cookies.contains("claviger_2003"));
  EXPECT_EQ(location_of(browser.get("/authorize?txn=" + txn)), "/login?txn=" + txn);
  browser.cookies = before;
  EXPECT_EQ(location_of(browser.get("/consent?txn=" + txn)), "/authorize?txn=" + txn);
}

}  // namespace
}  // namespace claviger::test
