// The public documents (C1, C2): truthful, complete, cacheable.
#include <set>

#include "base/base64url.hpp"
#include "tests/server/relying_party.hpp"

namespace claviger::test {
namespace {

class Metadata : public RelyingParty {
 protected:
  boost::json::object document() { return json_of(site.get("/.well-known/openid-configuration")); }
};

// C1.1, C1.15, RFC8414-3, OIDCD-4: the same document under both names; the issuer has no path.
TEST_F(Metadata, C1_1_and_C1_15_both_documents_say_the_same) {
  const auto openid = site.get("/.well-known/openid-configuration");
  const auto oauth = site.get("/.well-known/oauth-authorization-server");
  EXPECT_EQ(openid.status, 200u);
  EXPECT_EQ(openid.content_type, "application/json");
  EXPECT_EQ(openid.body, oauth.body);
  EXPECT_EQ(text_of(openid, "issuer"), kIssuer);
  EXPECT_EQ(openid.headers.find("access-control-allow-origin"), "*");
}

// C1.3: what is named is there, under the method it is for.
TEST_F(Metadata, C1_3_every_endpoint_answers) {
  const auto named = document();
  for (const auto& member : named) {
    const bool is_address = member.key().ends_with("_endpoint") || member.key() == "jwks_uri" ||
                            member.key() == "check_session_iframe";
    if (!is_address) continue;
    const std::string url(member.value().as_string());
    ASSERT_TRUE(url.starts_with(kIssuer)) << url;
    const auto path = url.substr(std::string_view(kIssuer).size());
    EXPECT_NE(site.get(path).status, 404u) << url;
  }
}

// C1.4, KY-15: RS256 is always there; only algorithms with an active key are named.
TEST_F(Metadata, C1_4_and_KY_15_the_algorithms_are_those_of_the_keys) {
  std::set<std::string> named;
  const auto metadata = document();
  for (const auto& alg : metadata.at("id_token_signing_alg_values_supported").as_array()) {
    named.emplace(alg.as_string());
  }
  EXPECT_EQ(named, (std::set<std::string>{"RS256", "ES256", "EdDSA"}));
}

// C1.4, C1.10
TEST_F(Metadata, C1_4_and_C1_10_the_addresses_of_OpenID_Connect) {
  const auto metadata = document();
  EXPECT_EQ(json_text(metadata, "userinfo_endpoint"), "http://localhost:2003/userinfo");
  EXPECT_EQ(json_text(metadata, "end_session_endpoint"), "http://localhost:2003/logout");
  EXPECT_EQ(boost::json::serialize(metadata.at("scopes_supported")),
            R"(["openid","profile","email","address","phone","offline_access","username",)"
            R"("firstname","lastname"])");
}

// C1.9: each way to authenticate that is named is taken; one that isn't, isn't.
TEST_F(Metadata, C1_9_the_named_ways_to_authenticate_work) {
  const auto token = access("openid");
  auto basic = Site::make_post("/introspect", form_of({{"token", token}}));
  basic.headers.add("Authorization",
                    "Basic " + base64_encode(as_bytes("demo-client:demo-client-secret")));
  EXPECT_EQ(site.send(basic).status, 200u);
  EXPECT_EQ(introspect(about(token)).status, 200u);
}

TEST_F(Metadata,
       HT_18_the_query_changes_nothing_and_documents_are_cacheable) {  // HT-18, RFC9111-5.2
  for (const char* path : {"/jwks", "/.well-known/openid-configuration"}) {
    const auto plain = site.get(path);
    EXPECT_EQ(site.get(std::string(path) + "?x=1").body, plain.body);
    ASSERT_TRUE(plain.headers.find("etag").has_value());
    auto request = Site::make_get(path);
    request.headers.add("If-None-Match", std::string(*plain.headers.find("etag")));
    EXPECT_EQ(site.send(request).status, 304u);
  }
}

// KY-04: a copy of the key set is fetched anew before a key that it lacks can sign.
TEST(KeySetAge, KY_04_is_shorter_than_a_new_key_waits) {
  for (const auto& [ahead, age] : {std::pair{24 * 3600, 300}, {600, 300}, {10, 5}, {1, 0}}) {
    Site site([&](config::Settings& settings) {
      settings.keys.publish_ahead = std::chrono::seconds(ahead);
    });
    EXPECT_EQ(site.get("/jwks").headers.find("cache-control"),
              "public, max-age=" + std::to_string(age));
  }
}

// KY-05, C2.1, RFC7517-5
TEST_F(Metadata, KY_05_and_C2_1_the_key_set_is_public_and_unambiguous) {
  const auto jwks = json_of(site.get("/jwks"));
  std::set<std::string> kids;
  for (const auto& value : jwks.at("keys").as_array()) {
    const auto& key = value.as_object();
    for (const char* secret : {"d", "p", "q", "dp", "dq", "qi", "k", "oth"}) {
      EXPECT_FALSE(key.contains(secret)) << secret;
    }
    EXPECT_EQ(key.at("use"), "sig");
    EXPECT_TRUE(kids.emplace(key.at("kid").as_string()).second);
    for (const char* number : {"n", "e", "x", "y"}) {
      const auto* part = key.if_contains(number);
      if (part != nullptr) EXPECT_TRUE(base64url_decode(part->as_string())) << number;
    }
    if (key.at("kty") == "RSA") {
      EXPECT_GE(base64url_decode(key.at("n").as_string())->size(), 256u);
    }
  }
  EXPECT_EQ(kids.size(), 3u);
}

// C2.2: nothing that a verifier would not know.
TEST_F(Metadata, C2_2_the_types_of_keys_are_known_to_everybody) {
  const auto jwks = json_of(site.get("/jwks"));
  std::set<std::string> algs;
  for (const auto& value : jwks.at("keys").as_array()) {
    algs.emplace(value.at("alg").as_string());
    EXPECT_TRUE(crypto::PublicKey::from_jwk(value.as_object()));
  }
  EXPECT_EQ(algs, (std::set<std::string>{"ES256", "RS256", "EdDSA"}));
}

// C2.3, KY-04: a rotation adds a key of one algorithm; those that were there stay.
TEST_F(Metadata, C2_3_a_rotation_adds_a_key_and_takes_none) {
  const auto kids = [&](std::string_view alg) {
    std::set<std::string> all;
    const auto jwks = json_of(site.get("/jwks"));
    for (const auto& key : jwks.at("keys").as_array()) {
      if (json_text(key.as_object(), "alg") == alg) all.emplace(key.at("kid").as_string());
    }
    return all;
  };
  const auto before = kids("RS256");
  const auto untouched = kids("EdDSA");
  const auto token = text_of(issue("openid"), "id_token");
  const auto rotated = run_task(site.node().operations().call("key.rotate", {{"alg", "RS256"}}));
  ASSERT_TRUE(rotated) << rotated.error().reason->id;
  const auto after = kids("RS256");
  EXPECT_EQ(after.size(), before.size() + 1);
  EXPECT_TRUE(std::ranges::includes(after, before));
  EXPECT_EQ(kids("EdDSA"), untouched);
  EXPECT_EQ(json_text(verified(token).payload, "sub"), person().sub);
}

// C2.3, KY-04: nobody has to say so on the day.
TEST_F(Metadata, C2_3_a_key_that_retired_is_published_no_more) {
  const auto rotated = run_task(site.node().operations().call("key.rotate", {{"alg", "RS256"}}));
  ASSERT_TRUE(rotated) << rotated.error().reason->id;
  const auto tag = std::string(*site.get("/jwks").headers.find("etag"));
  const auto kids = [&] {
    std::set<std::string> all;
    const auto jwks = json_of(site.get("/jwks"));
    for (const auto& key : jwks.at("keys").as_array()) {
      if (json_text(key.as_object(), "alg") == "RS256") all.emplace(key.at("kid").as_string());
    }
    return all;
  };
  EXPECT_EQ(kids().size(), 2u);
  site.clock.advance(std::chrono::years(1));
  EXPECT_EQ(kids(), (std::set<std::string>{std::string(rotated->at("kid").as_string())}));
  EXPECT_NE(site.get("/jwks").headers.find("etag"), tag);
}

// C2.4: whatever is signed names a key that is published.
TEST_F(Metadata, C2_4_everything_signed_names_its_key) {
  change_client([](Client& client) { client.metadata.userinfo.signed_alg = "EdDSA"; });
  const auto response = issue("openid");
  const auto access_token = text_of(response, "access_token");
  EXPECT_TRUE(verified(access_token, "at+jwt").header.contains("kid"));
  EXPECT_TRUE(verified(text_of(response, "id_token")).header.contains("kid"));
  EXPECT_TRUE(verified(userinfo(access_token).body).header.contains("kid"));
}

TEST(SigningAlgorithm, EveryConfiguredOneSigns) {  // RFC9068-2.1
  for (const char* alg : {"ES256", "RS256", "EdDSA"}) {
    SCOPED_TRACE(alg);
    Site site([alg](config::Settings& settings) { settings.tokens.signing_alg = alg; });
    site.register_demo();
    const auto tokens = fresh_tokens(site);
    const auto jws = crypto::peek_jws(tokens.access);
    EXPECT_EQ(jws->header.at("alg"), alg);
    EXPECT_EQ(jws->header.at("typ"), "at+jwt");
    EXPECT_EQ(site.api(tokens.access).status, 200u);
  }
}

}  // namespace
}  // namespace claviger::test
