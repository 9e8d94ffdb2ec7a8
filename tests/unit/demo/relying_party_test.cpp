// The client's side of RFC6749-4.1 and OAUTH21-4.1: what it sends, and every answer that it must
// not believe.
#include "demo/client/relying_party.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "crypto/digest.hpp"
#include "fake_server.hpp"
#include "tests/support/fixed_clock.hpp"
#include "tests/support/run_task.hpp"
#include "tests/support/scripted_random.hpp"

namespace claviger::demo {
namespace {

using claviger::test::run_task;
using ::testing::HasSubstr;

class RelyingPartyTest : public ::testing::Test {
 protected:
  Outcome<bool> prepare() { return run_task(client.prepare(log)); }
  Outcome<Tokens> redeem() { return run_task(client.redeem(log, {"the-code", "the-verifier"})); }
  void expect_no_tokens(std::string_view remark) {
    const auto tokens = redeem();
    ASSERT_FALSE(tokens.has_value());
    EXPECT_THAT(tokens.error().title, HasSubstr(std::string(remark)));
  }
  Outcome<std::string> read(std::string_view query) {
    return client.read_response(*Form::parse(query));
  }

  claviger::test::FixedClock clock;
  claviger::test::ScriptedRandom random;
  test::FakeServer server{clock};
  FlowLog log{clock};
  RelyingParty client{Settings{}, server.fetch(), clock, random};
};

TEST_F(RelyingPartyTest, registers_as_the_walk_through_does_with_empty_bodies) {
  ASSERT_TRUE(prepare().has_value());
  for (const char* path : {"/register_client", "/register_user"}) {
    EXPECT_EQ(server.last(path).method, "POST");
    EXPECT_EQ(server.last(path).body, "");
    EXPECT_TRUE(server.last(path).headers.empty());
  }
}

TEST_F(RelyingPartyTest, goes_on_where_registration_is_closed) {
  server.answers["/register_client"] = server.refusal(403, "registration_closed");
  server.answers["/register_user"] = server.refusal(403, "registration_closed");
  EXPECT_TRUE(prepare().has_value());
}

TEST_F(RelyingPartyTest, may_start_before_the_server) {
  server.down = true;
  EXPECT_FALSE(prepare().has_value());
  server.down = false;
  EXPECT_TRUE(prepare().has_value());
}

TEST_F(RelyingPartyTest, RFC8414_3_3_refuses_metadata_of_another_issuer) {
  // RFC8414-3.3
  server.metadata["issuer"] = "http://localhost:2003/";
  EXPECT_FALSE(prepare().has_value());
}

TEST_F(RelyingPartyTest, refuses_metadata_without_its_endpoints) {
  for (const char* name : {"authorization_endpoint", "token_endpoint", "jwks_uri"}) {
    auto saved = server.metadata;
    server.metadata[name] = "javascript:alert(1)";
    EXPECT_FALSE(prepare().has_value()) << name;
    server.metadata.erase(name);
    EXPECT_FALSE(prepare().has_value()) << name;
    server.metadata = std::move(saved);
  }
}

TEST_F(RelyingPartyTest, RFC7636_4_2_sends_the_challenge_of_its_verifier) {
  // RFC7636-4.2
  ASSERT_TRUE(prepare().has_value());
  const auto request = client.begin();
  const auto query = *Form::parse(request.url.substr(request.url.find('?') + 1));
  EXPECT_TRUE(request.url.starts_with("http://localhost:2003/authorize?"));
  EXPECT_EQ(query.get("response_type"), "code");
  EXPECT_EQ(query.get("client_id"), "demo-client");
  EXPECT_EQ(query.get("redirect_uri"), "http://localhost:3000/callback");
  EXPECT_EQ(query.get("state"), request.state);
  EXPECT_EQ(query.get("code_challenge_method"), "S256");
  EXPECT_EQ(query.get("code_challenge"), base64url_encode(crypto::sha256(request.code_verifier)));
  EXPECT_EQ(request.state.size(), 43u);
  EXPECT_EQ(request.code_verifier.size(), 43u);
  EXPECT_NE(request.state, request.code_verifier);
  EXPECT_NE(client.begin().state, request.state);
}

TEST_F(RelyingPartyTest, keeps_the_query_of_an_authorization_endpoint) {
  server.metadata["authorization_endpoint"] = "http://localhost:2003/authorize?tenant=a";
  ASSERT_TRUE(prepare().has_value());
  EXPECT_THAT(client.begin().url, HasSubstr("/authorize?tenant=a&response_type=code&"));
}

TEST_F(RelyingPartyTest, RFC9207_2_4_compares_the_issuer_of_the_answer) {
  // RFC9207-2.4
  ASSERT_TRUE(prepare().has_value());
  EXPECT_EQ(read("code=c&iss=http%3A%2F%2Flocalhost%3A2003").value(), "c");
  EXPECT_FALSE(read("code=c&iss=http%3A%2F%2Fevil.example").has_value());
  EXPECT_FALSE(read("code=c").has_value());
  EXPECT_NE(read("error=access_denied&iss=http%3A%2F%2Fevil.example").error().error,
            "access_denied");
}

TEST_F(RelyingPartyTest, RFC9207_2_4_does_not_miss_the_issuer_where_none_is_promised) {
  server.metadata.erase("authorization_response_iss_parameter_supported");
  ASSERT_TRUE(prepare().has_value());
  EXPECT_TRUE(read("code=c").has_value());
  EXPECT_FALSE(read("code=c&iss=http%3A%2F%2Fevil.example").has_value());
}

TEST_F(RelyingPartyTest, refuses_a_callback_that_repeats_itself_or_says_nothing) {
  ASSERT_TRUE(prepare().has_value());
  const std::string iss = "iss=http%3A%2F%2Flocalhost%3A2003";
  EXPECT_FALSE(read(iss + "&code=a&code=b").has_value());
  EXPECT_FALSE(read(iss).has_value());
  EXPECT_EQ(read(iss + "&error=access_denied").error().error, "access_denied");
}

TEST_F(RelyingPartyTest, RFC6749_4_1_3_redeems_with_the_requests_of_the_walk_through) {
  ASSERT_TRUE(prepare().has_value());
  const auto tokens = redeem();
  ASSERT_TRUE(tokens.has_value()) << tokens.error().title;
  const auto form = server.last_form("/token");
  EXPECT_EQ(form.get("grant_type"), "authorization_code");
  EXPECT_EQ(form.get("code"), "the-code");
  EXPECT_EQ(form.get("code_verifier"), "the-verifier");
  EXPECT_EQ(form.get("redirect_uri"), "http://localhost:3000/callback");
  EXPECT_EQ(form.get("client_id"), "demo-client");
  EXPECT_EQ(form.get("client_secret"), "demo-client-secret");
  EXPECT_EQ(tokens->expires, clock.now() + std::chrono::seconds(600));
}

TEST_F(RelyingPartyTest, reports_a_refusal_with_the_servers_request_id) {
  ASSERT_TRUE(prepare().has_value());
  server.answers["/token"] = server.refusal(400, "invalid_grant");
  const auto tokens = redeem();
  ASSERT_FALSE(tokens.has_value());
  EXPECT_EQ(tokens.error().error, "invalid_grant");
  EXPECT_EQ(tokens.error().request_id, "aBodyId");
  EXPECT_EQ(tokens.error().status, 400);
}

TEST_F(RelyingPartyTest, takes_the_request_id_of_the_header_when_the_body_has_none) {
  ASSERT_TRUE(prepare().has_value());
  server.answers["/token"] = server.json(400, {{"error", "invalid_grant"}});
  EXPECT_EQ(redeem().error().request_id, "aHeaderId");
}

TEST_F(RelyingPartyTest, RFC6749_7_1_refuses_a_token_type_it_does_not_know) {
  // RFC6749-5.1, RFC6749-7.1
  ASSERT_TRUE(prepare().has_value());
  auto tokens = server.tokens();
  tokens["token_type"] = "mac";
  server.answers["/token"] = server.json(200, tokens);
  expect_no_tokens("type Bearer");
  tokens.erase("token_type");
  server.answers["/token"] = server.json(200, tokens);
  expect_no_tokens("type Bearer");
  tokens["token_type"] = "bearer";
  server.answers["/token"] = server.json(200, tokens);
  EXPECT_TRUE(redeem().has_value());
}

TEST_F(RelyingPartyTest, RFC9068_4_refuses_an_access_token_of_another_key) {
  // RFC9068-4
  ASSERT_TRUE(prepare().has_value());
  auto tokens = server.tokens();
  const auto stranger = crypto::PrivateKey::generate(crypto::Alg::ES256);
  tokens["access_token"] = crypto::sign_jws(stranger, "at+jwt", server.claims);
  server.answers["/token"] = server.json(200, tokens);
  expect_no_tokens("its signature");
}

TEST_F(RelyingPartyTest, RFC9068_4_refuses_an_access_token_for_others_or_of_yesterday) {
  ASSERT_TRUE(prepare().has_value());
  const auto good = server.claims;
  server.claims["iss"] = "http://evil.example";
  expect_no_tokens("another issuer");
  server.claims = good;
  server.claims["client_id"] = "another-client";
  expect_no_tokens("another client");
  server.claims = good;
  server.claims["exp"] = to_seconds(clock.now());
  expect_no_tokens("expired");
  server.claims["exp"] = std::int64_t{1} << 52;
  expect_no_tokens("expired");
  server.claims.erase("exp");
  expect_no_tokens("expired");
  server.claims = good;
  EXPECT_TRUE(redeem().has_value());
}

TEST_F(RelyingPartyTest, refuses_an_access_token_of_another_type) {
  ASSERT_TRUE(prepare().has_value());
  auto tokens = server.tokens();
  tokens["access_token"] = crypto::sign_jws(server.key, "jwt", server.claims);
  server.answers["/token"] = server.json(200, tokens);
  expect_no_tokens("its signature");
}

TEST_F(RelyingPartyTest, fetches_the_keys_once_and_again_when_they_change) {
  ASSERT_TRUE(prepare().has_value());
  ASSERT_TRUE(redeem().has_value());
  ASSERT_TRUE(redeem().has_value());
  EXPECT_EQ(server.count("/jwks"), 1u);
  server.key = crypto::PrivateKey::generate(crypto::Alg::ES256);
  ASSERT_TRUE(redeem().has_value());
  EXPECT_EQ(server.count("/jwks"), 2u);
}

TEST_F(RelyingPartyTest, RFC7517_5_ignores_keys_that_it_cannot_use) {
  // RFC7517-5
  ASSERT_TRUE(prepare().has_value());
  const boost::json::object strange{{"kty", "XYZ"}, {"kid", "x"}};
  server.answers["/jwks"] =
      server.json(200, {{"keys", {strange, "no object", server.key.public_key().jwk()}}});
  EXPECT_TRUE(redeem().has_value());
}

TEST_F(RelyingPartyTest, RFC6749_6_keeps_the_refresh_token_when_none_comes) {
  // RFC6749-6
  ASSERT_TRUE(prepare().has_value());
  auto tokens = server.tokens();
  tokens.erase("refresh_token");
  server.answers["/token"] = server.json(200, tokens);
  const auto fresh = run_task(client.refresh(log, "the-old-one"));
  ASSERT_TRUE(fresh.has_value());
  EXPECT_EQ(fresh->refresh_token, "the-old-one");
  EXPECT_EQ(server.last_form("/token").get("grant_type"), "refresh_token");
}

TEST_F(RelyingPartyTest, calls_the_api_with_the_token_in_the_header) {
  ASSERT_TRUE(prepare().has_value());
  const auto data = run_task(client.call_api(log, "the-token"));
  ASSERT_TRUE(data.has_value());
  EXPECT_EQ(data->at("email"), "ada@example.test");
  const auto& request = server.last("/api");
  EXPECT_EQ(request.method, "POST");
  EXPECT_THAT(request.headers,
              ::testing::Contains(::testing::Pair("Authorization", "Bearer the-token")));
}

TEST_F(RelyingPartyTest, refuses_an_api_answer_without_data) {
  ASSERT_TRUE(prepare().has_value());
  server.answers["/api"] = server.json(200, {{"status", "SUCCESS"}});
  EXPECT_FALSE(run_task(client.call_api(log, "the-token")).has_value());
  server.answers["/api"] = {200, {{"content-type", "text/html"}}, "<p>hello"};
  EXPECT_FALSE(run_task(client.call_api(log, "the-token")).has_value());
}

}  // namespace
}  // namespace claviger::demo
