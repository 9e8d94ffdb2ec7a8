#include "protocol/authorize/response.hpp"

#include <algorithm>
#include <array>

namespace claviger::protocol {
namespace {

// What may stand in an authorization response. A word that only our own pages know means that we
// sent a refusal the wrong way.
constexpr std::array kOnTheWire{
    ErrorCode::invalid_request,
    ErrorCode::unauthorized_client,
    ErrorCode::access_denied,
    ErrorCode::unsupported_response_type,
    ErrorCode::invalid_scope,
    ErrorCode::server_error,
    ErrorCode::temporarily_unavailable,
    ErrorCode::login_required,
    ErrorCode::consent_required,
    ErrorCode::interaction_required,
    ErrorCode::account_selection_required,
    ErrorCode::request_not_supported,
    ErrorCode::request_uri_not_supported,
    ErrorCode::invalid_target,
    ErrorCode::registration_not_supported,
    ErrorCode::unmet_authentication_requirements,
};

ErrorCode wire_code(ErrorCode code) {
  const bool known = std::ranges::find(kOnTheWire, code) != kOnTheWire.end();
  return known ? code : ErrorCode::server_error;
}

}  // namespace

Parameters success_parameters(const Answer& answer, const std::optional<std::string>& state,
                              const Policy& policy) {
  Parameters parameters;
  if (answer.code) parameters.emplace_back("code", answer.code->reveal());
  if (answer.access_token) {
    parameters.emplace_back("access_token", answer.access_token->reveal());
    parameters.emplace_back("token_type", "Bearer");
    parameters.emplace_back("expires_in", std::to_string(answer.expires_in.count()));
    parameters.emplace_back("scope", to_text(answer.scopes));
  }
  if (!answer.id_token.empty()) parameters.emplace_back("id_token", answer.id_token);
  if (state) parameters.emplace_back("state", *state);
  parameters.emplace_back("iss", policy.issuer);
  if (!answer.session_state.empty()) {
    parameters.emplace_back("session_state", answer.session_state);
  }
  return parameters;
}

Parameters error_parameters(const Error& error, const std::optional<std::string>& state,
                            const Policy& policy, const std::string& error_uri) {
  Parameters parameters{{"error", std::string(to_string(wire_code(error.code())))},
                        {"error_description", std::string(error.reason->description)}};
  if (!error_uri.empty()) parameters.emplace_back("error_uri", error_uri);
  if (state) parameters.emplace_back("state", *state);
  // On errors too, or a mix-up could be built from them (CI-13).
  parameters.emplace_back("iss", policy.issuer);
  return parameters;
}

bool shows_interstitial(const Client& client, const Policy& policy, bool prompt_none,
                        bool signed_in) {
  return policy.error_interstitial && client.registered_by == RegisteredBy::self && !prompt_none &&
         !signed_in;
}

}  // namespace claviger::protocol
