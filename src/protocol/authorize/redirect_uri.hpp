// Redirect URIs: what may be registered, and the one rule that lets one be used (RFC6749-3.1.2,
// RFC9700-2.1, RFC8252-7.3, OAUTH21-8.4.2).
#pragma once
#include <string_view>

#include "base/reason.hpp"
#include "model/client.hpp"
#include "model/redirect_target.hpp"
#include "protocol/policy.hpp"

namespace claviger::protocol {

// May this be registered? An allow-list: https; http for a loopback host; a private scheme with a
// dot (or one the operator lists) for public clients. No fragment, userinfo, wildcard, backslash,
// control or non-ASCII character.
Result<void> judge_redirect_uri_for_registration(std::string_view uri, bool public_client,
                                                 const Policy& policy);

// Byte for byte equal to a registered one; for public clients the port of a registered http
// loopback literal may differ. `requested` empty: the parameter was absent, fine when exactly one
// is registered (OAUTH21-2.3.2).
Result<RedirectTarget> match_redirect_uri(const Client& client, std::string_view requested);

// The host a person should see: "localhost:3000", "app.example.com", or the scheme of a native
// application.
std::string host_for_display(std::string_view uri);
bool is_loopback_uri(std::string_view uri);
// Matched on another port than the registered one, or a private scheme, or a native client: consent
// isn't remembered.
bool is_native_use(const Client& client, std::string_view uri);

}  // namespace claviger::protocol
