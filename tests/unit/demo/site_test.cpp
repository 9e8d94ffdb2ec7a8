// The app as a browser meets it: through its router, against a scripted server.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "demo/client/experiments.hpp"
#include "site_fixture.hpp"

namespace claviger::demo {
namespace {

using test::SiteTest;
using ::testing::HasSubstr;
using ::testing::Not;

TEST_F(SiteTest, a_stranger_sees_the_page_and_leaves_no_session) {
  const auto response = send(http::Method::get, "/");
  EXPECT_EQ(response.status, 200u);
  EXPECT_THAT(response.body, HasSubstr("Nobody is signed in."));
  EXPECT_THAT(response.body, HasSubstr("id=\"sign-in\""));
  EXPECT_THAT(response.body, Not(HasSubstr("id=\"call-api\"")));
  EXPECT_TRUE(response.cookies.empty());
  EXPECT_EQ(sessions.size(), 0u);
}

TEST_F(SiteTest, the_page_has_a_policy_without_inline_anything) {
  const auto response = send(http::Method::get, "/");
  const std::string policy(response.headers.find("Content-Security-Policy").value_or(""));
  EXPECT_THAT(policy, HasSubstr("default-src 'none'"));
  EXPECT_THAT(policy, Not(HasSubstr("unsafe")));
  // Browsers would refuse the redirect that follows "Sign in".
  EXPECT_THAT(policy, Not(HasSubstr("form-action")));
  EXPECT_THAT(response.body, Not(HasSubstr("<script")));
  EXPECT_THAT(response.body, Not(HasSubstr("style=")));
}

TEST_F(SiteTest, its_assets_are_served_from_here_for_ever) {
  for (const auto& asset : pages.assets()) {
    const auto response = send(http::Method::get, asset.path);
    EXPECT_EQ(response.status, 200u);
    EXPECT_THAT(std::string(response.headers.find("Cache-Control").value_or("")),
                HasSubstr("immutable"));
    // The script is for pages on which something can happen.
    if (!asset.path.ends_with(".js")) EXPECT_THAT(page(), HasSubstr(asset.path));
  }
}

TEST_F(SiteTest, signing_in_sends_the_browser_away_and_takes_it_back) {
  const auto away = press("/sign-in");
  EXPECT_EQ(away.status, 303u);
  EXPECT_THAT(std::string(*away.headers.find("Location")),
              ::testing::StartsWith("http://localhost:2003/authorize?"));
  ASSERT_EQ(away.cookies.size(), 1u);
  EXPECT_EQ(away.cookies[0].name, "claviger_demo");
  EXPECT_TRUE(away.cookies[0].http_only);
  EXPECT_THAT(page(), HasSubstr("Waiting for Claviger"));

  const auto back = come_back(state_at_server());
  EXPECT_EQ(back.status, 303u);
  EXPECT_EQ(back.location->text(), "/");
  const auto html = page();
  EXPECT_THAT(html, HasSubstr("You are signed in"));
  EXPECT_THAT(html, HasSubstr("Signature verified."));
  EXPECT_THAT(html, HasSubstr("10 min 0 s left"));
  EXPECT_THAT(html, HasSubstr("POST /token"));
  EXPECT_THAT(html, Not(HasSubstr("foreign")));
}

TEST_F(SiteTest, the_session_has_a_new_id_after_the_sign_in) {
  const auto state = state_at_server();
  const auto planted = jar;
  come_back(state);
  EXPECT_NE(jar, planted);
  EXPECT_EQ(sessions.find(planted), nullptr);
}

TEST_F(SiteTest, RFC9700_4_7_an_answer_counts_once_and_only_here) {
  // RFC9700-4.7
  const auto state = state_at_server();
  come_back("another-state");
  EXPECT_THAT(page(), HasSubstr("belongs to no request"));
  EXPECT_EQ(server.count("/token"), 0u);
  jar.clear();  // the link is opened in another browser
  come_back(state);
  EXPECT_THAT(page(), HasSubstr("belongs to no request"));
  EXPECT_EQ(server.count("/token"), 0u);
}

TEST_F(SiteTest, a_second_load_of_the_callback_does_nothing) {
  const auto state = state_at_server();
  come_back(state);
  come_back(state);
  EXPECT_EQ(server.count("/token"), 1u);
  EXPECT_THAT(page(), HasSubstr("belongs to no request"));
}

TEST_F(SiteTest, two_tabs_are_two_requests) {
  const auto first = state_at_server();
  const auto second = state_at_server();
  come_back(second);
  EXPECT_THAT(page(), HasSubstr("You are signed in"));
  come_back(first);
  EXPECT_THAT(page(), HasSubstr("You are signed in"));
}

TEST_F(SiteTest, registers_again_when_an_answer_never_came) {
  press("/sign-in");
  EXPECT_EQ(server.count("/register_client"), 1u);
  sign_in();
  EXPECT_EQ(server.count("/register_client"), 2u);
  come_back("unknown");
  press("/refresh");
  EXPECT_EQ(server.count("/register_client"), 2u);
}

TEST_F(SiteTest, saying_no_is_fine) {
  come_back(state_at_server(), "error=access_denied");
  const auto html = page();
  EXPECT_THAT(html, HasSubstr("You said no at Claviger, and that is fine."));
  EXPECT_THAT(html, HasSubstr("id=\"sign-in\""));
  EXPECT_EQ(server.count("/token"), 0u);
}

TEST_F(SiteTest, another_issuers_answer_is_refused) {
  const auto state = state_at_server();
  send(http::Method::get, "/callback?code=c&state=" + state + "&iss=http%3A%2F%2Fevil.example");
  EXPECT_EQ(server.count("/token"), 0u);
  EXPECT_THAT(page(), HasSubstr("does not name the issuer"));
}

TEST_F(SiteTest, other_sites_and_other_ports_press_no_button) {
  sign_in();
  for (const char* origin : {"http://evil.example", "http://localhost:2003", "null"}) {
    EXPECT_EQ(send(http::Method::post, "/sign-out", origin).status, 403u) << origin;
  }
  EXPECT_THAT(page(), HasSubstr("id=\"call-api\""));
}

TEST_F(SiteTest, shows_what_the_api_tells) {
  sign_in();
  EXPECT_THAT(press_and_look("/call-api"), HasSubstr("ada@example.test"));
}

TEST_F(SiteTest, refreshes_and_remembers_what_was_replaced) {
  sign_in();
  const auto html = press_and_look("/refresh");
  EXPECT_THAT(html, HasSubstr("Fresh tokens"));
  EXPECT_EQ(sessions.find(jar)->spent_refresh.size(), 1u);
}

TEST_F(SiteTest, offers_a_new_sign_in_when_the_grant_is_gone) {
  sign_in();
  server.answers["/token"] = server.refusal(400, "invalid_grant");
  const auto html = press_and_look("/refresh");
  EXPECT_THAT(html, HasSubstr("has revoked these tokens"));
  EXPECT_THAT(html, HasSubstr("id=\"sign-in\""));
}

TEST_F(SiteTest, signing_out_forgets_everything) {
  sign_in();
  const auto old = jar;
  const auto html = press_and_look("/sign-out");
  EXPECT_THAT(html, HasSubstr("Signed out here"));
  EXPECT_THAT(html, Not(HasSubstr("POST /token")));
  EXPECT_EQ(sessions.find(old), nullptr);
}

TEST_F(SiteTest, clears_the_messages_and_stays_signed_in) {
  sign_in();
  const auto html = press_and_look("/clear");
  EXPECT_THAT(html, Not(HasSubstr("POST /token")));
  EXPECT_THAT(html, HasSubstr("id=\"call-api\""));
}

TEST_F(SiteTest, a_silent_server_is_told_and_tried_again) {
  server.down = true;
  EXPECT_EQ(press("/sign-in").location->text(), "/");
  EXPECT_THAT(page(), HasSubstr("does not answer at http://localhost:2003"));
  server.down = false;
  EXPECT_TRUE(press("/sign-in").headers.find("Location").has_value());
}

TEST_F(SiteTest, OAUTH21_4_1_3_experiment_with_the_code) {
  // OAUTH21-4.1.3
  sign_in();
  server.answers["/token"] = server.refusal(400, "invalid_grant");
  const auto html = press_and_look("/break-code");
  EXPECT_EQ(server.last_form("/token").get("code"), "c0de");
  EXPECT_THAT(html, HasSubstr("invalid_grant"));
  EXPECT_THAT(html, HasSubstr("href=\"http://localhost:2003/explain?request_id=aBodyId\""));
}

TEST_F(SiteTest, RFC6749_2_3_1_experiment_with_the_secret) {
  // RFC6749-2.3.1
  server.answers["/token"] = server.refusal(401, "invalid_client");
  const auto html = press_and_look("/break-secret");  // works for a stranger too
  EXPECT_NE(server.last_form("/token").get("client_secret"), "demo-client-secret");
  EXPECT_THAT(html, HasSubstr("invalid_client"));
}

TEST_F(SiteTest, RFC9700_4_14_2_experiment_with_an_old_refresh_token) {
  // RFC9700-4.14.2: a token that is not the last but one, which might be a retry.
  sign_in();
  const auto first = sessions.find(jar)->tokens->refresh_token;
  press("/break-refresh");
  EXPECT_EQ(server.count("/token"), 4u);
  EXPECT_EQ(server.last_form("/token").get("refresh_token"), first);
  EXPECT_THAT(page(), HasSubstr("It worked, and it should not have"));
}

TEST_F(SiteTest, RFC6750_3_1_experiment_with_the_access_token) {
  // RFC6750-3.1
  sign_in();
  server.answers["/api"] = server.refusal(401, "invalid_token");
  EXPECT_THAT(press_and_look("/break-token"), HasSubstr("invalid_token"));
  const auto find = [&](std::string_view) { return nullptr; };
  const auto changed = tampered(server.access_token());
  EXPECT_FALSE(crypto::verify_jws(changed, "at+jwt", find).has_value());
  EXPECT_EQ(crypto::peek_jws(changed)->payload.at("sub"), "somebody-else");
}

TEST_F(SiteTest, experiment_with_the_redirect_uri) {
  const auto response = press("/break-redirect");
  EXPECT_THAT(std::string(*response.headers.find("Location")),
              HasSubstr("redirect_uri=http%3A%2F%2Flocalhost%3A3000%2Felsewhere"));
  EXPECT_THAT(page(), HasSubstr("Claviger kept the browser to itself"));
}

TEST_F(SiteTest, experiments_need_a_sign_in_where_they_need_tokens) {
  for (const char* path : {"/break-code", "/break-refresh", "/break-token"}) {
    EXPECT_THAT(press_and_look(path), HasSubstr("Sign in first")) << path;
  }
  EXPECT_EQ(server.count("/token"), 0u);
}

TEST_F(SiteTest, XS_01_what_a_server_sends_is_text_on_our_page) {
  sign_in();
  server.answers["/api"] =
      server.json(200, {{"data", {{"<script>alert(1)</script>", "<img src=x onerror=1>"}}}});
  const auto html = press_and_look("/call-api");
  EXPECT_THAT(html, Not(HasSubstr("<script")));
  EXPECT_THAT(html, Not(HasSubstr("<img src=x")));
  EXPECT_THAT(html, HasSubstr("&lt;script&gt;"));
}

TEST_F(SiteTest, no_secret_reaches_a_log_line) {
  sign_in();
  press("/refresh");
  const auto tokens = *sessions.find(jar)->tokens;
  for (const auto& entry : kept.entries()) {
    for (const auto& [name, value] : entry.fields) {
      EXPECT_THAT(value, Not(HasSubstr("c0de"))) << entry.event;
      EXPECT_THAT(value, Not(HasSubstr(tokens.access_token)));
      EXPECT_THAT(value, Not(HasSubstr(tokens.refresh_token)));
      EXPECT_THAT(value, Not(HasSubstr(jar)));
    }
  }
}

}  // namespace
}  // namespace claviger::demo
