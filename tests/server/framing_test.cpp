// Which of our documents other sites may show inside their own (row SE-07).
#include "tests/support/browser.hpp"

namespace claviger::test {
namespace {

class Framing : public testing::Test {
 protected:
  void SetUp() override {
    site.register_demo();
    txn = parameter(location_of(browser.get(authorize_url(authorize_request()))), "txn");
  }
  static std::string field(const http::Response& response, std::string_view name) {
    return std::string(response.headers.find(name).value_or(""));
  }
  Site site;
  Browser browser{site};
  std::string txn;
};

TEST_F(Framing, SE_07_NoPageThatHoldsAFormOrALink) {  // SE-07, RFC9700-4.16
  browser.post("/login", login_form(txn));
  const std::vector<std::string> targets{"/",
                                         "/device",
                                         "/logout",
                                         "/logout/done",
                                         "/authorize",
                                         "/login?txn=none",
                                         "/login?txn=" + txn,
                                         "/signup?txn=" + txn,
                                         "/account?txn=" + txn,
                                         "/consent?txn=" + txn};
  for (const auto& target : targets) {
    const auto page = browser.get(target);
    SCOPED_TRACE(target);
    if (page.status == 303) continue;
    EXPECT_EQ(page.content_type, "text/html; charset=utf-8");
    EXPECT_NE(field(page, "content-security-policy").find("frame-ancestors 'none'"),
              std::string::npos);
    EXPECT_EQ(field(page, "content-security-policy").find("unsafe"), std::string::npos);
    EXPECT_EQ(field(page, "x-frame-options"), "DENY");
    EXPECT_EQ(field(page, "x-content-type-options"), "nosniff");
  }
}

TEST_F(Framing, SE_07_OnlyTheSessionFrame) {  // SE-07, OIDCSM-4.2, C15.7
  browser.post("/login", login_form(txn));
  const auto frame = browser.get("/session/check");
  EXPECT_EQ(frame.status, 200u);
  EXPECT_EQ(field(frame, "content-security-policy").find("frame-ancestors"), std::string::npos);
  EXPECT_EQ(field(frame, "x-frame-options"), "");
  EXPECT_NE(frame.body.find("data-cookie=\"claviger_state_2003\""), std::string::npos);
  // Not a word that depends on who is signed in.
  EXPECT_EQ(frame.body, site.get("/session/check").body);
  for (const auto* tag : {"<form", "<a ", "<input", "<button"}) {
    EXPECT_EQ(frame.body.find(tag), std::string::npos) << tag;
  }
  const auto begin = frame.body.find("src=\"") + 5;
  const auto script = site.get(frame.body.substr(begin, frame.body.find('"', begin) - begin));
  EXPECT_EQ(script.status, 200u);
  EXPECT_EQ(script.content_type, "text/javascript; charset=utf-8");
}

}  // namespace
}  // namespace claviger::test
