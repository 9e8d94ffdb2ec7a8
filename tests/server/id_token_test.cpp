// ID tokens as clients get them (C4), and what else the token endpoint gives (C8).
#include <cmath>

#include "tests/server/relying_party.hpp"

namespace claviger::test {
namespace {

class IdTokens : public RelyingParty {};

TEST_F(IdTokens, C4_1_and_C4_3_say_what_they_must_and_nothing_else) {  // C4.1, C4.3, OIDCC-3.1.3.3
  const auto response = issue(with(request("openid email profile"), "nonce", "n-1"));
  const auto token = id_token(response);
  EXPECT_EQ(names_of(token),
            (std::vector<std::string>{"iss", "sub", "aud", "exp", "iat", "auth_time", "nonce",
                                      "acr", "amr", "sid", "at_hash"}));
  EXPECT_EQ(json_text(token, "iss"), kIssuer);
  EXPECT_EQ(token.at("aud"), "demo-client");
  EXPECT_EQ(json_text(token, "sub"), person().sub);
  EXPECT_EQ(token.at("nonce"), "n-1");
  EXPECT_EQ(token.at("acr"), "urn:claviger:acr:1");
  EXPECT_EQ(json_seconds(token, "auth_time"), to_seconds(site.clock.now()));
  EXPECT_EQ(json_text(token, "at_hash"),
            crypto::half_hash(crypto::Alg::RS256, text_of(response, "access_token")));
}

TEST_F(IdTokens, C4_1_no_nonce_is_invented) {  // C4.1, C5.6
  EXPECT_FALSE(id_token(issue("openid")).contains("nonce"));
}

TEST_F(IdTokens, without_openid_there_is_none) {  // OIDCC-3.1.2.1
  EXPECT_FALSE(json_of(issue("email")).contains("id_token"));
}

// C8.1: the members, in the order that the first callers know.
TEST_F(IdTokens, C8_1_the_answer_of_the_token_endpoint) {
  const auto response = issue("openid");
  EXPECT_EQ(names_of(json_of(response)),
            (std::vector<std::string>{"status", "access_token", "refresh_token", "token_type",
                                      "expires_in", "scope", "id_token"}));
  EXPECT_EQ(response.headers.find("cache-control"), "no-store");
  EXPECT_EQ(response.content_type, "application/json");
}

// C2.4, C4.1, OIDCC-3.1.3.7: RS256 unless registered otherwise, always with the kid.
TEST_F(IdTokens, C4_1_are_signed_as_registered) {
  const auto plain = text_of(issue("openid"), "id_token");
  EXPECT_EQ(verified(plain).header.at("alg"), "RS256");
  for (const char* alg : {"ES256", "EdDSA"}) {
    change_client([&](Client& client) { client.metadata.id_token.signed_alg = alg; });
    const auto response = issue("openid");
    const auto token = verified(text_of(response, "id_token"));
    EXPECT_EQ(token.header.at("alg"), alg);
    EXPECT_TRUE(token.header.contains("kid"));
    // C4.2: the hash follows the algorithm.
    EXPECT_EQ(json_text(token.payload, "at_hash"),
              crypto::half_hash(*crypto::parse_alg(alg), text_of(response, "access_token")));
  }
}

TEST_F(IdTokens, C4_2_are_encrypted_for_who_registered_that) {  // C4.2, OIDCC-10.2
  publish_encryption_key();
  change_client(
      [](Client& client) { client.metadata.id_token = {"ES256", "ECDH-ES+A256KW", "A256GCM"}; });
  const auto message = text_of(issue("openid"), "id_token");
  EXPECT_EQ(std::ranges::count(message, '.'), 4);
  const auto inner =
      decrypted(message, crypto::KeyAlg::ecdh_es_a256kw, crypto::ContentEnc::a256gcm);
  EXPECT_EQ(json_text(verified(inner).payload, "sub"), person().sub);
}

// OIDCC-10.2: rather nothing than unencrypted.
TEST_F(IdTokens, without_a_key_that_fits_nothing_leaves_the_house) {
  publish_encryption_key();
  change_client(
      [](Client& client) { client.metadata.id_token = {"RS256", "RSA-OAEP-256", "A256GCM"}; });
  const auto response = issue("openid");
  EXPECT_EQ(response.status, 400u);
  EXPECT_EQ(reason_of(response), "id_token.no_recipient");
  EXPECT_FALSE(json_of(response).contains("access_token"));
}

// C5.14: by name, into the ID token.
TEST_F(IdTokens, C5_14_hold_the_claims_that_were_asked_for_by_name) {
  const auto asked = with(request("openid"), "claims",
                          R"({"id_token":{"given_name":{"essential":true},"email":null,)"
                          R"("auth_time":{"essential":true},"unheard_of":null}})");
  const auto token = id_token(issue(asked));
  EXPECT_EQ(token.at("given_name"), "Ada");
  EXPECT_EQ(token.at("email"), "ada@example.test");
  EXPECT_FALSE(token.contains("unheard_of"));
  EXPECT_FALSE(token.contains("nickname"));
}

// C4.6, OIDCC-12.2
TEST_F(IdTokens, C4_6_of_a_refresh_are_those_of_the_sign_in) {
  const auto first = issue(with(request("openid"), "nonce", "n-1"));
  const auto before = id_token(first);
  site.clock.advance(std::chrono::seconds(90));
  const auto second = site.post("/token", refresh_form(text_of(first, "refresh_token")));
  const auto after = id_token(second);
  for (const char* same : {"iss", "sub", "aud", "auth_time", "acr", "amr", "sid"}) {
    EXPECT_EQ(after.at(same), before.at(same)) << same;
  }
  EXPECT_EQ(*json_seconds(after, "iat"), *json_seconds(before, "iat") + 90);
  EXPECT_FALSE(after.contains("nonce"));
  EXPECT_FALSE(after.contains("azp"));
  EXPECT_EQ(json_text(after, "at_hash"),
            crypto::half_hash(crypto::Alg::RS256, text_of(second, "access_token")));
}

// C4.5, OIDCC-8.1: one name for the person, everywhere that this client looks.
TEST_F(IdTokens, C4_5_and_C11_6_the_subject_is_the_same_everywhere) {
  for (const auto type : {SubjectType::public_, SubjectType::pairwise}) {
    change_client([&](Client& client) {
      client.metadata.subject_type = type;
      client.metadata.sector = "app.example.com";
    });
    const auto response = issue("openid");
    const auto token = text_of(response, "access_token");
    const auto sub = std::string(json_text(id_token(response), "sub").value_or(""));
    EXPECT_EQ(sub == person().sub, type == SubjectType::public_);
    EXPECT_EQ(text_of(userinfo(token), "sub"), sub);
    EXPECT_EQ(json_text(crypto::peek_jws(token)->payload, "sub"), sub);
    EXPECT_EQ(text_of(introspect(about(token)), "sub"), sub);
    const auto again = site.post("/token", refresh_form(text_of(response, "refresh_token")));
    EXPECT_EQ(json_text(id_token(again), "sub"), sub);
  }
}

// C15.9: the name of the session stays through another sign-in of the same person, and is another
// one in another browser.
TEST_F(IdTokens, C15_9_the_sid_names_the_session) {
  const auto sid = [&](const std::string& url) {
    const auto token = id_token(site.post("/token", code_form(parameter(url, "code"))));
    return std::string(json_text(token, "sid").value_or(""));
  };
  Browser browser(site);
  const auto first = sid(sign_in(browser, request("openid")));
  EXPECT_FALSE(first.empty());
  const auto page = browser.get(authorize_url(with(request("openid"), "prompt", "login")));
  site.clock.advance(std::chrono::seconds(5));
  const auto login = login_form(parameter(location_of(page), "txn"));
  const auto back = browser.get(location_of(browser.post("/login", login)));
  EXPECT_EQ(sid(location_of(back)), first);
  Browser other(site);
  EXPECT_NE(sid(sign_in(other, request("openid"))), first);
}

// C8.11: with a refresh token or not, and what it survives.
TEST_F(IdTokens, C8_11_a_refresh_token_for_openid_ends_with_the_session) {
  const auto refreshes_after_logout = [&](const Form& asked) {
    Browser browser(site);
    const auto code = parameter(sign_in(browser, asked), "code");
    const auto refresh = tokens_of(site.post("/token", code_form(code))).refresh;
    EXPECT_FALSE(refresh.empty());
    const auto& name = site.node().deps().cookies.session;
    const auto session = run_task(
        store().sessions.find_live(crypto::sha256(browser.cookies.at(name)), site.clock.now()));
    EXPECT_TRUE(run_task(store().sessions.end(session->id, site.clock.now())));
    return site.post("/token", refresh_form(refresh)).status == 200u;
  };
  EXPECT_TRUE(refreshes_after_logout(request("email")));
  EXPECT_FALSE(refreshes_after_logout(request("openid email")));
  EXPECT_TRUE(refreshes_after_logout(with(request("openid offline_access"), "prompt", "consent")));
}

TEST_F(IdTokens, C8_11_none_for_who_may_not_use_it) {  // C8.10, C8.11
  change_client([](Client& client) { client.grant_types = {GrantType::authorization_code}; });
  EXPECT_FALSE(json_of(issue("openid")).contains("refresh_token"));
}

// C8.6: what came of a code that is used again is refused here at once.
TEST_F(IdTokens, C8_6_a_code_used_twice_ends_what_it_led_to) {
  Browser browser(site);
  const auto code = parameter(sign_in(browser, request("openid")), "code");
  const auto token = text_of(site.post("/token", code_form(code)), "access_token");
  ASSERT_EQ(userinfo(token).status, 200u);
  site.clock.advance(std::chrono::seconds(1));
  const auto again = site.post("/token", code_form(code));
  EXPECT_EQ(again.status, 400u);
  EXPECT_EQ(text_of(again, "error"), "invalid_grant");
  EXPECT_EQ(userinfo(token).status, 401u);
  EXPECT_FALSE(is_active(token));
}

// C8.7, C8.8: PKCE and ownership are invalid_grant.
TEST_F(IdTokens, C8_7_and_C8_8_a_wrong_verifier_client_or_time_is_invalid_grant) {
  add_client("other");
  Browser browser(site);
  const auto asked =
      with(with(request("openid"), "code_challenge", kChallenge), "code_challenge_method", "S256");
  const auto refused = [&](const Form& form) {
    const auto response = site.post("/token", form);
    EXPECT_EQ(response.status, 400u);
    return text_of(response, "error");
  };
  const auto form = code_form(parameter(sign_in(browser, asked), "code"));
  EXPECT_EQ(refused(form), "invalid_grant");
  EXPECT_EQ(refused(with(form, "code_verifier", std::string(43, 'x'))), "invalid_grant");
  const auto foreign = with(with(form, "client_id", "other"), "client_secret", kSecretOfOthers);
  EXPECT_EQ(refused(with(foreign, "code_verifier", kVerifier)), "invalid_grant");
  const auto late = code_form(parameter(sign_in(browser, asked), "code"));
  site.clock.advance(std::chrono::seconds(62));
  EXPECT_EQ(refused(with(late, "code_verifier", kVerifier)), "invalid_grant");
}

// C8.9, RT-04: a refresh takes a part of the scope, and only from the client it belongs to.
TEST_F(IdTokens, C8_9_a_refresh_belongs_to_its_client) {
  add_client("other");
  const auto token = tokens_of(issue("openid email profile")).refresh;
  const auto foreign =
      with(with(refresh_form(token), "client_id", "other"), "client_secret", kSecretOfOthers);
  EXPECT_EQ(site.post("/token", foreign).status, 400u);
  EXPECT_EQ(text_of(site.post("/token", foreign), "error"), "invalid_grant");
  EXPECT_EQ(site.post("/token", with(refresh_form(token), "client_secret", "")).status, 401u);
  const auto narrowed = site.post("/token", with(refresh_form(token), "scope", "openid email"));
  EXPECT_EQ(narrowed.status, 200u);
  EXPECT_EQ(text_of(narrowed, "scope"), "openid email");
  EXPECT_EQ(narrowed.headers.find("cache-control"), "no-store");
  // Without openid there is no ID token beside it.
  const auto without = with(refresh_form(tokens_of(narrowed).refresh), "scope", "email");
  EXPECT_FALSE(json_of(site.post("/token", without)).contains("id_token"));
}

// Bits by Shannon's formula over the characters of this very text, as the suite measures them.
double measured_bits(const std::string& text) {
  std::map<char, double> times;
  for (const char c : text) times[c] += 1;
  const auto length = static_cast<double>(text.size());
  double bits = 0;
  for (const auto& [c, n] : times) bits -= n * std::log2(n / length);
  return bits;
}

TEST_F(IdTokens, KY_02_and_C5_15_nothing_that_is_issued_looks_guessable) {  // KY-02, C5.15
  Browser browser(site);
  const auto code = parameter(sign_in(browser, request("openid")), "code");
  const auto tokens = tokens_of(site.post("/token", code_form(code)));
  change_client(
      [](Client& client) { client.metadata.access_token_format = AccessTokenFormat::opaque; });
  for (const auto& secret : {code, tokens.access, tokens.refresh, access("openid")}) {
    EXPECT_GE(measured_bits(secret), 160.0) << secret.size();
  }
}

// RT-07, SE-04: whoever is gone gets nothing new, and nothing that was issued counts here.
TEST_F(IdTokens, RT_07_and_SE_04_a_disabled_user_has_nothing_left) {
  const auto tokens = tokens_of(issue("openid"));
  ASSERT_TRUE(run_task(store().users.set_disabled(person().sub, true, site.clock.now())));
  EXPECT_EQ(text_of(site.post("/token", refresh_form(tokens.refresh)), "error"), "invalid_grant");
  EXPECT_EQ(userinfo(tokens.access).status, 401u);
  ASSERT_TRUE(run_task(store().users.set_disabled(person().sub, false, site.clock.now())));
  EXPECT_EQ(text_of(site.post("/token", refresh_form(tokens.refresh)), "error"), "invalid_grant");
}

TEST_F(IdTokens, SE_04_a_browser_of_a_disabled_user_is_signed_out) {  // SE-04
  Browser browser(site);
  sign_in(browser, request("openid"));
  const auto silent = authorize_url(with(request("openid"), "prompt", "none"));
  EXPECT_FALSE(parameter(location_of(browser.get(silent)), "code").empty());
  ASSERT_TRUE(run_task(store().users.set_disabled(person().sub, true, site.clock.now())));
  EXPECT_EQ(parameter(location_of(browser.get(silent)), "error"), "login_required");
}

// RT-11: a permission that the operator took back.
TEST_F(IdTokens, RT_11_offline_access_taken_from_the_client_ends_the_refreshing) {
  const auto tokens = tokens_of(issue(with(request("openid offline_access"), "prompt", "consent")));
  change_client([](Client& client) { client.scopes = {"openid", "email"}; });
  const auto refused = site.post("/token", refresh_form(tokens.refresh));
  EXPECT_EQ(reason_of(refused), "refresh.offline_gone");
  EXPECT_EQ(text_of(refused, "error"), "invalid_grant");
}

// RT-12: rotation is not for clients of that profile.
TEST_F(IdTokens, RT_12_a_fapi2_client_keeps_its_refresh_token) {
  const auto tokens = tokens_of(issue(with(request("openid offline_access"), "prompt", "consent")));
  change_client([](Client& client) { client.profile = Profile::fapi2; });
  for (int i = 0; i < 3; ++i) {
    site.clock.advance(std::chrono::seconds(60));
    const auto again = tokens_of(site.post("/token", refresh_form(tokens.refresh)));
    EXPECT_EQ(again.refresh, tokens.refresh);
    EXPECT_FALSE(again.access.empty());
  }
}

}  // namespace
}  // namespace claviger::test
