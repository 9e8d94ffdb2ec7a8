// Signing out because a client asks (C15.1 to C15.4, C15.8; OIDCRL-2, OIDCRL-3; rows OX and SE).
#include "tests/server/logout_world.hpp"

namespace claviger::test {
namespace {

class RpInitiatedLogout : public LogoutWorld {};

TEST_F(RpInitiatedLogout, C15_1_AHintAndARegisteredUriLeadBackWithTheExactState) {  // C15.1
  for (const std::string state : {"xyz", "-._~!*'()", "a b%c+d&e=f#g\"h", "%7E%20{}|^`<>", ""}) {
    Browser browser(site);
    const auto token = sign_in_at(browser);
    const auto response = ask(browser, logout_form(token, state));
    EXPECT_EQ(response.status, 303u) << state;
    auto expected = std::string(kShopHome);
    if (!state.empty()) expected += "&state=" + percent_encode(state);
    EXPECT_EQ(location_of(response), expected);
    EXPECT_EQ(parameter(location_of(response), "state"), state);
    EXPECT_FALSE(signed_in(browser));
  }
}

TEST_F(RpInitiatedLogout, C15_1_ByPostAsWell) {  // C15.1, C15.8
  Browser browser(site);
  const auto token = sign_in_at(browser);
  const auto kept = browser.cookies;
  browser.cookies.clear();  // as a form of another site comes
  auto request = Site::make_post("/logout", logout_form(token));
  request.headers.add("Sec-Fetch-Site", "cross-site");
  request.headers.add("Sec-Fetch-Mode", "navigate");
  const auto answer = browser.send(request);
  EXPECT_EQ(answer.status, 303u);
  EXPECT_TRUE(location_of(answer).starts_with("/logout?txn="));
  EXPECT_EQ(location_of(answer).find(token), std::string::npos);
  browser.cookies = kept;
  EXPECT_TRUE(signed_in(browser));
  const auto response = follow(browser, answer);
  EXPECT_EQ(location_of(response), std::string(kShopHome) + "&state=xyz");
  EXPECT_FALSE(signed_in(browser));
}

TEST_F(RpInitiatedLogout, C15_2_WhatIsNotProvenShowsAPageAndEndsNothing) {  // C15.2, OX-01
  Browser browser(site);
  const auto token = sign_in_at(browser);
  auto mutated = token;
  mutated[token.size() / 2] = mutated[token.size() / 2] == 'A' ? 'B' : 'A';
  const auto payload = crypto::peek_jws(token)->payload;
  const auto other_key =
      crypto::sign_jws(crypto::PrivateKey::generate(crypto::Alg::ES256), "JWT", payload);
  const auto body = token.substr(token.find('.'), token.rfind('.') - token.find('.') + 1);
  const std::string none = "eyJhbGciOiJub25lIiwidHlwIjoiSldUIn0" + body;
  const Form good = logout_form(token);
  const std::string uri = "post_logout_redirect_uri";
  const std::vector<std::pair<const char*, Form>> rows{
      {"C15.2 unregistered URI", with(good, uri, "https://evil.example/")},
      {"C15.2 URI with added query", with(good, uri, std::string(kShopHome) + "&x=1")},
      {"C15.2 hint with alg none", with(good, "id_token_hint", none)},
      {"C15.2 hint signed by another key", with(good, "id_token_hint", other_key)},
      {"OX-03 modified hint", with(good, "id_token_hint", mutated)},
      {"OX-03 no token at all", with(good, "id_token_hint", "x")},
      {"OX-04 javascript:", with(good, uri, "javascript:alert(1)")},
      {"OX-03 another client's name", with(good, "client_id", "bank")},
      {"OX-03 another client's URI", with(good, uri, "https://bank.example/bye?tenant=1")},
  };
  for (const auto& [what, form] : rows) {
    EXPECT_TRUE(is_error_page(ask(browser, form))) << what;
    EXPECT_TRUE(is_error_page(follow(browser, browser.post("/logout", form)))) << what;
    EXPECT_TRUE(signed_in(browser)) << what;
  }
  EXPECT_EQ(deliver(), 0u);
}

TEST_F(RpInitiatedLogout, C15_2_AnExpiredTokenIsAHintAllTheSame) {  // C15.2
  Browser browser(site);
  const auto token = sign_in_at(browser);
  site.clock.advance(std::chrono::minutes(29));
  const auto response = ask(browser, logout_form(token));
  EXPECT_EQ(location_of(response), std::string(kShopHome) + "&state=xyz");
}

TEST_F(RpInitiatedLogout, C15_2_OX_03_AUriWithoutHintLeadsNowhere) {  // C15.2, OX-03
  Browser browser(site);
  sign_in_at(browser);
  const auto form = with(logout_form(""), "id_token_hint", "");
  const auto asked = ask(browser, form);
  EXPECT_EQ(asked.status, 200u);
  EXPECT_TRUE(signed_in(browser));
  EXPECT_EQ(location_of(press(browser, asked, "confirm")), "/logout/done");
  EXPECT_FALSE(signed_in(browser));
  EXPECT_EQ(location_of(ask(browser, form)), "/logout/done");
}

TEST_F(RpInitiatedLogout, OX_03_ANamedClientIsFollowedWhenThePersonAgreed) {  // OX-03
  Browser browser(site);
  sign_in_at(browser);
  const auto form = with(with(logout_form(""), "id_token_hint", ""), "client_id", "shop");
  const auto asked = ask(browser, form);
  EXPECT_NE(asked.body.find("shop"), std::string::npos);
  EXPECT_EQ(location_of(press(browser, asked, "confirm")), std::string(kShopHome) + "&state=xyz");
  EXPECT_EQ(location_of(ask(browser, form)), "/logout/done");  // nobody to ask any more
}

TEST_F(RpInitiatedLogout, C15_3_WithoutAUriItEndsAtOurOwnPage) {  // C15.3
  const std::vector<std::pair<const char*, Form>> rows{
      {"no parameters", Form()},
      {"only state", form_of({{"state", "xyz"}})},
      {"unknown ones", form_of({{"logout_hint", "ada"}, {"x", "y"}})},
      {"ui_locales", form_of({{"ui_locales", "se de"}})},
  };
  for (const auto& [what, form] : rows) {
    for (const bool by_post : {false, true}) {
      Browser browser(site);
      sign_in_at(browser);
      page.clear();
      auto asked =
          by_post ? browser.post("/logout", form) : browser.get("/logout?" + form.encode());
      if (location_of(asked) == "/logout") asked = browser.get("/logout");
      asked = follow(browser, asked);
      EXPECT_NE(asked.body.find("id=\"logout-confirm\""), std::string::npos) << what;
      EXPECT_EQ(location_of(press(browser, asked, "confirm")), "/logout/done") << what;
      EXPECT_FALSE(signed_in(browser)) << what;
    }
  }
  Browser browser(site);
  const auto token = sign_in_at(browser);
  EXPECT_EQ(location_of(ask(browser, form_of({{"id_token_hint", token}}))), "/logout/done");
  const auto done = browser.get("/logout/done");
  EXPECT_NE(done.body.find("id=\"logged-out\""), std::string::npos);
  EXPECT_NE(done.body.find("You are signed out"), std::string::npos);
}

TEST_F(RpInitiatedLogout, C15_4_AfterwardsNobodyIsSignedIn) {  // C15.4, SE-03
  Browser browser(site);
  const auto token = sign_in_at(browser);
  const auto cookies = browser.cookies;
  ask(browser, logout_form(token));
  EXPECT_EQ(browser.cookies.count("claviger_2003"), 0u);
  browser.cookies = cookies;  // the old cookie opens nothing either
  auto request = with(authorize_request(), "client_id", "shop");
  request = with(with(request, "redirect_uri", "https://shop.example/cb"), "scope", "openid");
  const auto response = browser.get(authorize_url(with(request, "prompt", "none")));
  EXPECT_EQ(parameter(location_of(response), "error"), "login_required");
}

TEST_F(RpInitiatedLogout, SE_03_TheSessionEndsWithHalfOfTheCookiesGone) {  // SE-03
  Browser browser(site);
  const auto token = sign_in_at(browser);
  const auto session = browser.cookies.at("claviger_2003");
  browser.cookies = {{"claviger_2003", session}};
  ask(browser, logout_form(token));
  browser.cookies = {{"claviger_2003", session}};
  EXPECT_FALSE(signed_in(browser));
}

TEST_F(RpInitiatedLogout, C15_8_AGenuineHintWithoutASessionHereGoesOnAtOnce) {  // C15.8
  Browser browser(site);
  const auto token = sign_in_at(browser);
  Browser elsewhere(site);
  EXPECT_EQ(location_of(ask(elsewhere, logout_form(token))), std::string(kShopHome) + "&state=xyz");
  EXPECT_TRUE(signed_in(browser));
}

TEST_F(RpInitiatedLogout, C15_8_SE_08_AnotherPersonIsAskedFirst) {  // C15.8, SE-08
  ASSERT_EQ(site.post("/register_user", form_of({{"username", "bob"},
                                                 {"email", "bob@example.test"},
                                                 {"password", "another-horse-8"}}))
                .status,
            200u);
  Browser hers(site);
  const auto token = sign_in_at(hers);
  Browser his(site);
  const auto start = his.get(authorize_url(authorize_request()));
  his.post("/login", login_form(parameter(location_of(start), "txn"), "another-horse-8", "bob"));
  const auto asked = ask(his, logout_form(token));
  EXPECT_NE(asked.body.find("id=\"logout-confirm\""), std::string::npos);
  EXPECT_NE(asked.body.find("bob"), std::string::npos);
  EXPECT_EQ(location_of(press(his, asked, "cancel")), "/");
  EXPECT_EQ(his.get("/logout").status, 200u);  // still signed in
  EXPECT_EQ(location_of(press(his, asked, "confirm")), std::string(kShopHome) + "&state=xyz");
  EXPECT_EQ(location_of(his.get("/logout")), "/logout/done");
  EXPECT_TRUE(signed_in(hers));
}

TEST_F(RpInitiatedLogout, SE_08_ATokenOfAnEarlierSessionIsNotEnough) {  // SE-08
  Browser earlier(site);
  const auto token = sign_in_at(earlier);
  ask(earlier, logout_form(token));
  Browser browser(site);
  sign_in_at(browser);
  EXPECT_EQ(ask(browser, logout_form(token)).status, 200u);
  EXPECT_TRUE(signed_in(browser));
}

TEST_F(RpInitiatedLogout, SE_06_TheButtonNeedsTheToken) {  // SE-06
  Browser browser(site);
  sign_in_at(browser);
  for (const char* csrf : {"", "x", "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"}) {
    const auto response = browser.post("/logout", form_of({{"csrf", csrf}, {"action", "confirm"}}));
    EXPECT_EQ(response.status, 403u) << csrf;
    EXPECT_TRUE(signed_in(browser));
  }
}

TEST_F(RpInitiatedLogout, SE_01_SE_15_TheBrowserKeepsNothing) {  // SE-15, SE-01
  Browser browser(site);
  const auto token = sign_in_at(browser);
  const auto op_state = browser.cookies.at("claviger_state_2003");
  const auto response = ask(browser, logout_form(token));
  EXPECT_TRUE(response.clear_site_data);
  EXPECT_EQ(response.headers.find("cache-control"), "no-store");
  EXPECT_NE(browser.cookies.at("claviger_state_2003"), op_state);
}

TEST_F(RpInitiatedLogout, ARequestIsForgottenAfterAQuarterOfAnHour) {
  Browser browser(site);
  const auto token = sign_in_at(browser);
  const auto answer = browser.get("/logout?" + logout_form(token).encode());
  site.clock.advance(std::chrono::minutes(15));
  const auto late = browser.get(location_of(answer));
  EXPECT_EQ(late.status, 400u);
  EXPECT_EQ(reason_of(late), "logout.request_unknown");
  EXPECT_EQ(reason_of(browser.get("/logout?txn=AAAAAAAAAAAAAAAAAAAAAA")), "logout.request_unknown");
  EXPECT_EQ(reason_of(browser.get("/logout?txn=x")), "logout.request_unknown");
  EXPECT_TRUE(signed_in(browser));
}

TEST_F(RpInitiatedLogout, OX_04_AScriptIsNotRegistered) {  // OX-04
  boost::json::object arguments{
      {"client_id", "bad"},
      {"redirect_uris", boost::json::array{"https://bad.example/cb"}},
      {"post_logout_redirect_uris", boost::json::array{"javascript:alert(1)"}}};
  const auto added = run_task(site.node().operations().call("client.add", arguments));
  ASSERT_FALSE(added);
  EXPECT_EQ(added.error().code(), ErrorCode::invalid_redirect_uri);
}

}  // namespace
}  // namespace claviger::test
