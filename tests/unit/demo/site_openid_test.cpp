// OpenID Connect, token exchange, the device and the ways out, as a browser meets them.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "site_fixture.hpp"

namespace claviger::demo {
namespace {

using test::SiteTest;
using ::testing::HasSubstr;
using ::testing::Not;

TEST_F(SiteTest, OIDCDR_3_1_the_client_registers_itself_once_with_its_logout_addresses) {
  // OIDCDR-3.1
  sign_in_openid();
  sign_in_openid();
  EXPECT_EQ(server.count("/register"), 1u);
  const auto metadata = boost::json::parse(server.last("/register").body).as_object();
  EXPECT_EQ(metadata.at("backchannel_logout_uri"), "http://localhost:3000/backchannel-logout");
  EXPECT_EQ(metadata.at("frontchannel_logout_uri"), "http://localhost:3000/frontchannel-logout");
  EXPECT_EQ(server.count("/register_client"), 0u);  // the quickstart's is another
}

TEST_F(SiteTest, RFC7592_2_1_a_client_that_is_still_known_is_not_registered_again) {
  // RFC7592-2.1
  server.registered["registration_client_uri"] = "http://localhost:2003/register/1";
  server.registered["registration_access_token"] = "management";
  begin_openid();
  begin_openid();
  EXPECT_EQ(server.count("/register"), 1u);
  EXPECT_EQ(server.count("/register/1"), 1u);
  server.answers["/register/1"] = test::FakeServer::refusal(401, "invalid_token");
  begin_openid();
  EXPECT_EQ(server.count("/register"), 2u);
}

TEST_F(SiteTest, a_management_token_goes_to_the_server_alone) {
  server.registered["registration_client_uri"] = "http://localhost:20030/register/1";
  server.registered["registration_access_token"] = "management";
  begin_openid();
  begin_openid();
  EXPECT_EQ(server.count("/register/1"), 0u);
}

TEST_F(SiteTest, OIDCC_3_1_2_1_asks_for_openid_with_nonce_and_challenge) {
  // OIDCC-3.1.2.1
  const auto away = press("/sign-in-openid");
  const std::string url(*away.headers.find("Location"));
  const auto asked = *Form::parse(url.substr(url.find('?') + 1));
  EXPECT_EQ(asked.get("scope"), "openid profile email");
  EXPECT_EQ(asked.get("client_id"), "oidc-client");
  EXPECT_EQ(asked.get("code_challenge_method"), "S256");
  EXPECT_EQ(asked.get("nonce")->size(), 43u);
  EXPECT_NE(asked.get("nonce"), asked.get("state"));
}

TEST_F(SiteTest, a_verified_id_token_is_told_with_its_meaning) {
  sign_in_openid();
  const auto html = page();
  EXPECT_THAT(html, HasSubstr("You are signed in"));
  EXPECT_THAT(html, HasSubstr("id=\"identity\""));
  EXPECT_THAT(html, HasSubstr("for whom this was said: this client and no other"));
  EXPECT_THAT(html, HasSubstr("<code>id_token</code>, decoded"));
  EXPECT_EQ(server.last_form("/token").get("client_secret"), "a-secret-of-its-own");
}

TEST_F(SiteTest, OIDCC_3_1_3_7_an_id_token_of_another_sign_in_signs_nobody_in) {
  // OIDCC-3.1.3.7
  const auto state = begin_openid();
  server.id_claims["nonce"] = "of-another";
  come_back(state);
  const auto html = page();
  EXPECT_THAT(html, HasSubstr("its nonce is not the one"));
  EXPECT_THAT(html, Not(HasSubstr("id=\"call-api\"")));
}

TEST_F(SiteTest, no_id_token_is_no_sign_in) {
  const auto state = begin_openid();
  server.openid = false;
  come_back(state);
  EXPECT_THAT(page(), HasSubstr("holds no ID token"));
}

TEST_F(SiteTest, an_unknown_key_is_fetched_once_more) {
  sign_in_openid();
  server.key = crypto::PrivateKey::generate(crypto::Alg::ES256);
  sign_in_openid();
  EXPECT_EQ(server.count("/jwks"), 2u);
  EXPECT_THAT(page(), HasSubstr("You are signed in"));
}

TEST_F(SiteTest, OIDCC_5_3_2_userinfo_about_somebody_else_is_not_shown) {
  // OIDCC-5.3.2
  sign_in_openid();
  EXPECT_THAT(press_and_look("/userinfo"), HasSubstr("Ada Lovelace"));
  server.answers["/userinfo"] = test::FakeServer::json(200, {{"sub", "eve"}, {"name", "Eve"}});
  const auto html = press_and_look("/userinfo");
  EXPECT_THAT(html, HasSubstr("somebody else"));
  EXPECT_THAT(html, Not(HasSubstr("<dd>Eve</dd>")));
}

TEST_F(SiteTest, OIDCC_12_2_a_refresh_keeps_to_the_person) {
  // OIDCC-12.2
  sign_in_openid();
  server.id_claims.erase("nonce");
  EXPECT_THAT(press_and_look("/refresh"), HasSubstr("Fresh tokens"));
  server.id_claims["sub"] = "eve";
  EXPECT_THAT(press_and_look("/refresh"), HasSubstr("about somebody else"));
  EXPECT_EQ(sessions.find(jar)->identity->sub, "ada-sub");
}

TEST_F(SiteTest, an_answer_that_comes_too_late_is_not_taken) {
  const auto state = begin_openid();
  clock.advance(std::chrono::minutes(15));
  come_back(state);
  EXPECT_EQ(server.count("/token"), 0u);
  EXPECT_THAT(page(), HasSubstr("This answer came too late"));
}

TEST_F(SiteTest, experiment_with_an_expired_state) {
  const std::string url(*press("/break-state").headers.find("Location"));
  const auto asked = *Form::parse(url.substr(url.find('?') + 1));
  come_back(std::string(*asked.get("state")));
  EXPECT_EQ(server.count("/token"), 0u);
  EXPECT_THAT(page(), HasSubstr("This answer came too late"));
}

TEST_F(SiteTest, experiments_with_the_id_token) {
  EXPECT_THAT(press_and_look("/break-nonce"), HasSubstr("Sign in first"));
  EXPECT_THAT(press_and_look("/break-audience"), HasSubstr("Sign in first"));
  sign_in_openid();
  EXPECT_THAT(press_and_look("/break-nonce"), HasSubstr("This client did not take it"));
  server.answers["/api"] = test::FakeServer::refusal(401, "invalid_token");
  EXPECT_THAT(press_and_look("/break-audience"), HasSubstr("A token for this client is none"));
  EXPECT_THAT(server.last("/api").headers.back().second,
              HasSubstr(server.id_token().substr(0, 20)));
}

TEST_F(SiteTest, RFC8693_2_1_exchanges_for_less_or_says_who_could_allow_it) {
  // RFC8693-2.1
  sign_in_openid();
  server.answers["/token"] = test::FakeServer::refusal(400, "unauthorized_client");
  EXPECT_THAT(press_and_look("/exchange"),
              HasSubstr("claviger client edit oidc-client --grant authorization_code --grant "
                        "refresh_token --grant urn:ietf:params:oauth:grant-type:token-exchange"));
  server.answers.clear();
  server.claims["scope"] = "email";
  EXPECT_THAT(press_and_look("/exchange"), HasSubstr("id=\"exchanged\""));
  EXPECT_EQ(server.last_form("/token").get("scope"), "email");
}

TEST_F(SiteTest, OIDCRL_2_signing_out_everywhere_ends_it_here_first) {
  // OIDCRL-2
  sign_in_openid();
  const std::string url(*press("/sign-out-everywhere").headers.find("Location"));
  const auto asked = *Form::parse(url.substr(url.find('?') + 1));
  EXPECT_EQ(asked.get("post_logout_redirect_uri"), "http://localhost:3000/signed-out");
  EXPECT_TRUE(asked.get("id_token_hint"));
  EXPECT_FALSE(sessions.find(jar)->tokens);
  send(http::Method::get, "/signed-out?state=another");
  EXPECT_THAT(page(), HasSubstr("belongs to no sign-out"));
  send(http::Method::get, "/signed-out?state=" + std::string(*asked.get("state")));
  EXPECT_THAT(page(), HasSubstr("belongs to no sign-out"));  // it counts once, right or wrong
}

TEST_F(SiteTest, OIDCRL_3_the_right_state_is_believed) {
  // OIDCRL-3
  sign_in_openid();
  const std::string url(*press("/sign-out-everywhere").headers.find("Location"));
  const auto asked = *Form::parse(url.substr(url.find('?') + 1));
  send(http::Method::get, "/signed-out?state=" + std::string(*asked.get("state")));
  EXPECT_THAT(page(), HasSubstr("Signed out everywhere"));
}

TEST_F(SiteTest, C15_6_the_back_channel_ends_the_sign_in) {
  // C15.6, OIDCBC-2.8
  sign_in_openid();
  EXPECT_EQ(tell_logout().status, 200u);
  EXPECT_FALSE(sessions.find(jar)->tokens);
  const auto html = page();
  EXPECT_THAT(html, HasSubstr("It said so on the back channel"));
  EXPECT_THAT(html, HasSubstr("<code>logout_token</code>, decoded"));
  EXPECT_THAT(html, HasSubstr("id=\"sign-in\""));
}

TEST_F(SiteTest, FE_17_a_logout_token_that_is_not_good_gets_400_and_does_nothing) {
  // FE-17
  sign_in_openid();
  const auto good = server.logout_claims;
  server.logout_claims["nonce"] = "n";
  const auto response = tell_logout();
  EXPECT_EQ(response.status, 400u);
  EXPECT_EQ(response.headers.find("Cache-Control"), "no-store");
  EXPECT_EQ(tell("").status, 400u);
  EXPECT_EQ(tell("logout_token=a&logout_token=b").status, 400u);
  EXPECT_TRUE(sessions.find(jar)->tokens);
  server.logout_claims = good;
  EXPECT_EQ(tell_logout().status, 200u);
  EXPECT_EQ(tell_logout().status, 400u);  // it came before
}

TEST_F(SiteTest, a_logout_of_another_sign_in_touches_nobody) {
  sign_in_openid();
  server.logout_claims["sid"] = "another";
  EXPECT_EQ(tell_logout().status, 200u);
  EXPECT_TRUE(sessions.find(jar)->tokens);
}

TEST_F(SiteTest, OIDCBC_2_7_without_a_sid_the_person_is_meant) {
  // OIDCBC-2.7
  sign_in_openid();
  server.logout_claims.erase("sid");
  EXPECT_EQ(tell_logout().status, 200u);
  EXPECT_FALSE(sessions.find(jar)->tokens);
}

TEST_F(SiteTest, made_up_key_ids_do_not_make_it_fetch_keys_all_day) {
  sign_in_openid();
  const auto before = server.count("/jwks");
  server.key = crypto::PrivateKey::generate(crypto::Alg::ES256);
  server.answers["/jwks"] = test::FakeServer::json(200, {{"keys", boost::json::array{}}});
  for (int i = 0; i < 3; ++i) EXPECT_EQ(tell_logout().status, 400u);
  EXPECT_EQ(server.count("/jwks"), before + 1);
}

TEST_F(SiteTest, OIDCFC_2_the_front_channel_ends_the_sign_in_without_a_cookie) {
  // OIDCFC-2: another site's frame does not carry it.
  sign_in_openid();
  const auto mine = std::exchange(jar, "");
  const std::string address = "/frontchannel-logout?iss=http%3A%2F%2Flocalhost%3A2003&sid=";
  send(http::Method::get, address + "another");
  EXPECT_TRUE(sessions.find(mine)->tokens);
  send(http::Method::get, "/frontchannel-logout?iss=http%3A%2F%2Fevil.example&sid=ada-sid");
  EXPECT_TRUE(sessions.find(mine)->tokens);
  const auto response = send(http::Method::get, address + "ada-sid");
  EXPECT_FALSE(sessions.find(mine)->tokens);
  EXPECT_THAT(std::string(*response.headers.find("Content-Security-Policy")),
              HasSubstr("frame-ancestors http://localhost:2003"));
  EXPECT_FALSE(response.headers.find("X-Frame-Options"));
  EXPECT_EQ(response.headers.find("Cache-Control"), "no-store");
  EXPECT_TRUE(response.cookies.empty());
}

TEST_F(SiteTest, an_open_page_is_told_at_once_and_of_both_channels) {
  sign_in_openid();
  EXPECT_THAT(page(), HasSubstr("id=\"live\" data-since=\"0\""));
  meanwhile = [&] {
    if (pauses == 2) sessions.find(jar)->happen("logout", "Ended", "by a line\nof text");
  };
  const auto response = send(http::Method::get, "/events?since=0");
  EXPECT_THAT(response.content_type, ::testing::StartsWith("text/event-stream"));
  EXPECT_EQ(pauses, 2);
  EXPECT_THAT(response.body, HasSubstr("id: 1\nevent: logout\ndata: {\"title\":\"Ended\""));
  EXPECT_THAT(response.body, HasSubstr("\\n"));
  const auto again = send(http::Method::get, "/events?since=1");
  EXPECT_THAT(again.body, Not(HasSubstr("event:")));
  EXPECT_EQ(sessions.find(jar)->watchers, 0);
}

TEST_F(SiteTest, nobody_waits_without_a_visit_or_in_a_crowd) {
  EXPECT_EQ(send(http::Method::get, "/events?since=0").status, 204u);
  sign_in_openid();
  sessions.find(jar)->watchers = 8;
  EXPECT_THAT(send(http::Method::get, "/events?since=0").body, HasSubstr("retry: 5000"));
  EXPECT_EQ(pauses, 0);
}

TEST_F(SiteTest, RFC8628_3_5_the_device_asks_as_the_interval_says) {
  // RFC8628-3.5
  server.registered = {{"client_id", "tv"}};
  server.answers["/token"] = test::FakeServer::refusal(400, "authorization_pending");
  EXPECT_THAT(press_and_look("/device-start"), HasSubstr("BCDF-GHJK"));
  EXPECT_EQ(server.count("/token"), 0u);
  clock.advance(std::chrono::seconds(5));
  page();
  page();
  EXPECT_EQ(server.count("/token"), 1u);
  EXPECT_FALSE(server.last_form("/token").get("client_secret"));
  server.answers["/token"] = test::FakeServer::refusal(400, "slow_down");
  clock.advance(std::chrono::seconds(5));
  page();
  EXPECT_EQ(server.count("/token"), 2u);
  clock.advance(std::chrono::seconds(9));
  page();
  EXPECT_EQ(server.count("/token"), 2u);
  clock.advance(std::chrono::seconds(1));
  EXPECT_THAT(page(), HasSubstr("<span id=\"device-asked\">3</span>"));
  // Of the answers "not yet" one is in the diagram.
  EXPECT_THAT(page(), Not(HasSubstr("Question 2:")));
}

TEST_F(SiteTest, the_device_gets_its_tokens) {
  server.registered = {{"client_id", "tv"}};
  server.speak_openid("");
  press("/device-start");
  clock.advance(std::chrono::seconds(5));
  send(http::Method::get, "/events?since=0");
  const auto html = page();
  EXPECT_THAT(html, HasSubstr("The device is connected"));
  EXPECT_THAT(html, HasSubstr("<code>id_token</code>, decoded"));
  EXPECT_THAT(press_and_look("/device-stop"), Not(HasSubstr("The device is connected")));
}

TEST_F(SiteTest, the_device_is_told_no) {
  server.registered = {{"client_id", "tv"}};
  server.answers["/token"] = test::FakeServer::refusal(400, "access_denied");
  press("/device-start");
  clock.advance(std::chrono::seconds(5));
  EXPECT_THAT(page(), HasSubstr("access_denied"));
}

TEST_F(SiteTest, a_link_of_another_site_is_not_shown_to_a_person) {
  server.registered = {{"client_id", "tv"}};
  server.answers["/device_authorization"] =
      test::FakeServer::json(200, {{"device_code", "d"},
                                   {"user_code", "BCDF-GHJK"},
                                   {"verification_uri", "javascript:alert(1)"},
                                   {"expires_in", 600}});
  EXPECT_THAT(press_and_look("/device-start"), Not(HasSubstr("href=\"javascript:")));
}

TEST_F(SiteTest, the_new_secrets_are_masked_in_the_diagram) {
  sign_in_openid();
  press("/sign-out-everywhere");
  tell_logout();
  for (const auto& message : sessions.find(jar)->log.messages()) {
    for (const auto* fields : {&message.query, &message.members, &message.headers}) {
      for (const auto& field : *fields) {
        const bool token = field.value.contains("eyJ");
        EXPECT_TRUE(field.secret || !token) << field.name;
      }
    }
  }
}

}  // namespace
}  // namespace claviger::demo
