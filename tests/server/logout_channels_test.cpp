// Clients that are told of the end of a session: in frames (C15.5), at their servers (C15.6), and
// by a frame of ours that they ask (C15.7). OIDCFC-2, OIDCFC-3, OIDCBC-2.4, OIDCBC-2.5, OIDCBC-2.6,
// OIDCBC-2.8, OIDCSM-3, OIDCSM-4, OIDCSM-4.2, RFC6454-6.2.
#include "base/base64url.hpp"
#include "crypto/digest.hpp"
#include "endpoints/browser.hpp"
#include "endpoints/session_state.hpp"
#include "tests/server/logout_world.hpp"

namespace claviger::test {
namespace {

class FrontChannelLogout : public LogoutWorld {
 protected:
  void SetUp() override {
    LogoutWorld::SetUp();
    change_client("shop", [](Client& client) {
      client.metadata.frontchannel_logout.uri = "https://shop.example/front?a=b";
    });
    change_client("bank", [](Client& client) {
      client.metadata.frontchannel_logout.uri = "https://login.bank.example:8443/front";
    });
  }
};

TEST_F(FrontChannelLogout, C15_5_EveryClientOfTheSessionGetsAFrame) {  // C15.5
  Browser browser(site);
  const auto at_shop = sign_in_at(browser, "shop");
  const auto at_bank = sign_in_at(browser, "bank");
  const auto response = ask(browser, logout_form(at_shop));
  EXPECT_EQ(response.status, 200u);
  const std::string iss = "iss=http%3A%2F%2Flocalhost%3A2003&amp;sid=";
  for (const auto& source :
       {"https://shop.example/front?a=b&amp;" + iss + claim(at_shop, "sid") + "\"",
        "https://login.bank.example:8443/front?" + iss + claim(at_bank, "sid") + "\""}) {
    EXPECT_NE(response.body.find(source), std::string::npos) << source << "\n" << response.body;
  }
  // Then on to the client, with its state.
  EXPECT_NE(response.body.find("https://shop.example/bye?tenant=1&amp;state=xyz"),
            std::string::npos);
  EXPECT_TRUE(response.clear_site_data);
  EXPECT_FALSE(signed_in(browser));
}

TEST_F(FrontChannelLogout, C15_5_ThePersonsOwnSignOutTellsThemToo) {  // C15.5
  Browser browser(site);
  sign_in_at(browser, "bank");
  const auto asked = browser.get("/logout");
  const auto response = press(browser, asked, "confirm");
  EXPECT_NE(response.body.find("https://login.bank.example:8443/front?"), std::string::npos);
  EXPECT_EQ(response.body.find("https://shop.example"), std::string::npos);  // was never there
  EXPECT_NE(response.body.find("href=\"/logout/done\""), std::string::npos);
}

TEST_F(FrontChannelLogout, OX_07_ThePageFramesExactlyTheseOrigins) {  // OX-07, SE-07
  Browser browser(site);
  const auto at_shop = sign_in_at(browser, "shop");
  sign_in_at(browser, "bank");
  const auto response = ask(browser, logout_form(at_shop));
  const std::string csp(response.headers.find("content-security-policy").value_or(""));
  const auto at = csp.find("frame-src ");
  ASSERT_NE(at, std::string::npos) << csp;
  EXPECT_EQ(csp.substr(at), "frame-src https://login.bank.example:8443 https://shop.example");
  EXPECT_EQ(response.headers.find("x-frame-options"), "DENY");
}

TEST_F(FrontChannelLogout, OX_07_WhatIsNoHttpsIsNeverFramed) {  // OX-07
  for (const char* uri : {"javascript:alert(1)", "http://shop.example/front", "data:text/html,x"}) {
    change_client("shop", [&](Client& client) { client.metadata.frontchannel_logout.uri = uri; });
    Browser browser(site);
    EXPECT_EQ(ask(browser, logout_form(sign_in_at(browser))).status, 303u) << uri;
  }
}

class BackChannelLogout : public LogoutWorld {
 protected:
  std::vector<KeptLog::Entry> logged(std::string_view event) {
    std::vector<KeptLog::Entry> found;
    for (const auto& entry : site.log.entries()) {
      if (entry.event == event) found.push_back(entry);
    }
    return found;
  }
  static std::string field(const KeptLog::Entry& entry, std::string_view name) {
    for (const auto& [key, value] : entry.fields) {
      if (key == name) return value;
    }
    return {};
  }
  // Signed in at the shop, then out.
  std::string signed_out() {
    Browser browser(site);
    auto token = sign_in_at(browser);
    ask(browser, logout_form(token));
    return token;
  }
};

TEST_F(BackChannelLogout, C15_6_AServerGetsATokenLikeTheIdToken) {  // C15.6, OIDCBC-2.4
  const auto id_token = signed_out();
  EXPECT_TRUE(told.empty());  // the person was not kept waiting
  EXPECT_EQ(deliver(), 1u);
  ASSERT_EQ(told.size(), 1u);
  EXPECT_EQ(told[0].method, "POST");
  EXPECT_EQ(told[0].url, "https://shop.example/back");
  const auto token = told_token(0);
  const auto like = crypto::peek_jws(id_token);
  EXPECT_EQ(token.header.at("alg"), like->header.at("alg"));
  EXPECT_EQ(token.header.at("kid"), like->header.at("kid"));
  EXPECT_EQ(token.header.at("typ"), "logout+jwt");
  const auto& payload = token.payload;
  EXPECT_EQ(payload.at("iss"), kIssuer);
  EXPECT_EQ(payload.at("aud"), "shop");
  EXPECT_EQ(payload.at("iat"), to_seconds(site.clock.now()));
  EXPECT_EQ(payload.at("exp"), to_seconds(site.clock.now()) + 120);
  EXPECT_EQ(boost::json::serialize(payload.at("events")),
            R"({"http://schemas.openid.net/event/backchannel-logout":{}})");
  EXPECT_EQ(payload.at("sub"), like->payload.at("sub"));
  EXPECT_EQ(payload.at("sid"), like->payload.at("sid"));
  EXPECT_FALSE(payload.contains("nonce"));
  EXPECT_EQ(payload.size(), 8u);
  EXPECT_EQ(deliver(), 0u);  // told once
}

TEST_F(BackChannelLogout, C15_6_TheClientsAlgorithmAndItsNameOfThePerson) {  // C15.6
  change_client("shop", [](Client& client) {
    client.metadata.id_token.signed_alg = "ES256";
    client.metadata.subject_type = SubjectType::pairwise;
    client.metadata.sector = "shop.example";
  });
  const auto id_token = signed_out();
  deliver();
  ASSERT_EQ(told.size(), 1u);
  const auto token = told_token(0);
  EXPECT_EQ(token.header.at("alg"), "ES256");
  EXPECT_EQ(told_claim(0, "sub"), claim(id_token, "sub"));
  const auto ada = run_task(site.node().store().users.find_by_login("ada", "ada"));
  EXPECT_NE(told_claim(0, "sub"), ada->sub);
}

TEST_F(BackChannelLogout, C15_9_SidIsOneForEachSessionAndClient) {  // C15.9
  Browser browser(site);
  const auto at_shop = sign_in_at(browser, "shop");
  const auto at_bank = sign_in_at(browser, "bank");
  EXPECT_NE(claim(at_shop, "sid"), claim(at_bank, "sid"));
  EXPECT_FALSE(claim(at_shop, "sid").empty());
  // The same person proves who they are again: sid stays.
  const auto start = browser.get(authorize_url(with(authorize_request(), "prompt", "login")));
  browser.post("/login", login_form(parameter(location_of(start), "txn")));
  EXPECT_EQ(claim(sign_in_at(browser, "shop"), "sid"), claim(at_shop, "sid"));
  Browser other(site);
  EXPECT_NE(claim(sign_in_at(other, "shop"), "sid"), claim(at_shop, "sid"));
  for (const auto& [name, value] : browser.cookies) {
    EXPECT_EQ(value.find(claim(at_shop, "sid")), std::string::npos) << name;
  }
}

TEST_F(BackChannelLogout, C15_9_AnotherPersonsSignInEndsTheSession) {  // C15.9
  ASSERT_EQ(site.post("/register_user", form_of({{"username", "bob"},
                                                 {"email", "bob@example.test"},
                                                 {"password", "another-horse-8"}}))
                .status,
            200u);
  Browser browser(site);
  const auto id_token = sign_in_at(browser);
  const auto start = browser.get(authorize_url(with(authorize_request(), "prompt", "login")));
  browser.post("/login",
               login_form(parameter(location_of(start), "txn"), "another-horse-8", "bob"));
  EXPECT_EQ(deliver(), 1u);
  EXPECT_EQ(told_claim(0, "sid"), claim(id_token, "sid"));
}

TEST_F(BackChannelLogout, C15_6_SessionsThatEndOtherwiseAreToldToo) {  // C15.6
  Browser browser(site);
  const auto id_token = sign_in_at(browser);
  const auto ada = run_task(site.node().store().users.find_by_login("ada", "ada"));
  run_task(site.node().store().users.set_disabled(ada->sub, true, site.clock.now()));
  EXPECT_EQ(deliver(), 1u);
  EXPECT_EQ(told_claim(0, "sid"), claim(id_token, "sid"));
}

TEST_F(BackChannelLogout, C15_6_EveryClientIsToldAndASilentOneHarmsNobody) {  // C15.6
  Browser browser(site);
  sign_in_at(browser, "bank");
  const auto token = sign_in_at(browser, "shop");
  change_client("bank", [](Client& client) { client.metadata.backchannel_logout.uri.clear(); });
  ask(browser, logout_form(token));
  EXPECT_EQ(deliver(), 1u);  // the bank registered nothing to be told at
  EXPECT_EQ(told.size(), 1u);
  site.clock.advance(std::chrono::hours(24));
  EXPECT_EQ(deliver(), 0u);
}

TEST_F(BackChannelLogout, OX_08_AFailureIsTriedAgainAFewTimes) {  // OX-08, OIDCBC-2.5
  signed_out();
  const std::vector<std::pair<int, std::chrono::seconds>> rounds{
      {500, std::chrono::seconds(5)},    {0, std::chrono::seconds(30)},
      {302, std::chrono::seconds(120)},  {400, std::chrono::seconds(600)},
      {503, std::chrono::seconds(3600)},
  };
  for (const auto& [answer, wait] : rounds) {
    status = answer;
    EXPECT_EQ(deliver(), 1u);
    EXPECT_EQ(deliver(), 0u);
    site.clock.advance(wait - std::chrono::milliseconds(1));
    EXPECT_EQ(deliver(), 0u);
    site.clock.advance(std::chrono::milliseconds(1));
  }
  status = 500;
  EXPECT_EQ(deliver(), 1u);
  site.clock.advance(std::chrono::hours(100));
  EXPECT_EQ(deliver(), 0u);
  EXPECT_EQ(told.size(), 6u);
  EXPECT_NE(told_claim(0, "jti"), told_claim(1, "jti"));
  const auto failed = logged("logout.not_told");
  ASSERT_EQ(failed.size(), 5u);
  EXPECT_EQ(field(failed[0], "client_id"), "shop");
  EXPECT_EQ(field(failed[0], "attempt"), "1");
  EXPECT_EQ(field(failed[0], "status"), "500");
  EXPECT_EQ(field(failed[1], "status"), "timed_out");
  EXPECT_EQ(logged("logout.given_up").size(), 1u);
}

TEST_F(BackChannelLogout, OX_08_OneThatComesBackIsTold) {  // OX-08, OIDCBC-2.8
  signed_out();
  status = 500;
  deliver();
  site.reopen();  // what is to be told outlives a restart
  status = 204;
  site.clock.advance(std::chrono::seconds(5));
  EXPECT_EQ(deliver(), 1u);
  const auto done = logged("logout.told");
  ASSERT_EQ(done.size(), 1u);
  EXPECT_EQ(field(done[0], "attempt"), "2");
  EXPECT_EQ(field(done[0], "status"), "204");
}

TEST_F(BackChannelLogout, OX_08_NoTokenInAnyLog) {  // OX-08
  signed_out();
  deliver();
  const auto form = Form::parse(told.at(0).body);
  const std::string token(form->get("logout_token").value());
  const auto signature = token.substr(token.rfind('.') + 1);
  for (const auto& entry : site.log.entries()) {
    for (const auto& [name, value] : entry.fields) {
      EXPECT_EQ(value.find(signature), std::string::npos) << entry.event << " " << name;
    }
  }
}

TEST_F(BackChannelLogout, OX_08_OfTwoRoundsAtOnceOneTells) {  // OX-08
  signed_out();
  const auto due = run_task(site.node().store().logouts.due(site.clock.now(), 10));
  ASSERT_EQ(due.size(), 1u);
  const Time next = site.clock.now() + std::chrono::seconds(5);
  EXPECT_TRUE(run_task(site.node().store().logouts.take(due[0], next)));
  EXPECT_EQ(deliver(), 0u);
  EXPECT_TRUE(told.empty());
}

TEST_F(BackChannelLogout, OX_08_WhatAnotherRoundToldIsNotToldAgain) {  // OX-08
  // The other round runs while this one waits for the first answer.
  std::size_t by_the_other = 0;
  interruption = [&] { by_the_other = deliver(); };
  Browser browser(site);
  sign_in_at(browser, "bank");
  ask(browser, logout_form(sign_in_at(browser, "shop")));
  EXPECT_EQ(deliver(), 1u);
  EXPECT_EQ(by_the_other, 1u);
  EXPECT_EQ(told.size(), 2u);
}

TEST_F(BackChannelLogout, C15_6_WhoeverWantsItEncryptedIsNeverSentPlain) {  // C15.6, OIDCBC-2.6
  Browser browser(site);
  const auto token = sign_in_at(browser);
  change_client("shop", [](Client& client) {
    client.metadata.id_token.encrypted_alg = "RSA-OAEP-256";
    client.metadata.id_token.encrypted_enc = "A128GCM";
  });
  ask(browser, logout_form(token));
  EXPECT_EQ(deliver(), 1u);  // it publishes no key
  EXPECT_TRUE(told.empty());
  EXPECT_EQ(field(logged("logout.not_told").at(0), "status"), "id_token.no_recipient");
}

class SessionManagement : public LogoutWorld {
 protected:
  std::optional<std::string> state_of(Browser& browser, std::string_view client_id,
                                      std::string_view redirect_uri) {
    auto request = Site::make_get("/authorize");
    const auto cookie = browser.cookies.find("claviger_state_2003");
    if (cookie != browser.cookies.end()) {
      request.headers.add("Cookie", cookie->first + "=" + cookie->second);
    }
    return endpoints::session_state(site.node().deps(), request, client_id, redirect_uri);
  }
  // What the script in the frame computes.
  static std::string computed(const std::string& client_id, const std::string& origin,
                              const std::string& op_state, const std::string& salt) {
    const auto text = client_id + " " + origin + " " + op_state + " " + salt;
    return base64url_encode(crypto::sha256(text)) + "." + salt;
  }
};

TEST_F(SessionManagement, C15_7_SessionStateIsWhatTheFrameComputes) {  // C15.7, OIDCSM-3
  Browser browser(site);
  sign_in_at(browser);
  const auto op_state = browser.cookies.at("claviger_state_2003");
  const auto made = state_of(browser, "shop", "https://shop.example:443/cb?x=1");
  ASSERT_TRUE(made);
  const auto salt = made->substr(made->find('.') + 1);
  EXPECT_GE(salt.size(), 16u);
  EXPECT_EQ(*made, computed("shop", "https://shop.example", op_state, salt));
  EXPECT_NE(*made, state_of(browser, "shop", "https://shop.example/cb"));  // another salt
  EXPECT_FALSE(state_of(browser, "app", "com.example.app:/cb"));
  Browser fresh(site);
  EXPECT_FALSE(state_of(fresh, "shop", "https://shop.example/cb"));
}

TEST_F(SessionManagement, C15_7_OpStateIsNewAtEverySignInAndSignOut) {  // C15.7
  Browser browser(site);
  const auto token = sign_in_at(browser);
  const auto first = browser.cookies.at("claviger_state_2003");
  const auto start = browser.get(authorize_url(with(authorize_request(), "prompt", "login")));
  browser.post("/login", login_form(parameter(location_of(start), "txn")));
  const auto second = browser.cookies.at("claviger_state_2003");
  EXPECT_NE(second, first);
  ask(browser, logout_form(token));
  EXPECT_NE(browser.cookies.at("claviger_state_2003"), second);
  EXPECT_NE(second, browser.cookies.at("claviger_browser_2003"));
}

TEST_F(SessionManagement, C15_7_OpStateIsReadByScriptsAndGoodForNothingElse) {  // C15.7, OIDCSM-4.2
  Site secure([](config::Settings& settings) { settings.issuer = "https://id.example.com"; });
  const auto cookie = endpoints::fresh_op_state(secure.node().deps());
  EXPECT_EQ(cookie.name, "__Host-claviger-state");
  EXPECT_TRUE(cookie.secure);
  EXPECT_FALSE(cookie.http_only);
  EXPECT_EQ(cookie.same_site, http::SameSite::none);
  Browser browser(site);
  sign_in_at(browser);
  browser.cookies["claviger_2003"] = browser.cookies.at("claviger_state_2003");
  EXPECT_FALSE(signed_in(browser));
}

TEST_F(SessionManagement, C15_8_ASessionIsSeenInFramesOfOtherSitesByChoiceAlone) {  // C15.8
  for (const char* same_site : {"lax", "none"}) {
    Site secure([&](config::Settings& settings) {
      settings.issuer = "https://id.example.com";
      settings.session.same_site = same_site;
    });
    const auto cookie = endpoints::signed_out_cookie(secure.node().deps());
    EXPECT_EQ(cookie.same_site == http::SameSite::none, std::string(same_site) == "none");
    EXPECT_TRUE(cookie.http_only);
  }
}

TEST_F(SessionManagement, C15_7_SE_07_TheFrameMayBeFramed) {  // C15.7, SE-07, OIDCSM-4
  auto request = Site::make_get("/session/check");
  request.headers.add("Sec-Fetch-Site", "cross-site");
  request.headers.add("Sec-Fetch-Mode", "navigate");
  request.headers.add("Sec-Fetch-Dest", "iframe");
  const auto response = site.send(request);
  EXPECT_EQ(response.status, 200u);
  EXPECT_FALSE(response.headers.find("x-frame-options"));
  const std::string csp(response.headers.find("content-security-policy").value_or(""));
  EXPECT_EQ(csp.find("frame-ancestors"), std::string::npos);
  EXPECT_NE(response.body.find("claviger_state_2003"), std::string::npos);
  for (const char* none : {"<form", "<a ", "href="}) {
    EXPECT_EQ(response.body.find(none), std::string::npos) << none;
  }
  EXPECT_TRUE(response.cookies.empty());
}

}  // namespace
}  // namespace claviger::test
