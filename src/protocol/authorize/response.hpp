// Authorization responses: success and error parameters, always with `iss` (RFC6749-4.1.2,
// RFC9207-2, OIDCM-5).
#pragma once
#include <chrono>
#include <optional>
#include <string>

#include "base/reason.hpp"
#include "base/secret.hpp"
#include "model/client.hpp"
#include "model/redirect_target.hpp"
#include "protocol/policy.hpp"
#include "protocol/scope.hpp"

namespace claviger::protocol {

// What a successful answer consists of, as the response type says (OIDCC-3.2.2.5, OIDCC-3.3.2.5).
struct Answer {
  std::optional<Secret> code;
  std::optional<Secret> access_token;
  std::chrono::seconds expires_in{};  // of the access token
  Scopes scopes;                      // of the access token
  std::string id_token;               // empty: none
  std::string session_state;          // empty: none
};
// The seed's order: code, state, then iss; tokens between code and state.
Parameters success_parameters(const Answer& answer, const std::optional<std::string>& state,
                              const Policy& policy);
// error, error_description, state, iss; error_uri with the request id when `error_uri` isn't empty.
Parameters error_parameters(const Error& error, const std::optional<std::string>& state,
                            const Policy& policy, const std::string& error_uri);
// May this refusal go to the client by redirect before anyone signed in? A client that registered
// itself gets a page instead, or an attacker would have an open redirector (RFC9700-4.11.2, OX-06).
bool shows_interstitial(const Client& client, const Policy& policy, bool prompt_none,
                        bool signed_in);

}  // namespace claviger::protocol
