// UserInfo (C11, OIDCC-5.3), and who may ask it.
#include "tests/server/relying_party.hpp"

namespace claviger::test {
namespace {

class UserInfo : public RelyingParty {
 protected:
  http::Response post_token(const Form& form) { return site.post("/userinfo", form); }
  static std::string challenge_of(const http::Response& response) {
    return std::string(response.headers.find("www-authenticate").value_or(""));
  }
};

// C11.1, RFC6750-2.1, RFC6750-2.2, OIDCC-5.3.1: GET and POST, header and body.
TEST_F(UserInfo, C11_1_answers_by_GET_and_POST_by_header_and_body) {
  const auto token = access("openid email");
  const auto by_get = userinfo(token);
  EXPECT_EQ(by_get.status, 200u);
  EXPECT_EQ(by_get.content_type, "application/json");
  EXPECT_EQ(by_get.headers.find("cache-control"), "no-store");
  EXPECT_EQ(by_get.body, R"({"sub":")" + person().sub +
                             R"(","email":"ada@example.test","email_verified":true})");
  EXPECT_EQ(with_token(Site::make_post("/userinfo", Form{}), token).body, by_get.body);
  EXPECT_EQ(post_token(form_of({{"access_token", token}})).body, by_get.body);
  auto bare_post = Site::make_post("/userinfo", Form{});
  bare_post.headers = {};
  EXPECT_EQ(with_token(bare_post, token).body, by_get.body);
}

// C11.4: the scheme has no case, and whatever Accept says there is an answer.
TEST_F(UserInfo, C11_4_tolerates_what_clients_send) {
  auto request = Site::make_get("/userinfo");
  request.headers.add("Authorization", "bearer " + access("openid"));
  request.headers.add("Accept", "text/html");
  request.headers.add("x-fapi-auth-date", "Tue, 11 Sep 2012 19:43:31 GMT");
  EXPECT_EQ(site.send(request).status, 200u);
}

// C11.2, C11.3: the person has every standard claim, each of the right type.
TEST_F(UserInfo, C11_3_tells_every_standard_claim) {
  const auto claims = json_of(userinfo(access("openid profile email address phone")));
  for (const char* name : {"name", "given_name", "family_name", "middle_name", "nickname",
                           "preferred_username", "profile", "picture", "website", "gender",
                           "birthdate", "zoneinfo", "locale", "email", "phone_number"}) {
    EXPECT_FALSE(json_text(claims, name).value_or("").empty()) << name;
  }
  EXPECT_EQ(json_seconds(claims, "updated_at"), to_seconds(site.clock.now()));
  EXPECT_TRUE(claims.at("email_verified").is_bool());
  EXPECT_TRUE(claims.at("phone_number_verified").is_bool());
  EXPECT_EQ(claims.at("address").as_object().at("locality"), "London");
}

TEST_F(UserInfo, the_scope_decides) {  // OIDCC-5.4
  EXPECT_EQ(names_of(json_of(userinfo(access("openid")))), std::vector<std::string>{"sub"});
}

// C5.14: by name, at UserInfo; not where the parameter named the ID token.
TEST_F(UserInfo, C5_14_tells_the_claims_that_were_asked_for_by_name) {
  const auto asked =
      with(request("openid"), "claims",
           R"({"userinfo":{"nickname":{"essential":true},"x":null},"id_token":{"email":null}})");
  const auto claims = json_of(userinfo(text_of(issue(asked), "access_token")));
  EXPECT_EQ(names_of(claims), (std::vector<std::string>{"sub", "nickname"}));
}

TEST_F(UserInfo, without_openid_it_is_forbidden) {  // RFC6750-3.1, OIDCC-5.3.1
  const auto refused = userinfo(access("email"));
  EXPECT_EQ(refused.status, 403u);
  EXPECT_EQ(text_of(refused, "error"), "insufficient_scope");
  EXPECT_NE(challenge_of(refused).find("scope=\"openid\""), std::string::npos);
}

// C11.1: signed, for this client alone, without nonce.
TEST_F(UserInfo, C11_1_is_signed_for_who_registered_that) {  // OIDCC-5.3.2
  for (const char* alg : {"RS256", "ES256"}) {
    change_client([&](Client& client) { client.metadata.userinfo.signed_alg = alg; });
    const auto response = userinfo(access("openid email"));
    EXPECT_EQ(response.content_type, "application/jwt");
    const auto jwt = verified(response.body);
    EXPECT_EQ(jwt.header.at("alg"), alg);
    EXPECT_EQ(json_text(jwt.payload, "iss"), kIssuer);
    EXPECT_EQ(jwt.payload.at("aud"), "demo-client");
    EXPECT_EQ(json_text(jwt.payload, "sub"), person().sub);
    EXPECT_EQ(jwt.payload.at("email"), "ada@example.test");
    EXPECT_FALSE(jwt.payload.contains("nonce"));
  }
}

// OIDCC-5.3.2: encrypted alone, or a nested JWT.
TEST_F(UserInfo, is_encrypted_for_who_registered_that) {
  publish_encryption_key();
  change_client(
      [](Client& client) { client.metadata.userinfo = {"", "ECDH-ES", "A128CBC-HS256"}; });
  const auto alone = userinfo(access("openid"));
  EXPECT_EQ(alone.content_type, "application/jwt");
  EXPECT_EQ(decrypted(alone.body, crypto::KeyAlg::ecdh_es, crypto::ContentEnc::a128cbc_hs256),
            R"({"sub":")" + person().sub + R"("})");
  change_client([](Client& client) { client.metadata.userinfo.signed_alg = "ES256"; });
  const auto nested = decrypted(userinfo(access("openid")).body, crypto::KeyAlg::ecdh_es,
                                crypto::ContentEnc::a128cbc_hs256);
  EXPECT_EQ(json_text(verified(nested).payload, "sub"), person().sub);
}

