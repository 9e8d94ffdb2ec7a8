// Authorization responses: success and error parameters, always with `iss` (RFC6749-4.1.2,
// RFC9207-2).
#pragma once
#include <optional>
#include <string>

#include "base/reason.hpp"
#include "base/secret.hpp"
#include "model/client.hpp"
#include "model/redirect_target.hpp"
#include "protocol/policy.hpp"

namespace claviger::protocol {

// The seed's order: code, state, then iss.
Parameters success_parameters(const Secret& code, const std::optional<std::string>& state,
                              const Policy& policy);
// error, error_description, state, iss; error_uri with the request id when `error_uri` isn't empty.
Parameters error_parameters(const Error& error, const std::optional<std::string>& state,
                            const Policy& policy, const std::string& error_uri);
// May this refusal go to the client by redirect before anyone signed in? A client that registered
// itself gets a page instead, or an attacker would have an open redirector (RFC9700-4.11.2, OX-06).
bool shows_interstitial(const Client& client, const Policy& policy, bool prompt_none,
                        bool signed_in);

}  // namespace claviger::protocol
