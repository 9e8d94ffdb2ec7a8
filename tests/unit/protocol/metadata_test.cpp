#include "protocol/metadata.hpp"

#include "tests/unit/protocol/baseline.hpp"

namespace claviger::protocol::test {
namespace {

boost::json::object metadata() {
  return authorization_server_metadata(policy(), {"ES256", "RS256"});
}

// RFC8414-2, OIDCD-3: the whole document; only registered names, only what works.
TEST(Metadata, is_exactly_this) {
  EXPECT_EQ(
      boost::json::serialize(metadata()),
      R"({"issuer":"http://localhost:2003",)"
      R"("authorization_endpoint":"http://localhost:2003/authorize",)"
      R"("token_endpoint":"http://localhost:2003/token",)"
      R"("jwks_uri":"http://localhost:2003/jwks",)"
      R"("response_types_supported":["code"],)"
      R"("response_modes_supported":["query"],)"
      R"("grant_types_supported":["authorization_code","refresh_token"],)"
      R"("scopes_supported":["username","email","firstname","lastname","phone"],)"
      R"("claims_supported":["email","username","firstname","lastname","phone"],)"
      R"("token_endpoint_auth_methods_supported":["client_secret_basic","client_secret_post","none"],)"
      R"("code_challenge_methods_supported":["S256"],)"
      R"("authorization_response_iss_parameter_supported":true,)"
      R"("subject_types_supported":["public"],)"
      R"("id_token_signing_alg_values_supported":["ES256","RS256"],)"
      R"("claims_parameter_supported":false,)"
      R"("request_parameter_supported":false,)"
      R"("request_uri_parameter_supported":false,)"
      R"("ui_locales_supported":["en","de"]})");
}

// CI-07: nothing that would be refused is offered.
TEST(Metadata, CI_07_offers_s256_alone) {
  EXPECT_EQ(boost::json::serialize(metadata().at("code_challenge_methods_supported")),
            R"(["S256"])");
}

TEST(Metadata, follows_the_configuration) {
  auto small = policy();
  small.scopes = {"email", "custom"};
  const auto document = authorization_server_metadata(small, {"RS256"});
  EXPECT_EQ(boost::json::serialize(document.at("scopes_supported")), R"(["email","custom"])");
  EXPECT_EQ(boost::json::serialize(document.at("claims_supported")), R"(["email"])");
  EXPECT_FALSE(document.contains("registration_endpoint"));
}

}  // namespace
}  // namespace claviger::protocol::test
