// Passwords at the login page and at registration (rows PW).
#include "endpoints/password_check.hpp"
#include "tests/support/browser.hpp"
#include "tests/support/hashing_workers.hpp"

namespace claviger::test {
namespace {

class Login : public testing::Test {
 protected:
  void SetUp() override {
    site.register_demo();
    txn = parameter(location_of(browser.get(authorize_url(authorize_request()))), "txn");
  }
  http::Response login(std::string_view password, std::string_view username = "ada") {
    return browser.post("/login", login_form(txn, password, username));
  }
  Site site;
  Browser browser{site};
  std::string txn;
};

std::string without(std::string body, const std::string& part) {
  for (auto at = body.find(part); at != std::string::npos; at = body.find(part))
    body.erase(at, part.size());
  return body;
}

TEST_F(Login, PW_01_EveryCauseLooksTheSame) {  // PW-01
  const auto unknown = login("some-long-password", "nobody-here");
  const auto wrong = login("some-long-password", "ada");
  const auto user = run_task(site.node().store().users.find_by_login("ada", "ada"));
  run_task(site.node().store().users.set_disabled(user->sub, true, site.clock.now()));
  const auto disabled = login(kPassword, "ada");
  EXPECT_EQ(unknown.status, 422u);
  EXPECT_EQ(wrong.status, 422u);
  EXPECT_EQ(disabled.status, 422u);
  EXPECT_EQ(without(unknown.body, "value=\"nobody-here\""), without(wrong.body, "value=\"ada\""));
  EXPECT_EQ(wrong.body, disabled.body);
  EXPECT_EQ(reason_of(unknown), "login.unknown_user");  // only the log knows
  EXPECT_EQ(reason_of(disabled), "login.user_disabled");
}

TEST_F(Login, PW_02_AnUnknownUserCostsOneHashLikeAKnownOne) {  // PW-02
  CountingWorker worker;
  const auto counting = with_hashing(site.node().deps(), worker);
  run_task(
      endpoints::check_password(counting, "nobody", Secret("some-long-password"), "192.0.2.1"));
  EXPECT_EQ(worker.jobs, 1);
  run_task(endpoints::check_password(counting, "ada", Secret("some-long-password"), "192.0.2.1"));
  EXPECT_EQ(worker.jobs, 2);
}

TEST_F(Login, PW_04_AnOverlongPasswordIsNeverHashed) {  // PW-04
  const auto response = login(std::string(1025, 'x'));
  EXPECT_EQ(response.status, 422u);
  EXPECT_EQ(reason_of(response), "login.incomplete");
}

TEST_F(Login, PW_04_AFullQueueAnswers503) {  // PW-04
  FullWorker worker;
  const auto busy = with_hashing(site.node().deps(), worker);
  const auto checked =
      run_task(endpoints::check_password(busy, "ada", Secret(kPassword), "192.0.2.1"));
  EXPECT_TRUE(std::holds_alternative<endpoints::Busy>(checked));
}

TEST_F(Login, PW_05_ComposedAndDecomposedAreTheSamePassword) {  // PW-05
  ASSERT_EQ(site.post("/register_user", form_of({{"username", "renee"},
                                                 {"email", "renee@example.test"},
                                                 {"password", "caf\xc3\xa9 au lait, deux"}}))
                .status,
            200u);
  EXPECT_EQ(login("cafe\xcc\x81 au lait, deux", "renee").status, 303u);
}

TEST_F(Login, PW_07_RepeatedFailuresMakeWaitAndNeverLock) {  // PW-07
  for (int i = 0; i < 5; ++i) EXPECT_EQ(login("some-long-password").status, 422u);
  const auto sixth = login(kPassword);
  EXPECT_EQ(sixth.status, 429u);
  EXPECT_EQ(sixth.headers.find("retry-after"), "1");
  site.clock.advance(std::chrono::seconds(1));
  EXPECT_EQ(login(kPassword).status, 303u);
}

TEST_F(Login, PW_07_TheWaitDoublesAndARestartForgetsNothing) {  // PW-07, I9
  for (int i = 0; i < 5; ++i) login("some-long-password");
  site.clock.advance(std::chrono::seconds(1));
  EXPECT_EQ(login("some-long-password").status, 422u);
  site.reopen();
  EXPECT_EQ(login(kPassword).headers.find("retry-after"), "2");
}

TEST_F(Login, PW_07_AnotherAddressIsNotHeldUp) {  // PW-07
  for (int i = 0; i < 6; ++i) login("some-long-password");
  auto request = Site::make_post("/login", login_form(txn));
  request.peer = "192.0.2.7";
  EXPECT_EQ(browser.send(request).status, 303u);
}

TEST_F(Login, PW_08_TwoNamesOfOnePersonShareTheBudget) {  // PW-08
  for (int i = 0; i < 3; ++i) login("some-long-password", "ada");
  for (int i = 0; i < 2; ++i) login("some-long-password", "ada@example.test");
  EXPECT_EQ(login(kPassword, "ADA").status, 429u);
}

TEST_F(Login, PW_12_ManyNamesFromOneAddressAreSlowedDown) {  // PW-12
  unsigned last = 0;
  for (int i = 0; i < 60 && last != 429; ++i) {
    auto request =
        Site::make_post("/login", login_form(txn, kPassword, "name" + std::to_string(i)));
    request.peer = "192.0.2.9";
    last = browser.send(request).status;
  }
  EXPECT_EQ(last, 429u);
  EXPECT_EQ(login(kPassword).status, 303u);  // somebody else is not held up
}

TEST_F(Login, PW_13_NoPasswordInAnyLog) {  // PW-13
  login("some-long-password");
  login(kPassword);
  for (const auto& entry : site.log.entries()) {
    for (const auto& [name, value] : entry.fields) {
      EXPECT_EQ(value.find("some-long-password"), std::string::npos);
      EXPECT_EQ(value.find(kPassword), std::string::npos);
    }
  }
}

TEST_F(Login, PW_14_AnOldHashIsRenewedAtSignIn) {  // PW-14
  const auto before = run_task(site.node().store().users.find_by_login("ada", "ada"));
  const auto cheap = crypto::hash_password(Secret(kPassword), {2, 8192});
  ASSERT_TRUE(
      run_task(site.node().store().users.rehash(before->sub, before->password_hash, cheap)));
  EXPECT_EQ(login(kPassword).status, 303u);
  const auto after = run_task(site.node().store().users.find_by_login("ada", "ada"));
  EXPECT_NE(after->password_hash, cheap);
  EXPECT_FALSE(crypto::needs_rehash(after->password_hash, kTestCost));
  EXPECT_EQ(after->epoch, before->epoch);
}

TEST_F(Login, PW_15_CommonAndShortPasswordsAreNotTaken) {  // PW-15
  for (const char* bad : {"short", "password1234", "passwordpassword"}) {
    const auto response =
        site.post("/register_user", form_of({{"username", "bob"}, {"password", bad}}));
    EXPECT_EQ(response.status, 400u) << bad;
    EXPECT_EQ(response.body.find(bad), std::string::npos);
  }
}

// OIDCDR-2: who asks, and under which terms, stands beside the form.
TEST_F(Login, ShowsTheTermsOfTheClient) {
  Client client = *run_task(site.node().store().clients.find("demo-client"));
  client.metadata.policy_uri = "https://shop.example/privacy";
  client.metadata.tos_uri = "javascript:alert(1)";
  ASSERT_TRUE(run_task(site.node().store().clients.update(client)));
  const auto page = browser.get("/login?txn=" + txn);
  EXPECT_NE(page.body.find("id=\"client-policy\" href=\"https://shop.example/privacy\""),
            std::string::npos);
  EXPECT_EQ(page.body.find("client-tos"), std::string::npos);
  EXPECT_EQ(page.body.find("javascript:"), std::string::npos);
}

TEST_F(Login, OffersAnAccountWhereRegistrationIsOpen) {
  const auto page = browser.get("/login?txn=" + txn);
  EXPECT_NE(page.body.find("href=\"/signup?txn=" + txn + "\""), std::string::npos);
}

TEST_F(Login, EmailAndUserNameBothSignIn) {
  EXPECT_EQ(login(kPassword, "ada@example.test").status, 303u);
}

}  // namespace
}  // namespace claviger::test
