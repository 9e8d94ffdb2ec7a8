#include "protocol/metadata.hpp"

#include <algorithm>
#include <array>

#include "protocol/tokens/claims.hpp"

namespace claviger::protocol {
namespace {

boost::json::array strings(const auto& words) {
  boost::json::array array;
  for (const std::string_view word : words) array.emplace_back(word);
  return array;
}

boost::json::array grant_types() {
  boost::json::array array;
  for (const auto type : {GrantType::authorization_code, GrantType::refresh_token}) {
    array.emplace_back(to_string(type));
  }
  return array;
}

boost::json::array claims_of(const std::vector<std::string>& scopes) {
  boost::json::array array;
  for (const std::string_view claim : kClaimNames) {
    if (std::ranges::find(scopes, claim) != scopes.end()) array.emplace_back(claim);
  }
  return array;
}

constexpr std::array<std::string_view, 1> kResponseTypes{"code"};
constexpr std::array<std::string_view, 1> kResponseModes{"query"};
constexpr std::array<std::string_view, 3> kAuthMethods{"client_secret_basic", "client_secret_post",
                                                       "none"};
constexpr std::array<std::string_view, 1> kChallengeMethods{"S256"};
constexpr std::array<std::string_view, 1> kSubjectTypes{"public"};
constexpr std::array<std::string_view, 2> kLocales{"en", "de"};

}  // namespace

// Whether registration is open makes no difference here: our registration calls aren't those of
// RFC 7591, so a client that read of a registration_endpoint would be misled.
boost::json::object authorization_server_metadata(const Policy& policy,
                                                  const std::vector<std::string>& signing_algs) {
  return {
      {"issuer", policy.issuer},
      {"authorization_endpoint", policy.issuer + "/authorize"},
      {"token_endpoint", policy.issuer + "/token"},
      {"jwks_uri", policy.issuer + "/jwks"},
      {"response_types_supported", strings(kResponseTypes)},
      {"response_modes_supported", strings(kResponseModes)},
      {"grant_types_supported", grant_types()},
      {"scopes_supported", strings(policy.scopes)},
      {"claims_supported", claims_of(policy.scopes)},
      {"token_endpoint_auth_methods_supported", strings(kAuthMethods)},
      {"code_challenge_methods_supported", strings(kChallengeMethods)},
      {"authorization_response_iss_parameter_supported", true},
      {"subject_types_supported", strings(kSubjectTypes)},
      {"id_token_signing_alg_values_supported", strings(signing_algs)},
      {"claims_parameter_supported", false},
      {"request_parameter_supported", false},
      // Stated because its default is true (OIDCD-3).
      {"request_uri_parameter_supported", false},
      {"ui_locales_supported", strings(kLocales)},
  };
}

}  // namespace claviger::protocol
