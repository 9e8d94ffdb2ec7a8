// Signing out: the rules without any I/O (C15, OIDCRL-2, OIDCRL-3, OIDCFC-2, OIDCBC-2.4, OIDCSM-3).
#include "base/base64url.hpp"
#include "protocol/logout/front_channel.hpp"
#include "protocol/logout/logout_token.hpp"
#include "protocol/logout/origin.hpp"
#include "protocol/logout/request.hpp"
#include "protocol/logout/session_state.hpp"
#include "tests/unit/protocol/baseline.hpp"

namespace claviger::protocol::test {
namespace {

constexpr std::string_view kHome = "https://app.example.com/bye?tenant=1";

Client shop() {
  Client client;
  client.client_id = "shop";
  client.post_logout_redirect_uris = {std::string(kHome), "https://app.example.com/other"};
  client.metadata.frontchannel_logout.uri = "https://app.example.com/front";
  return client;
}
IdTokenHint hint() { return {"ada-at-shop", "shop", "sid-1"}; }
SeenSession session() { return {"ada-at-shop", "sid-1"}; }

LogoutParameters asked() {
  LogoutParameters parameters;
  parameters.id_token_hint = "a token";
  parameters.post_logout_redirect_uri = kHome;
  parameters.state = "xyz";
  return parameters;
}

std::string_view judged(const LogoutParameters& parameters, const std::optional<IdTokenHint>& from,
                        const std::optional<Client>& client) {
  const auto result = judge_logout_request(parameters, from, client ? &*client : nullptr);
  return result ? "ok" : result.error().reason->id;
}

// C15.1, OIDCRL-2
TEST(LogoutRequest, C15_1_a_valid_one_is_kept_as_it_came) {
  const auto result = judge_logout_request(asked(), hint(), shared(shop()).get());
  ASSERT_TRUE(result);
  EXPECT_EQ(result->client_id, "shop");
  EXPECT_EQ(result->post_logout_redirect_uri, kHome);
  EXPECT_EQ(result->state, "xyz");
  EXPECT_EQ(result->hint, (HintedSession{"ada-at-shop", "sid-1"}));
}

// C15.2, OX-01, OIDCRL-3: byte for byte.
TEST(LogoutRequest, C15_2_OX_01_only_a_registered_uri_is_matched) {
  for (const std::string& uri :
       {std::string(kHome) + "&x=1", std::string("https://app.example.com/bye"),
        std::string("https://app.example.com/bye?tenant=1/"), std::string("https://evil.example/"),
        std::string("HTTPS://app.example.com/bye?tenant=1"), std::string("javascript:alert(1)")}) {
    auto parameters = asked();
    parameters.post_logout_redirect_uri = uri;
    EXPECT_EQ(judged(parameters, hint(), shop()), "logout.uri_mismatch") << uri;
  }
  auto none = shop();
  none.post_logout_redirect_uris.clear();
  EXPECT_EQ(judged(asked(), hint(), none), "logout.uri_mismatch");
}

// OX-03: nobody proved whose URI it is, so it leads nowhere, and neither does its state.
TEST(LogoutRequest, OX_03_a_uri_without_a_client_is_forgotten) {
  auto parameters = asked();
  parameters.id_token_hint.clear();
  const auto result = judge_logout_request(parameters, std::nullopt, nullptr);
  ASSERT_TRUE(result);
  EXPECT_EQ(result->post_logout_redirect_uri, "");
  EXPECT_EQ(result->state, std::nullopt);
}

TEST(LogoutRequest, OX_03_the_client_must_exist_and_be_the_one_of_the_hint) {
  EXPECT_EQ(judged(asked(), hint(), std::nullopt), "logout.client_unknown");
  auto disabled = shop();
  disabled.disabled = true;
  EXPECT_EQ(judged(asked(), hint(), disabled), "logout.client_unknown");
  auto parameters = asked();
  parameters.client_id = "bank";
  const auto named = name_logout_client(parameters, hint());
  ASSERT_FALSE(named);
  EXPECT_EQ(named.error().reason->id, "logout.client_mismatch");
  parameters.client_id = "shop";
  EXPECT_EQ(name_logout_client(parameters, hint()).value(), "shop");
  EXPECT_EQ(name_logout_client(parameters, std::nullopt).value(), "shop");
  EXPECT_EQ(name_logout_client(LogoutParameters(), std::nullopt).value(), std::nullopt);
  parameters.client_id = std::string(257, 'x');
  EXPECT_FALSE(name_logout_client(parameters, std::nullopt));
}

TEST(LogoutRequest, C15_1_a_form_is_read_once) {
  Form form;
  form.add("state", "a");
  form.add("logout_hint", "ada");
  EXPECT_EQ(parse_logout_request(form)->state, "a");
  form.add("state", "b");
  EXPECT_EQ(parse_logout_request(form).error().reason->id, "logout.parameter_repeated");
  Form line_break;
  line_break.add("state", "a\nb");
  EXPECT_EQ(parse_logout_request(line_break).error().reason->id, "logout.state_malformed");
  EXPECT_TRUE(parse_logout_request(Form())->empty());
}

// SE-08: a page of somebody else signs nobody out.
TEST(LogoutDecision, SE_08_a_person_is_asked_unless_the_hint_tells_of_this_very_session) {
  LogoutRequest request = judge_logout_request(asked(), hint(), shared(shop()).get()).value();
  EXPECT_EQ(decide_logout(request, session()), LogoutStep::end_session);
  EXPECT_EQ(decide_logout(request, std::nullopt), LogoutStep::go_on);  // C15.8
  EXPECT_EQ(decide_logout(request, SeenSession{"bob-at-shop", "sid-2"}), LogoutStep::ask_person);
  EXPECT_EQ(decide_logout(request, SeenSession{"ada-at-shop", "sid-2"}), LogoutStep::ask_person);
  request.hint->sid.reset();
  EXPECT_EQ(decide_logout(request, session()), LogoutStep::end_session);
  request.hint.reset();
  EXPECT_EQ(decide_logout(request, session()), LogoutStep::ask_person);
  EXPECT_EQ(decide_logout(LogoutRequest(), session()), LogoutStep::ask_person);
}

TEST(LogoutDecision, OX_03_without_a_hint_only_a_person_sends_the_browser_on) {
  LogoutRequest request = judge_logout_request(asked(), hint(), shared(shop()).get()).value();
  EXPECT_EQ(find_logout_target(request, shared(shop()).get(), false)->uri(), kHome);
  EXPECT_EQ(logout_parameters(request), (Parameters{{"state", "xyz"}}));
  request.hint.reset();
  EXPECT_FALSE(find_logout_target(request, shared(shop()).get(), false));
  EXPECT_TRUE(find_logout_target(request, shared(shop()).get(), true));
  // What was registered then may be gone by now.
  auto changed = shop();
  changed.post_logout_redirect_uris = {"https://app.example.com/other"};
  EXPECT_FALSE(find_logout_target(request, &changed, true));
  EXPECT_FALSE(find_logout_target(request, nullptr, true));
  request.state.reset();
  EXPECT_TRUE(logout_parameters(request).empty());
}

TEST(Origin, C15_7_as_browsers_write_it) {
  EXPECT_EQ(origin_of("https://App.Example.com/cb?x=1"), "https://app.example.com");
  EXPECT_EQ(origin_of("https://app.example.com:443/"), "https://app.example.com");
  EXPECT_EQ(origin_of("http://localhost:3000/cb"), "http://localhost:3000");
  EXPECT_EQ(origin_of("https://app.example.com:8443"), "https://app.example.com:8443");
  EXPECT_EQ(origin_of("http://[0:0::1]:9/"), "http://[::1]:9");
  for (const char* none : {"com.example.app:/cb", "javascript:alert(1)", "", "/path", "https:///x",
                           "https://a;b/", "https://a,b/", "https://a%20b/"}) {
    EXPECT_EQ(origin_of(none), std::nullopt) << none;
  }
}

// OIDCFC-2: iss and sid, and nothing else, behind the query that was registered.
TEST(FrontChannel, C15_5_a_frame_gets_iss_and_sid) {
  auto client = shop();
  const auto frame = front_channel_frame(client, "s/1", policy());
  ASSERT_TRUE(frame);
  EXPECT_EQ(frame->url,
            "https://app.example.com/front?iss=http%3A%2F%2Flocalhost%3A2003&sid=s%2F1");
  EXPECT_EQ(frame->origin, "https://app.example.com");
  client.metadata.frontchannel_logout.uri = "https://app.example.com/front?a=b";
  EXPECT_EQ(front_channel_frame(client, "1", policy())->url,
            "https://app.example.com/front?a=b&iss=http%3A%2F%2Flocalhost%3A2003&sid=1");
}

TEST(FrontChannel, OX_07_only_https_or_this_machine_of_an_issuer_that_is_there) {  // OX-07
  auto client = shop();
  auto here = policy();
  here.loopback_issuer = true;
  for (const char* uri : {"http://app.example.com/f", "javascript:alert(1)", "data:text/html,x", "",
                          "https://app.example.com/f#x"}) {
    client.metadata.frontchannel_logout.uri = uri;
    EXPECT_FALSE(front_channel_frame(client, "1", here)) << uri;
  }
  client.metadata.frontchannel_logout.uri = "http://localhost:3000/f";
  EXPECT_TRUE(front_channel_frame(client, "1", here));
  EXPECT_FALSE(front_channel_frame(client, "1", policy()));
}

// C15.6, OIDCBC-2.4
TEST(LogoutToken, C15_6_exactly_these_claims) {
  const auto claims = logout_token_claims({"shop", "ada-at-shop", "sid-1", "j-1"}, policy(), kNow);
  EXPECT_EQ(boost::json::serialize(claims),
            R"({"iss":"http://localhost:2003","aud":"shop","iat":1800000000,"exp":1800000120,)"
            R"("jti":"j-1","events":{"http://schemas.openid.net/event/backchannel-logout":{}},)"
            R"("sub":"ada-at-shop","sid":"sid-1"})");
}

// OIDCBC-2.5, OIDCBC-2.8, OX-08
TEST(LogoutToken, OX_08_attempts_are_few_and_far_between) {
  seconds before{0};
  int attempts = 1;
  for (; wait_after_attempt(attempts); ++attempts) {
    EXPECT_GT(*wait_after_attempt(attempts), before);
    before = *wait_after_attempt(attempts);
  }
  EXPECT_EQ(attempts, 6);
  EXPECT_EQ(before, seconds(3600));
  EXPECT_TRUE(is_taken(200) && is_taken(204));
  EXPECT_FALSE(is_taken(201) || is_taken(302) || is_taken(400) || is_taken(500) || is_taken(0));
}

// C15.7, OIDCSM-3: computed by hand with sha256sum.
TEST(SessionState, C15_7_is_the_hash_over_the_four_parts_and_the_salt) {
  const auto made = make_session_state("shop", "https://app.example.com:443/cb", "op", "salt");
  ASSERT_TRUE(made);
  const auto hash = crypto::sha256("shop https://app.example.com op salt");
  EXPECT_EQ(*made, base64url_encode(hash) + ".salt");
  EXPECT_EQ(*made, "Ix3V8c6hkodFnDAr_fG3V2XrtccRsunDaD-PQ74zwXs.salt");
  EXPECT_FALSE(make_session_state("shop", "com.example.app:/cb", "op", "salt"));
  EXPECT_FALSE(make_session_state("a b", "https://app.example.com/cb", "op", "salt"));
}

}  // namespace
}  // namespace claviger::protocol::test
