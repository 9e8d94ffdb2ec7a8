// People who make themselves an account on the way to a client.
#include "endpoints/signup.hpp"
#include "tests/support/browser.hpp"
#include "tests/support/hashing_workers.hpp"

namespace claviger::test {
namespace {

constexpr const char* kGracesPassword = "four words make sense";

class SignUp : public testing::Test {
 protected:
  void SetUp() override {
    site.register_demo();
    txn = begin(browser);
  }
  static std::string begin(Browser& who) {
    return parameter(location_of(who.get(authorize_url(authorize_request()))), "txn");
  }
  // The baseline: valid in everything.
  Form grace() {
    return form_of({{"txn", txn},
                    {"username", "grace"},
                    {"email", "grace@example.test"},
                    {"firstname", "Grace"},
                    {"lastname", "Hopper"},
                    {"password", kGracesPassword}});
  }
  std::optional<User> find(std::string name) {
    return run_task(site.node().store().users.find_by_login(name, name));
  }
  // What the handler sees, for those tests that call it with other threads.
  http::Request posted(const Form& form) {
    auto request = Site::make_post("/signup", form);
    for (const auto& [name, value] : browser.cookies) {
      request.headers.set("Cookie", name + "=" + value);  // there is one: nobody is signed in
    }
    return request;
  }
  Site site;
  Browser browser{site};
  std::string txn;
};

TEST_F(SignUp, ThePageHasItsFixedIds) {
  const auto page = browser.get("/signup?txn=" + txn);
  EXPECT_EQ(page.status, 200u);
  for (const std::string id :
       {"username", "email", "password", "signup-submit", "signup-cancel", "client-name"}) {
    EXPECT_NE(page.body.find("id=\"" + id + "\""), std::string::npos) << id;
  }
}

TEST_F(SignUp, LeadsBackIntoTheRequestSignedIn) {
  const auto made = browser.post("/signup", grace());
  EXPECT_EQ(made.status, 303u);
  EXPECT_EQ(location_of(made), "/authorize?txn=" + txn);
  const auto next = browser.get(location_of(made));
  EXPECT_EQ(location_of(next), "/consent?txn=" + txn);
  const auto page = browser.get(location_of(next));
  EXPECT_NE(page.body.find("Grace Hopper"), std::string::npos);
  browser.post("/consent", form_of({{"txn", txn}, {"action", "approve"}}));
  const auto back = browser.get("/authorize?txn=" + txn);
  EXPECT_TRUE(location_of(back).starts_with(kCallback)) << location_of(back);
  EXPECT_NE(parameter(location_of(back), "code"), "");
}

TEST_F(SignUp, TheAccountIsThereAndItsPasswordWorks) {
  browser.post("/signup", grace());
  const auto user = find("GRACE@example.test");
  EXPECT_FALSE(user) << "login names come folded";
  const auto made = find("grace");
  ASSERT_TRUE(made);
  EXPECT_EQ(made->email, "grace@example.test");
  EXPECT_FALSE(made->email_verified);  // RM-06: nobody proved it
  Browser other(site);
  const auto login = other.post("/login", login_form(begin(other), kGracesPassword, "grace"));
  EXPECT_EQ(login.status, 303u);
}

TEST_F(SignUp, RM_06_NothingElseCanBeSaid) {  // RM-06
  auto form = grace();
  form.add("email_verified", "true");
  form.add("sub", "admin");
  form.add("disabled", "false");
  browser.post("/signup", form);
  const auto made = find("grace");
  ASSERT_TRUE(made);
  EXPECT_FALSE(made->email_verified);
  EXPECT_NE(made->sub, "admin");
}

struct Spoilt {
  std::string field;
  std::string value;
  std::string reason;
};

TEST_F(SignUp, PW_15_TheRulesOfRegistrationHold) {  // PW-15, PW-04
  const std::vector<Spoilt> rows{
      {"username", "", "user_registration.username"},
      {"username", "grace hopper", "user_registration.username"},
      {"username", "ada@example.test", "user_registration.username"},
      {"username", std::string(300, 'g'), "user_registration.username"},
      {"email", "grace", "user_registration.email"},
      {"firstname",
       "Gr\xe2\x80\xae"
       "ace",
       "user_registration.name"},
      {"password", "", "user_registration.password_missing"},
      {"password", "short", "user_registration.password_length"},
      {"password", std::string(1025, 'x'), "user_registration.password_length"},
      {"password", "passwordpassword", "user_registration.password_weak"},
      {"username", "ada", "signup.taken"},
      {"username", "ADA", "signup.taken"},
      {"email", "Ada@example.test", "signup.taken"},
  };
  for (const auto& row : rows) {
    SCOPED_TRACE(row.field + "=" + row.value.substr(0, 40));
    const auto response = browser.post("/signup", with(grace(), row.field, row.value));
    EXPECT_EQ(response.status, 422u);
    EXPECT_EQ(reason_of(response), row.reason);
    EXPECT_NE(response.body.find("role=\"alert\""), std::string::npos);
    EXPECT_EQ(response.body.find(kGracesPassword), std::string::npos);
    EXPECT_TRUE(response.cookies.empty());
    EXPECT_FALSE(find("grace"));
    site.clock.advance(std::chrono::seconds(60));  // the rate of the route is another test
  }
}

TEST_F(SignUp, SomebodyElsesAccountStaysAsItIs) {  // PW-03
  const auto before = find("ada");
  const auto response =
      browser.post("/signup", with(with(grace(), "username", "ada"), "email", "new@example.test"));
  EXPECT_EQ(reason_of(response), "signup.taken");
  const auto after = find("ada");
  EXPECT_EQ(after->password_hash, before->password_hash);
  EXPECT_EQ(after->email, before->email);
}

// PW-03: a form that asks for a name must say that it is taken; asking for many is slow.
TEST_F(SignUp, PW_03_AskingForManyNamesIsSlowedDown) {  // PW-03, PW-12
  unsigned last = 0;
  for (int i = 0; i < 60 && last != 429; ++i) {
    auto request = Site::make_post("/signup", with(grace(), "username", "ada"));
    request.peer = "192.0.2.9";
    last = browser.send(request).status;
  }
  EXPECT_EQ(last, 429u);
}

TEST_F(SignUp, CancelTellsTheClient) {
  const auto response = browser.post("/signup", form_of({{"txn", txn}, {"action", "cancel"}}));
  EXPECT_EQ(parameter(location_of(response), "error"), "access_denied");
  EXPECT_EQ(parameter(location_of(response), "state"), "xyz");
  EXPECT_EQ(reason_of(response), "signup.cancelled");
}

TEST_F(SignUp, CI_28_TheRequestBelongsToOneBrowser) {  // CI-28, SE-06
  Browser other(site);
  EXPECT_EQ(other.get("/signup?txn=" + txn).status, 400u);
  const auto response = other.post("/signup", grace());
  EXPECT_EQ(response.status, 400u);
  EXPECT_EQ(reason_of(response), "transaction.foreign");
  EXPECT_FALSE(find("grace"));
}

TEST_F(SignUp, SE_06_AnotherSiteCanNotPostIt) {  // SE-06
  auto request = Site::make_post("/signup", grace());
  request.headers.add("Sec-Fetch-Site", "cross-site");
  EXPECT_EQ(browser.send(request).status, 403u);
  EXPECT_FALSE(find("grace"));
}

TEST_F(SignUp, PW_04_AFullQueueAnswers503) {  // PW-04
  FullWorker worker;
  const auto busy = with_hashing(site.node().deps(), worker);
  const auto request = posted(grace());
  const auto response = run_task(endpoints::serve_sign_up(busy, request));
  EXPECT_EQ(response.status, 503u);
  EXPECT_EQ(response.headers.find("retry-after"), "2");
  EXPECT_FALSE(find("grace"));
}

TEST_F(SignUp, PW_04_WhatIsRefusedIsNeverHashed) {  // PW-04
  CountingWorker worker;
  const auto counting = with_hashing(site.node().deps(), worker);
  const auto send = [&](const Form& form) {
    const auto request = posted(form);
    return run_task(endpoints::serve_sign_up(counting, request)).status;
  };
  EXPECT_EQ(send(with(grace(), "password", std::string(1025, 'x'))), 422u);
  EXPECT_EQ(send(with(grace(), "username", "ada")), 422u);
  EXPECT_EQ(worker.jobs, 0);
  EXPECT_EQ(send(grace()), 303u);
  EXPECT_EQ(worker.jobs, 1);
}

// C15.9: another person's session ends when somebody makes an account in the same browser.
TEST_F(SignUp, C15_9_TheSessionBeforeItEnds) {
  sign_in(browser);
  const auto before = browser.cookies;
  txn = parameter(
      location_of(browser.get(authorize_url(with(authorize_request(), "prompt", "login")))), "txn");
  EXPECT_EQ(browser.post("/signup", grace()).status, 303u);
  browser.cookies = before;
  const auto silent = browser.get(authorize_url(with(authorize_request(), "prompt", "none")));
  EXPECT_EQ(parameter(location_of(silent), "error"), "login_required");
}

// prompt=create (OIDCC-3.1.2.1 leaves room for further values).
TEST_F(SignUp, PromptCreateBeginsHereAndIsSatisfiedByIt) {
  const auto start = browser.get(authorize_url(with(authorize_request(), "prompt", "create")));
  EXPECT_TRUE(location_of(start).starts_with("/signup?txn=")) << location_of(start);
  txn = parameter(location_of(start), "txn");
  site.clock.advance(std::chrono::seconds(1));
  EXPECT_EQ(browser.post("/signup", grace()).status, 303u);
  EXPECT_EQ(location_of(browser.get("/authorize?txn=" + txn)), "/consent?txn=" + txn);
}

TEST_F(SignUp, PW_13_NoPasswordInAnyLog) {  // PW-13
  browser.post("/signup", with(grace(), "username", "ada"));
  browser.post("/signup", grace());
  for (const auto& entry : site.log.entries()) {
    for (const auto& [name, value] : entry.fields) {
      EXPECT_EQ(value.find(kGracesPassword), std::string::npos);
    }
  }
}

TEST(ClosedSignUp, IsNeitherOfferedNorServed) {
  Site site([](config::Settings& settings) { settings.registration.open = "yes"; });
  site.register_demo();
  site.settings.registration.open = "no";
  site.reopen();
  Browser browser(site);
  const auto start = browser.get(authorize_url(authorize_request()));
  const auto txn = parameter(location_of(start), "txn");
  EXPECT_EQ(browser.get("/login?txn=" + txn).body.find("/signup"), std::string::npos);
  const auto page = browser.get("/signup?txn=" + txn);
  EXPECT_EQ(page.status, 403u);
  EXPECT_EQ(reason_of(page), "registration.closed");
  const auto posted = browser.post(
      "/signup", form_of({{"txn", txn}, {"username", "grace"}, {"password", kGracesPassword}}));
  EXPECT_EQ(posted.status, 403u);
  EXPECT_FALSE(run_task(site.node().store().users.find_by_login("grace", "grace")));
}

}  // namespace
}  // namespace claviger::test
