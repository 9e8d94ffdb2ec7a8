#include "protocol/metadata.hpp"

#include <algorithm>
#include <array>

#include "crypto/encryption_key.hpp"
#include "crypto/key.hpp"
#include "model/response_type.hpp"
#include "protocol/acr.hpp"
#include "protocol/tokens/person_claims.hpp"

namespace claviger::protocol {
namespace {

using boost::json::array;
using boost::json::object;

array strings(const auto& words) {
  array list;
  for (const std::string_view word : words) list.emplace_back(word);
  return list;
}

// Of things that have a word on the wire.
array words_of(const auto& things) {
  array list;
  for (const auto& thing : things) list.emplace_back(std::string_view(to_string(thing)));
  return list;
}

// Not `token` alone: it proves nothing about anybody (OAUTH21-10.1).
constexpr std::array kResponseTypes{
    ResponseType{.code = true},
    ResponseType{.id_token = true},
    ResponseType{.id_token = true, .token = true},
    ResponseType{.code = true, .id_token = true},
    ResponseType{.code = true, .token = true},
    ResponseType{.code = true, .id_token = true, .token = true},
};
constexpr std::array kResponseModes{ResponseMode::query, ResponseMode::fragment,
                                    ResponseMode::form_post};
constexpr std::array kSubjectTypes{SubjectType::public_, SubjectType::pairwise};
constexpr std::array kProvingMethods{AuthMethod::client_secret_basic,
                                     AuthMethod::client_secret_post, AuthMethod::client_secret_jwt,
                                     AuthMethod::private_key_jwt};
constexpr std::array<std::string_view, 1> kChallengeMethods{"S256"};
constexpr std::array<std::string_view, 2> kLocales{"en", "de"};
constexpr std::array<std::string_view, 3> kDisplays{"page", "popup", "touch"};
constexpr std::array<std::string_view, 1> kClaimTypes{"normal"};
constexpr std::array<std::string_view, 1> kBearerMethods{"header"};
// What a client may sign with: everything that we can verify.
constexpr std::array kClientAlgs{crypto::Alg::RS256, crypto::Alg::PS256, crypto::Alg::ES256,
                                 crypto::Alg::EdDSA};
// Of an ID token's own claims those that a client can ask for or rely on.
constexpr std::array<std::string_view, 6> kTokenClaims{"sub", "iss", "auth_time",
                                                       "acr", "amr", "sid"};

constexpr std::string_view kWellKnown = "/.well-known/oauth-protected-resource";

array claims_supported(const Policy& policy) {
  auto list = strings(kTokenClaims);
  for (const auto name : claim_names_of(policy.scopes)) list.emplace_back(name);
  return list;
}

array assertion_algs() {
  auto list = words_of(kClientAlgs);
  list.emplace_back("HS256");
  return list;
}

array any_method() {
  auto list = words_of(kProvingMethods);
  list.emplace_back(to_string(AuthMethod::none));
  return list;
}

// `create` leads to sign-up, which may be closed.
array prompts(const Policy& policy) {
  array list{"none", "login", "consent", "select_account"};
  if (policy.registration_open) list.emplace_back("create");
  return list;
}

void add_endpoints(object& document, const Policy& policy) {
  constexpr std::array<std::pair<std::string_view, std::string_view>, 10> kEndpoints{{
      {"authorization_endpoint", "/authorize"},
      {"token_endpoint", "/token"},
      {"jwks_uri", "/jwks"},
      {"userinfo_endpoint", "/userinfo"},
      // With an initial access token where registration isn't open to everybody (RFC7591-3).
      {"registration_endpoint", "/register"},
      {"introspection_endpoint", "/introspect"},
      {"revocation_endpoint", "/revoke"},
      {"device_authorization_endpoint", "/device_authorization"},
      {"end_session_endpoint", "/logout"},
      {"check_session_iframe", "/session/check"},
  }};
  for (const auto& [name, path] : kEndpoints) document[name] = policy.issuer + std::string(path);
}

void add_client_authentication(object& document) {
  document["token_endpoint_auth_methods_supported"] = any_method();
  document["token_endpoint_auth_signing_alg_values_supported"] = assertion_algs();
  document["revocation_endpoint_auth_methods_supported"] = any_method();
  document["revocation_endpoint_auth_signing_alg_values_supported"] = assertion_algs();
  document["introspection_endpoint_auth_methods_supported"] = words_of(kProvingMethods);
  document["introspection_endpoint_auth_signing_alg_values_supported"] = assertion_algs();
}

void add_algorithms(object& document, const std::vector<std::string>& signing_algs) {
  for (const std::string what : {"id_token", "userinfo", "introspection"}) {
    document[what + "_signing_alg_values_supported"] = strings(signing_algs);
    document[what + "_encryption_alg_values_supported"] = words_of(crypto::kAllKeyAlgs);
    document[what + "_encryption_enc_values_supported"] = words_of(crypto::kAllContentEncs);
  }
  document["request_object_signing_alg_values_supported"] = words_of(kClientAlgs);
}

// Stated because their defaults differ from one another (OIDCD-3).
void add_authentication_requests(object& document, const Policy& policy) {
  document["acr_values_supported"] = strings(kAllAcrs);
  document["display_values_supported"] = strings(kDisplays);
  document["prompt_values_supported"] = prompts(policy);
  document["ui_locales_supported"] = strings(kLocales);
  document["claims_parameter_supported"] = true;
  document["request_parameter_supported"] = true;
  document["request_uri_parameter_supported"] = true;
  document["require_request_uri_registration"] = true;
  document["authorization_response_iss_parameter_supported"] = true;
}

void add_logout(object& document) {
  document["frontchannel_logout_supported"] = true;
  document["frontchannel_logout_session_supported"] = true;
  document["backchannel_logout_supported"] = true;
  document["backchannel_logout_session_supported"] = true;
}

}  // namespace

object authorization_server_metadata(const Policy& policy,
                                     const std::vector<std::string>& signing_algs) {
  object document{{"issuer", policy.issuer}};
  add_endpoints(document, policy);
  document["response_types_supported"] = words_of(kResponseTypes);
  document["response_modes_supported"] = words_of(kResponseModes);
  document["grant_types_supported"] = words_of(kAllGrantTypes);
  document["code_challenge_methods_supported"] = strings(kChallengeMethods);
  document["scopes_supported"] = strings(policy.scopes);
  document["claims_supported"] = claims_supported(policy);
  document["claim_types_supported"] = strings(kClaimTypes);
  document["subject_types_supported"] = words_of(kSubjectTypes);
  add_authentication_requests(document, policy);
  add_client_authentication(document);
  add_algorithms(document, signing_algs);
  add_logout(document);
  array resources{policy.issuer};
  for (const auto& resource : policy.resources) resources.emplace_back(resource);
  document["protected_resources"] = std::move(resources);
  return document;
}

object protected_resource_metadata(std::string_view resource, const Policy& policy) {
  return {{"resource", resource},
          {"authorization_servers", array{policy.issuer}},
          {"scopes_supported", strings(policy.scopes)},
          {"bearer_methods_supported", strings(kBearerMethods)}};
}

std::optional<std::string> protected_resource_path(std::string_view resource,
                                                   const Policy& policy) {
  if (!resource.starts_with(policy.issuer)) return {};
  const auto path = resource.substr(policy.issuer.size());
  // Another host may begin like ours; a query would have to be matched too, which no route does.
  if ((!path.empty() && path.front() != '/') || path.find('?') != std::string_view::npos) return {};
  return std::string(kWellKnown) + std::string(path == "/" ? "" : path);
}

}  // namespace claviger::protocol
