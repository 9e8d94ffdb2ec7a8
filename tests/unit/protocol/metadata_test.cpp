#include "protocol/metadata.hpp"

#include <algorithm>
#include <set>

#include "base/json.hpp"
#include "tests/unit/protocol/baseline.hpp"

namespace claviger::protocol::test {
namespace {

Policy openid_policy() {
  auto with = policy();
  with.scopes = {"openid", "profile", "email", "username"};
  with.resources = {"http://localhost:2003/files", "https://api.example.com/v1"};
  return with;
}

boost::json::object metadata(const Policy& of = openid_policy()) {
  return authorization_server_metadata(of, {"RS256", "ES256"});
}

std::string text(const boost::json::value& value) { return boost::json::serialize(value); }

bool has(const boost::json::object& document, std::string_view list, std::string_view word) {
  const auto& words = document.at(list).as_array();
  return std::ranges::any_of(words, [&](const auto& value) { return value.as_string() == word; });
}

// C1.2: every name is in the IANA registry of authorization server metadata, or in the OpenID
// specifications that we implement.
TEST(Metadata, C1_2_has_registered_names_only) {
  const std::set<std::string_view> registered{
      "issuer",
      "authorization_endpoint",
      "token_endpoint",
      "jwks_uri",
      "userinfo_endpoint",
      "registration_endpoint",
      "introspection_endpoint",
      "revocation_endpoint",
      "device_authorization_endpoint",
      "end_session_endpoint",
      "check_session_iframe",
      "response_types_supported",
      "response_modes_supported",
      "grant_types_supported",
      "code_challenge_methods_supported",
      "scopes_supported",
      "claims_supported",
      "claim_types_supported",
      "subject_types_supported",
      "acr_values_supported",
      "display_values_supported",
      "prompt_values_supported",
      "ui_locales_supported",
      "claims_parameter_supported",
      "request_parameter_supported",
      "request_uri_parameter_supported",
      "require_request_uri_registration",
      "authorization_response_iss_parameter_supported",
      "token_endpoint_auth_methods_supported",
      "token_endpoint_auth_signing_alg_values_supported",
      "revocation_endpoint_auth_methods_supported",
      "revocation_endpoint_auth_signing_alg_values_supported",
      "introspection_endpoint_auth_methods_supported",
      "introspection_endpoint_auth_signing_alg_values_supported",
      "id_token_signing_alg_values_supported",
      "id_token_encryption_alg_values_supported",
      "id_token_encryption_enc_values_supported",
      "userinfo_signing_alg_values_supported",
      "userinfo_encryption_alg_values_supported",
      "userinfo_encryption_enc_values_supported",
      "introspection_signing_alg_values_supported",
      "introspection_encryption_alg_values_supported",
      "introspection_encryption_enc_values_supported",
      "request_object_signing_alg_values_supported",
      "frontchannel_logout_supported",
      "frontchannel_logout_session_supported",
      "backchannel_logout_supported",
      "backchannel_logout_session_supported",
      "protected_resources",
  };
  std::set<std::string_view> named;
  const auto document = metadata();
  for (const auto& member : document) named.emplace(member.key());
  EXPECT_EQ(named, registered);
}

// C1.1, C1.3
TEST(Metadata, C1_1_and_C1_3_every_address_begins_with_the_issuer) {
  const auto document = metadata();
  EXPECT_EQ(json_text(document, "issuer"), policy().issuer);
  for (const auto& member : document) {
    if (!member.key().ends_with("_endpoint") && member.key() != "jwks_uri") continue;
    EXPECT_TRUE(member.value().as_string().starts_with("http://localhost:2003/")) << member.key();
  }
}

// C1.4
TEST(Metadata, C1_4_says_what_discovery_demands) {
  const auto document = metadata();
  EXPECT_EQ(text(document.at("response_types_supported")),
            R"(["code","id_token","id_token token","code id_token","code token",)"
            R"("code id_token token"])");
  EXPECT_EQ(text(document.at("response_modes_supported")), R"(["query","fragment","form_post"])");
  EXPECT_EQ(text(document.at("subject_types_supported")), R"(["public","pairwise"])");
  EXPECT_TRUE(has(document, "id_token_signing_alg_values_supported", "RS256"));
  EXPECT_TRUE(has(document, "scopes_supported", "openid"));
  EXPECT_EQ(json_text(document, "userinfo_endpoint"), "http://localhost:2003/userinfo");
  for (const auto type : kAllGrantTypes) {
    EXPECT_TRUE(has(document, "grant_types_supported", to_string(type))) << to_string(type);
  }
  // Every claim of an offered scope, none of another.
  EXPECT_TRUE(has(document, "claims_supported", "sub"));
  EXPECT_TRUE(has(document, "claims_supported", "birthdate"));
  EXPECT_TRUE(has(document, "claims_supported", "email_verified"));
  EXPECT_FALSE(has(document, "claims_supported", "phone_number"));
}

// C1.5: what clients may sign with; `none` nowhere.
TEST(Metadata, C1_5_names_the_algorithms) {
  const auto document = metadata();
  EXPECT_EQ(text(document.at("userinfo_signing_alg_values_supported")), R"(["RS256","ES256"])");
  EXPECT_EQ(text(document.at("request_object_signing_alg_values_supported")),
            R"(["RS256","PS256","ES256","EdDSA"])");
  EXPECT_EQ(text(document.at("id_token_encryption_alg_values_supported")),
            R"(["RSA-OAEP-256","ECDH-ES","ECDH-ES+A128KW","ECDH-ES+A192KW","ECDH-ES+A256KW"])");
  EXPECT_EQ(text(document.at("userinfo_encryption_enc_values_supported")),
            R"(["A128GCM","A256GCM","A128CBC-HS256","A256CBC-HS512"])");
  for (const auto& member : document) {
    if (!member.key().ends_with("alg_values_supported")) continue;
    EXPECT_FALSE(has(document, member.key(), "none")) << member.key();
  }
}

// C1.6, OIDCD-3: the defaults of these differ, so each is said.
TEST(Metadata, C1_6_says_what_has_a_default) {
  const auto document = metadata();
  for (const char* name : {"request_uri_parameter_supported", "request_parameter_supported",
                           "claims_parameter_supported", "require_request_uri_registration"}) {
    EXPECT_TRUE(document.at(name).as_bool()) << name;
  }
}

// C1.7
TEST(Metadata, C1_7_names_languages_as_BCP_47_writes_them) {
  EXPECT_EQ(text(metadata().at("ui_locales_supported")), R"(["en","de"])");
  EXPECT_EQ(text(metadata().at("acr_values_supported")), R"(["urn:claviger:acr:1"])");
}

// C1.8, CI-07: nothing that would be refused is offered.
TEST(Metadata, C1_8_and_CI_07_offer_S256_alone) {
  EXPECT_EQ(text(metadata().at("code_challenge_methods_supported")), R"(["S256"])");
}

// C1.9
TEST(Metadata, C1_9_names_the_ways_to_authenticate) {
  const auto document = metadata();
  EXPECT_EQ(text(document.at("token_endpoint_auth_methods_supported")),
            R"(["client_secret_basic","client_secret_post","client_secret_jwt",)"
            R"("private_key_jwt","none"])");
  EXPECT_EQ(text(document.at("token_endpoint_auth_signing_alg_values_supported")),
            R"(["RS256","PS256","ES256","EdDSA","HS256"])");
  EXPECT_FALSE(has(document, "introspection_endpoint_auth_methods_supported", "none"));  // IN-01
  EXPECT_TRUE(has(document, "revocation_endpoint_auth_methods_supported", "none"));
}

// C1.10, OIDCFC-3, OIDCBC-2.1, OIDCSM-3.3
TEST(Metadata, C1_10_names_the_four_logouts) {
  const auto document = metadata();
  for (const char* name :
       {"frontchannel_logout_supported", "frontchannel_logout_session_supported",
        "backchannel_logout_supported", "backchannel_logout_session_supported"}) {
    EXPECT_TRUE(document.at(name).as_bool()) << name;
  }
  EXPECT_EQ(json_text(document, "end_session_endpoint"), "http://localhost:2003/logout");
  EXPECT_EQ(json_text(document, "check_session_iframe"), "http://localhost:2003/session/check");
}

TEST(Metadata, sign_up_is_offered_only_where_it_is_open) {
  auto open = openid_policy();
  open.registration_open = true;
  EXPECT_TRUE(has(metadata(open), "prompt_values_supported", "create"));
  EXPECT_FALSE(has(metadata(), "prompt_values_supported", "create"));
}

// RFC9728-2, RFC9728-3.1
TEST(ResourceMetadata, is_found_where_the_resource_lies) {
  const auto path = [](std::string_view resource) {
    return protected_resource_path(resource, openid_policy()).value_or("elsewhere");
  };
  EXPECT_EQ(path("http://localhost:2003"), "/.well-known/oauth-protected-resource");
  EXPECT_EQ(path("http://localhost:2003/"), "/.well-known/oauth-protected-resource");
  EXPECT_EQ(path("http://localhost:2003/files/a"), "/.well-known/oauth-protected-resource/files/a");
  EXPECT_EQ(path("http://localhost:20031/files"), "elsewhere");
  EXPECT_EQ(path("http://localhost:2003.evil.example/"), "elsewhere");
  EXPECT_EQ(path("http://localhost:2003/files?x"), "elsewhere");
  EXPECT_EQ(path("https://api.example.com/v1"), "elsewhere");
  EXPECT_EQ(text(protected_resource_metadata("http://localhost:2003/files", openid_policy())),
            R"({"resource":"http://localhost:2003/files",)"
            R"("authorization_servers":["http://localhost:2003"],)"
            R"("scopes_supported":["openid","profile","email","username"],)"
            R"("bearer_methods_supported":["header"]})");
}

}  // namespace
}  // namespace claviger::protocol::test
