// Devices that wait for a person (RFC8628; rows DV), through the whole node.
#include <set>

#include "base/text.hpp"
#include "base/token.hpp"
#include "tests/server/grants_world.hpp"

namespace claviger::test {
namespace {

using namespace std::chrono_literals;

class Devices : public GrantsWorld {
 protected:
  void SetUp() override {
    GrantsWorld::SetUp();
    auto tv = make_client("tv");
    tv.auth_method = AuthMethod::none;
    tv.secret_hash.reset();
    add(tv);
  }

  http::Response begin(std::string_view scope = "email", const std::string& name = "tv",
                       const std::string& address = "") {
    auto form = form_of({{"client_id", name}});
    if (!scope.empty()) form.add("scope", scope);
    auto request = Site::make_post("/device_authorization", form);
    request.peer = address;
    return site.send(request);
  }
  http::Response poll(const std::string& device_code, const std::string& name = "tv") {
    auto form = form_of({{"grant_type", kDeviceGrant}, {"device_code", device_code}});
    form.add("client_id", name);
    return site.post("/token", form);
  }
  std::string poll_error(const std::string& device_code) {
    return text_of(poll(device_code), "error");
  }

  // Signs `browser` in on the way to the device page; gives that page.
  http::Response open(Browser& browser, const std::string& target = "/device") {
    auto response = browser.get(target);
    if (!location_of(response).starts_with("/login")) return response;
    const auto page = browser.get(location_of(response));
    response = browser.post("/login", login_form(hidden(page, "txn")));
    EXPECT_EQ(response.status, 303u) << response.body;
    return browser.get(location_of(response));
  }
  http::Response type(Browser& browser, const std::string& code) {
    const auto page = open(browser);
    return browser.post("/device", form_of({{"csrf", hidden(page, "csrf")}, {"user_code", code}}));
  }
  http::Response answer(Browser& browser, const http::Response& page, std::string_view action) {
    return browser.post("/device", form_of({{"csrf", hidden(page, "csrf")},
                                            {"user_code", hidden(page, "user_code")},
                                            {"action", action}}));
  }
  http::Response approve(Browser& browser, const std::string& code) {
    const auto page = type(browser, code);
    EXPECT_NE(page.body.find("id=\"device-approve\""), std::string::npos) << page.status;
    return answer(browser, page, "approve");
  }
};

// RFC8628-3.2, SQ-03
TEST_F(Devices, TheAuthorizationResponse) {
  const auto response = begin();
  ASSERT_EQ(response.status, 200u) << response.body;
  EXPECT_EQ(response.headers.find("cache-control"), "no-store");
  const auto answer = json_of(response);
  std::set<std::string> names;
  for (const auto& [name, value] : answer) names.insert(std::string(name));
  EXPECT_EQ(names, (std::set<std::string>{"device_code", "user_code", "verification_uri",
                                          "verification_uri_complete", "expires_in", "interval"}));
  EXPECT_EQ(text_of(response, "verification_uri"), std::string(kIssuer) + "/device");
  const auto user_code = text_of(response, "user_code");
  EXPECT_EQ(user_code.size(), 9u);
  EXPECT_EQ(user_code[4], '-');
  EXPECT_EQ(text_of(response, "verification_uri_complete"),
            std::string(kIssuer) + "/device?user_code=" + user_code);
  EXPECT_EQ(answer.at("expires_in"), 600);
  EXPECT_EQ(answer.at("interval"), 5);
  EXPECT_EQ(text_of(response, "device_code").size(), 66u);  // 256 bits behind the selector
}

// RFC8628-3.3, RFC8628-3.4, RFC8628-3.5: the way it is meant to go.
TEST_F(Devices, TheWholeWay) {
  const auto begun = begin("email openid offline_access");
  const auto device_code = text_of(begun, "device_code");
  EXPECT_EQ(poll_error(device_code), "authorization_pending");
  Browser browser(site);
  const auto done = approve(browser, text_of(begun, "user_code"));
  EXPECT_EQ(done.status, 200u);
  EXPECT_NE(done.body.find("id=\"device-done\""), std::string::npos);
  const auto tokens = poll(device_code);
  ASSERT_EQ(tokens.status, 200u) << tokens.body;
  EXPECT_TRUE(is_live(text_of(tokens, "access_token")));
  EXPECT_NE(text_of(tokens, "refresh_token"), "");
  EXPECT_EQ(claim(text_of(tokens, "id_token"), "aud"), "tv");
  // RFC8628-3.5: once.
  const auto again = poll(device_code);
  EXPECT_EQ(again.status, 400u);
  EXPECT_EQ(text_of(again, "error"), "invalid_grant");
}

// DV-01, RFC8628-5.1: what was tried is counted durably, for each session and for each address.
TEST_F(Devices, DV_01_GuessingIsSlow) {
  Browser browser(site);
  for (int i = 0; i < 5; ++i) {
    const auto page = type(browser, "BBBB-BBB" + std::string(1, "BCDFG"[i]));
    EXPECT_EQ(page.status, 422u) << i;
    EXPECT_NE(page.body.find("device-alert"), std::string::npos);
  }
  const auto begun = begin();
  const auto slowed = type(browser, text_of(begun, "user_code"));
  EXPECT_EQ(slowed.status, 429u);
  EXPECT_TRUE(slowed.headers.find("retry-after"));
  site.reopen();
  EXPECT_EQ(type(browser, text_of(begun, "user_code")).status, 429u);
  // Another session of the same address may go on, until the address has tried twenty times.
  for (int session = 0; session < 3; ++session) {
    Browser other(site);
    for (int i = 0; i < 5; ++i) EXPECT_EQ(type(other, "CCCC-CCCC").status, 422u) << session;
  }
  Browser last(site);
  EXPECT_EQ(type(last, text_of(begun, "user_code")).status, 429u);
  site.clock.advance(15min);
  const auto later = begin();
  EXPECT_EQ(type(last, text_of(later, "user_code")).status, 200u);
}

// DV-01: one person with many sessions and many addresses is still one.
TEST_F(Devices, DV_01_ManySessionsOfOnePerson) {
  const auto try_from = [&](const std::string& address) {
    Browser browser(site);
    auto request = Site::make_post(
        "/device", form_of({{"csrf", hidden(open(browser), "csrf")}, {"user_code", "CCCC-CCCC"}}));
    request.peer = address;
    return browser.send(std::move(request)).status;
  };
  for (int i = 0; i < 20; ++i) EXPECT_EQ(try_from("198.51.100." + std::to_string(i)), 422u) << i;
  EXPECT_EQ(try_from("198.51.100.99"), 429u);
}

// DV-02: an operator can do without the link.
TEST_F(Devices, DV_02_WithoutTheLink) {
  site.settings.tokens.device_link = false;
  site.reopen();
  const auto begun = begin();
  EXPECT_FALSE(json_of(begun).contains("verification_uri_complete"));
  Browser browser(site);
  const auto user_code = text_of(begun, "user_code");
  const auto page = open(browser, "/device?user_code=" + user_code);
  EXPECT_EQ(page.body.find(user_code), std::string::npos);
  EXPECT_EQ(type(browser, user_code).status, 200u);
}

// DV-01: right codes are no guesses.
TEST_F(Devices, DV_01_RightCodesDontCount) {
  Browser browser(site);
  for (int i = 0; i < 12; ++i) {
    EXPECT_EQ(type(browser, text_of(begin(), "user_code")).status, 200u) << i;
  }
}

// DV-01: who asks for codes is slowed down as well.
TEST_F(Devices, DV_01_AskingIsSlow) {
  unsigned last = 200;
  for (int i = 0; i < 20 && last == 200; ++i) last = begin("email", "tv", "203.0.113.9").status;
  EXPECT_EQ(last, 429u);
}

// DV-02, RFC8628-5.4: the link alone does nothing; the page says who asks, from where and when.
TEST_F(Devices, DV_02_NothingWithoutAPerson) {
  const auto begun = begin("email phone", "tv", "203.0.113.9");
  const auto user_code = text_of(begun, "user_code");
  Browser browser(site);
  const auto entry = open(browser, "/device?user_code=" + user_code);
  EXPECT_EQ(entry.status, 200u);
  EXPECT_NE(entry.body.find("value=\"" + user_code + "\""), std::string::npos);
  EXPECT_EQ(entry.body.find("device-approve"), std::string::npos);
  EXPECT_EQ(entry.body.find("<script"), std::string::npos);
  site.clock.advance(3min);
  const auto confirm = type(browser, user_code);
  for (const auto& shown : {std::string("The tv"), std::string("203.0.113.9"), user_code,
                            std::string("ada"), std::string("3 min")}) {
    EXPECT_NE(confirm.body.find(shown), std::string::npos) << shown;
  }
  EXPECT_EQ(poll_error(text_of(begun, "device_code")), "authorization_pending");
}

// RFC8628-6.1: as people type.
TEST_F(Devices, CodesAreReadTolerantly) {
  const auto user_code = text_of(begin(), "user_code");
  Browser browser(site);
  const auto lower = to_lower_ascii(user_code);
  for (const auto& typed : {lower, lower.substr(0, 4) + lower.substr(5), " " + lower + " "}) {
    EXPECT_EQ(type(browser, typed).status, 200u) << typed;
  }
}

// DV-03: too fast is told, and then the device has to wait longer.
TEST_F(Devices, DV_03_SlowDown) {
  const auto device_code = text_of(begin(), "device_code");
  EXPECT_EQ(poll_error(device_code), "authorization_pending");
  site.clock.advance(4s);
  EXPECT_EQ(poll_error(device_code), "slow_down");
  site.reopen();  // it is kept
  site.clock.advance(9s);
  EXPECT_EQ(poll_error(device_code), "slow_down");
  site.clock.advance(15s);
  EXPECT_EQ(poll_error(device_code), "authorization_pending");
}

// DV-05
TEST_F(Devices, DV_05_AnotherClient) {
  const auto begun = begin();
  Browser browser(site);
  approve(browser, text_of(begun, "user_code"));
  auto other = make_client("other");
  other.auth_method = AuthMethod::none;
  other.secret_hash.reset();
  add(other);
  const auto device_code = text_of(begun, "device_code");
  const auto stolen = poll(device_code, "other");
  EXPECT_EQ(stolen.status, 400u);
  EXPECT_EQ(text_of(stolen, "error"), "invalid_grant");
  EXPECT_EQ(poll(device_code).status, 200u);
}

// DV-06: shut out between sign-in and approval, or between approval and redemption.
TEST_F(Devices, DV_06_TheGateAtBothEnds) {
  const auto begun = begin();
  Browser browser(site);
  const auto page = type(browser, text_of(begun, "user_code"));
  change_client("tv", [](Client& tv) { std::erase(tv.grant_types, GrantType::device_code); });
  const auto refused = answer(browser, page, "approve");
  EXPECT_EQ(refused.status, 400u);
  EXPECT_EQ(reason_of(refused), "gate.grant_type");
  change_client("tv", [](Client& tv) { tv.grant_types.push_back(GrantType::device_code); });
  EXPECT_EQ(answer(browser, page, "approve").status, 200u);
  run_task(store().users.set_disabled(ada().sub, true, site.clock.now()));
  const auto closed = poll(text_of(begun, "device_code"));
  EXPECT_EQ(closed.status, 400u);
  EXPECT_EQ(text_of(closed, "error"), "invalid_grant");
  EXPECT_EQ(reason_of(closed), "gate.user_disabled");
}

// DV-07
TEST_F(Devices, DV_07_DeniedAndExpired) {
  const auto denied = begin();
  Browser browser(site);
  const auto page = type(browser, text_of(denied, "user_code"));
  EXPECT_EQ(answer(browser, page, "deny").status, 200u);
  EXPECT_EQ(poll_error(text_of(denied, "device_code")), "access_denied");
  EXPECT_EQ(answer(browser, page, "approve").status, 422u);  // answered once
  EXPECT_EQ(poll_error(text_of(denied, "device_code")), "access_denied");

  const auto late = begin();
  site.clock.advance(600s);
  EXPECT_EQ(poll_error(text_of(late, "device_code")), "expired_token");
  EXPECT_EQ(type(browser, text_of(late, "user_code")).status, 422u);
}

// DV-09: no form of another page, session or code is taken.
TEST_F(Devices, DV_09_ForgedForms) {
  const auto begun = begin();
  const auto user_code = text_of(begun, "user_code");
  Browser browser(site);
  const auto page = type(browser, user_code);
  Browser stranger(site);
  const auto other_page = type(stranger, user_code);
  const auto csrf = hidden(page, "csrf");
  for (const auto& sent : {std::string(), std::string(43, 'A'), hidden(open(browser), "csrf"),
                           hidden(other_page, "csrf")}) {
    const auto forged = browser.post(
        "/device", form_of({{"csrf", sent}, {"user_code", user_code}, {"action", "approve"}}));
    EXPECT_EQ(forged.status, 403u) << sent;
    EXPECT_EQ(reason_of(forged), "device.csrf");
  }
  // The token of one code answers no other.
  const auto second = text_of(begin(), "user_code");
  EXPECT_EQ(
      browser
          .post("/device", form_of({{"csrf", csrf}, {"user_code", second}, {"action", "approve"}}))
          .status,
      403u);
  EXPECT_EQ(browser.post("/device", form_of({{"csrf", csrf}, {"user_code", second}})).status, 403u);
  auto cross = Site::make_post("/device", form_of({{"csrf", csrf}, {"user_code", user_code}}));
  cross.headers.add("Sec-Fetch-Site", "cross-site");
  EXPECT_EQ(browser.send(cross).status, 403u);
  EXPECT_EQ(poll_error(text_of(begun, "device_code")), "authorization_pending");
  const auto unknown = answer(browser, page, "maybe");
  EXPECT_EQ(unknown.status, 403u);
  EXPECT_EQ(reason_of(unknown), "page.action_unknown");
}

// RFC9700-4.7: the sign-in on the way is bound to this browser, and its failures are counted.
TEST_F(Devices, SigningInOnTheWay) {
  Browser browser(site);
  const auto to = browser.get("/device?user_code=WDJB-MJHT");
  EXPECT_EQ(location_of(to), "/login?txn=device&user_code=WDJB-MJHT");
  const auto page = browser.get(location_of(to));
  EXPECT_EQ(page.status, 200u);
  const auto txn = hidden(page, "txn");
  EXPECT_EQ(browser.post("/login", login_form(txn, "wrong-password-1")).status, 422u);
  EXPECT_EQ(browser.post("/login", login_form(txn, "")).status, 422u);
  Browser stranger(site);
  stranger.get("/login?txn=device");
  EXPECT_EQ(stranger.post("/login", login_form(txn)).status, 403u);
  Browser empty(site);
  EXPECT_EQ(empty.post("/login", login_form(txn)).status, 403u);
  EXPECT_EQ(browser.post("/login", login_form("device.")).status, 403u);
  EXPECT_EQ(browser.post("/login", login_form("device")).status, 403u);
  auto cancel = login_form(txn);
  cancel.add("action", "cancel");
  EXPECT_EQ(location_of(browser.post("/login", cancel)), "/");
  const auto done = browser.post("/login", login_form(txn));
  EXPECT_EQ(location_of(done), "/device?user_code=WDJB-MJHT");
  // A session that has ended meanwhile leads here again.
  browser.cookies.erase("claviger_2003");
  const auto late = browser.post("/device", form_of({{"user_code", "WDJB-MJHT"}}));
  EXPECT_EQ(location_of(late), "/login?txn=device&user_code=WDJB-MJHT");
}

// PW-07: and slowed down like everywhere.
TEST_F(Devices, PW_07_SigningInIsThrottled) {
  Browser browser(site);
  const auto txn = hidden(browser.get("/login?txn=device"), "txn");
  unsigned last = 0;
  for (int i = 0; i < 10 && last != 429; ++i) {
    last = browser.post("/login", login_form(txn, "wrong-password-1")).status;
  }
  EXPECT_EQ(last, 429u);
}

// An approval is for this device: it is not remembered as a consent. It can be withdrawn all the
// same.
TEST_F(Devices, AnApprovalIsNoRememberedConsent) {
  const auto begun = begin("email");
  Browser browser(site);
  approve(browser, text_of(begun, "user_code"));
  const auto tokens = poll(text_of(begun, "device_code"));
  const auto sub = ada().sub;
  EXPECT_FALSE(run_task(store().consents.find(sub, "tv")));
  const auto token = text_of(tokens, "access_token");
  EXPECT_TRUE(is_live(token));
  EXPECT_TRUE(run_task(store().consents.withdraw(sub, "tv", site.clock.now())));
  EXPECT_FALSE(is_live(token));
}

// TE-08, C8.4
TEST_F(Devices, TE_08_OnlyWhoMay) {
  change_client("tv", [](Client& tv) { tv.grant_types = {GrantType::authorization_code}; });
  const auto refused = begin();
  EXPECT_EQ(refused.status, 400u);
  EXPECT_EQ(text_of(refused, "error"), "unauthorized_client");
  EXPECT_EQ(begin("email", "nobody").status, 401u);
  EXPECT_EQ(site.get("/device_authorization").status, 405u);
}

// A device that can prove who it is has to.
TEST_F(Devices, ConfidentialClients) {
  add(make_signing_client("kiosk"));
  EXPECT_EQ(begin("email", "kiosk").status, 401u);
  const auto begun =
      site.post("/device_authorization", signing_as("kiosk", form_of({{"scope", "email"}})));
  ASSERT_EQ(begun.status, 200u) << begun.body;
  Browser browser(site);
  approve(browser, text_of(begun, "user_code"));
  const auto device_code = text_of(begun, "device_code");
  EXPECT_EQ(poll(device_code, "kiosk").status, 401u);
  const auto form = form_of({{"grant_type", kDeviceGrant}, {"device_code", device_code}});
  EXPECT_EQ(site.post("/token", signing_as("kiosk", form)).status, 200u);
}

// SQ-03: of the device code only a hash is stored.
TEST_F(Devices, SQ_03_OnlyAHashIsStored) {
  const auto device_code = text_of(begin(), "device_code");
  const auto token = OpaqueToken::parse(device_code).value();
  const auto stored = run_task(store().device_codes.find(token.selector)).value();
  EXPECT_EQ(stored.verifier_hash, crypto::sha256(ByteView(token.verifier)));
  auto guessed = token;
  guessed.verifier[31] ^= 1;
  EXPECT_EQ(poll_error(std::string(guessed.text().reveal())), "invalid_grant");
  EXPECT_EQ(poll_error("garbage"), "invalid_grant");
}

// TE-14: wherever the store fails, nothing is issued and nothing is used up.
TEST_F(Devices, TE_14_StoreFailureIssuesNothing) {
  const auto begun = begin();
  Browser browser(site);
  approve(browser, text_of(begun, "user_code"));
  const auto device_code = text_of(begun, "device_code");
  int failures = 0;
  auto response = http::Response{};
  for (response.status = 503; response.status == 503 && failures < 20; ++failures) {
    site.store_fails_in = failures;
    response = poll(device_code);
    EXPECT_EQ(text_of(response, "access_token").empty(), response.status == 503) << failures;
  }
  EXPECT_EQ(response.status, 200u) << response.body;
  EXPECT_GT(failures, 3);  // the code, those behind it, the write
}

}  // namespace
}  // namespace claviger::test
