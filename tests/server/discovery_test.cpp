// The public documents: truthful, complete, cacheable.
#include <set>

#include "base/base64url.hpp"
#include "tests/support/browser.hpp"

namespace claviger::test {
namespace {

TEST(Discovery, BothDocumentsSayTheSameAndOnlyWhatWorks) {  // RFC8414-2, OIDCD-3
  Site site;
  const auto oauth = json_of(site.get("/.well-known/oauth-authorization-server"));
  const auto openid = json_of(site.get("/.well-known/openid-configuration"));
  EXPECT_EQ(oauth, openid);
  EXPECT_EQ(oauth.at("issuer"), kIssuer);
  for (const char* name : {"authorization_endpoint", "token_endpoint", "jwks_uri"}) {
    const std::string url(oauth.at(name).as_string());
    ASSERT_TRUE(url.starts_with(kIssuer)) << name;
    EXPECT_NE(site.get(url.substr(std::string_view(kIssuer).size())).status, 404u) << url;
  }
  EXPECT_EQ(boost::json::serialize(oauth.at("code_challenge_methods_supported")), R"(["S256"])");
  EXPECT_TRUE(oauth.at("authorization_response_iss_parameter_supported").as_bool());
  EXPECT_EQ(boost::json::serialize(oauth.at("scopes_supported")),
            R"(["username","email","firstname","lastname","phone"])");
  EXPECT_FALSE(oauth.contains("registration_endpoint"));
}

TEST(Discovery, HT_18_TheQueryChangesNothingAndTheDocumentIsCacheable) {  // HT-18, RFC9111-5.2
  Site site;
  const auto plain = site.get("/jwks");
  const auto asked = site.get("/jwks?x=1");
  EXPECT_EQ(plain.body, asked.body);
  ASSERT_TRUE(plain.headers.find("etag").has_value());
  auto request = Site::make_get("/jwks");
  request.headers.add("If-None-Match", std::string(*plain.headers.find("etag")));
  EXPECT_EQ(site.send(request).status, 304u);
}

TEST(Discovery, KY_05_TheKeySetIsPublicAndUnambiguous) {  // KY-05, RFC7517-5
  Site site;
  const auto jwks = json_of(site.get("/jwks"));
  std::set<std::string> kids;
  std::set<std::string> algs;
  for (const auto& value : jwks.at("keys").as_array()) {
    const auto& key = value.as_object();
    for (const char* secret : {"d", "p", "q", "dp", "dq", "qi", "k"})
      EXPECT_FALSE(key.contains(secret));
    kids.emplace(key.at("kid").as_string());
    algs.emplace(key.at("alg").as_string());
  }
  EXPECT_EQ(kids.size(), jwks.at("keys").as_array().size());
  EXPECT_EQ(algs, (std::set<std::string>{"ES256", "RS256"}));
}

TEST(Discovery, EveryConfiguredAlgorithmSigns) {  // RFC9068-2.1
  for (const char* alg : {"ES256", "RS256", "EdDSA"}) {
    SCOPED_TRACE(alg);
    Site site([alg](config::Settings& settings) { settings.tokens.signing_alg = alg; });
    site.register_demo();
    const auto tokens = fresh_tokens(site);
    const auto header = parse_json(
        std::string(as_text(*base64url_decode(tokens.access.substr(0, tokens.access.find('.'))))));
    EXPECT_EQ(header->at("alg"), alg);
    EXPECT_EQ(header->at("typ"), "at+jwt");
    EXPECT_EQ(site.api(tokens.access).status, 200u);
  }
}

}  // namespace
}  // namespace claviger::test