// JO-27: what we sign for one purpose is nothing else. Signed UserInfo is no ID token.
TEST_F(UserInfo, JO_27_a_signed_answer_is_no_hint) {
  change_client([](Client& client) { client.metadata.userinfo.signed_alg = "RS256"; });
  const auto jwt = userinfo(access("openid")).body;
  Browser browser(site);
  const auto asked = with(request("openid"), "id_token_hint", jwt);
  const auto answer = browser.get(authorize_url(with(asked, "prompt", "none")));
  EXPECT_NE(parameter(location_of(answer), "error"), "login_required");
  EXPECT_NE(parameter(location_of(answer), "error"), "");
}

// IN-09, C11.5, JO-27: other tokens than a live access token that is meant for us.
TEST_F(UserInfo, IN_09_other_tokens_are_refused) {
  const auto response = issue("openid");
  const auto for_files =
      text_of(issue(with(request("openid"), "resource", kFilesResource)), "access_token");
  struct Row {
    std::string id;
    std::string token;
  };
  const Row rows[] = {
      {"IN-09 an ID token", text_of(response, "id_token")},
      {"IN-09 a refresh token", text_of(response, "refresh_token")},
      {"IN-09 C11.6 another audience", for_files},
      {"garbage", "x"},
      {"an opaque one that nobody made", std::string(22, 'A') + "." + std::string(43, 'A')}};
  for (const auto& row : rows) {
    ASSERT_FALSE(row.token.empty()) << row.id;
    const auto refused = userinfo(row.token);
    EXPECT_EQ(refused.status, 401u) << row.id;
    EXPECT_NE(challenge_of(refused).find("error=\"invalid_token\""), std::string::npos) << row.id;
  }
  const auto token = text_of(response, "access_token");
  EXPECT_EQ(userinfo(token).status, 200u);
  site.clock.advance(std::chrono::minutes(10));
  EXPECT_EQ(userinfo(token).status, 401u);
}

// IN-09, RFC6750-2: never in the URL, never in two places.
TEST_F(UserInfo, IN_09_a_token_comes_in_one_way) {
  const auto token = access("openid");
  const auto in_query = site.get("/userinfo?access_token=" + token);
  EXPECT_EQ(in_query.status, 400u);
  EXPECT_EQ(text_of(in_query, "error"), "invalid_request");
  const auto twice =
      with_token(Site::make_post("/userinfo", form_of({{"access_token", token}})), token);
  EXPECT_EQ(twice.status, 400u);
  EXPECT_EQ(text_of(twice, "error"), "invalid_request");
  auto repeated = form_of({{"access_token", token}});
  repeated.add("access_token", token);
  EXPECT_EQ(post_token(repeated).status, 400u);
}

// RFC6750-3, RFC9728-5.1: without a token the challenge is bare, and says where to read on.
TEST_F(UserInfo, the_challenge_leads_to_the_metadata) {
  const auto bare = site.get("/userinfo");
  EXPECT_EQ(bare.status, 401u);
  EXPECT_EQ(challenge_of(bare),
            "Bearer realm=\"http://localhost:2003\", resource_metadata="
            "\"http://localhost:2003/.well-known/oauth-protected-resource\"");
}

// IN-11: nobody is told of who is gone, even while the token lives.
TEST_F(UserInfo, IN_11_a_person_who_is_gone_is_not_told_of) {
  const auto token = access("openid");
  ASSERT_TRUE(run_task(store().users.set_disabled(person().sub, true, site.clock.now())));
  const auto refused = userinfo(token);
  EXPECT_EQ(refused.status, 401u);
  EXPECT_EQ(text_of(refused, "error"), "invalid_token");
}

// Scripts of any origin may ask with a token; never with cookies.
TEST_F(UserInfo, any_origin_may_ask) {
  auto preflight = Site::make_get("/userinfo");
  preflight.method = http::Method::options;
  preflight.method_text = "OPTIONS";
  preflight.headers.add("Origin", "https://app.example.com");
  const auto allowed = site.send(preflight);
  EXPECT_EQ(allowed.status, 204u);
  EXPECT_NE(allowed.headers.find("access-control-allow-headers").value_or("").find("Authorization"),
            std::string_view::npos);
  const auto answer = userinfo(access("openid"));
  EXPECT_EQ(answer.headers.find("access-control-allow-origin"), "*");
  EXPECT_FALSE(answer.headers.find("access-control-allow-credentials"));
}

// Opaque tokens open the same doors.
TEST_F(UserInfo, takes_opaque_tokens_too) {
  change_client(
      [](Client& client) { client.metadata.access_token_format = AccessTokenFormat::opaque; });
  const auto response = issue("openid email");
  const auto token = text_of(response, "access_token");
  EXPECT_EQ(token.size(), 66u);
  EXPECT_EQ(text_of(userinfo(token), "email"), "ada@example.test");
  EXPECT_EQ(site.api(token).body, R"({"status":"SUCCESS","data":{"email":"ada@example.test"}})");
  auto forged = token;
  forged.back() = forged.back() == 'A' ? 'E' : 'A';
  EXPECT_EQ(userinfo(forged).status, 401u);
  site.reopen();
  EXPECT_EQ(userinfo(token).status, 200u);
  site.clock.advance(std::chrono::minutes(10));
  EXPECT_EQ(userinfo(token).status, 401u);
}

}  // namespace
}  // namespace claviger::test
