// Refusals when a client asks to sign somebody out, and when a session's end is told to clients.
#pragma once
#include <array>

#include "base/reason.hpp"

namespace claviger::reason {

inline constexpr Reason logout_parameter_repeated{
    "logout.parameter_repeated", ErrorCode::invalid_request, "OIDCRL-2",
    "a parameter was sent more than once", "send each parameter once"};
inline constexpr Reason logout_state_malformed{
    "logout.state_malformed", ErrorCode::invalid_request, "OIDCRL-2",
    "state is longer than 2048 bytes or not of printable ASCII",
    "send a shorter state, base64url-encoded if need be"};
inline constexpr Reason logout_client_unknown{
    "logout.client_unknown", ErrorCode::invalid_client, "OIDCRL-2",
    "no such client is registered here",
    "send the client_id of a registered client, or an id_token_hint that was issued to one"};
inline constexpr Reason logout_client_mismatch{
    "logout.client_mismatch", ErrorCode::invalid_request, "OIDCRL-2",
    "client_id is not the client that the id_token_hint was issued to",
    "leave client_id out, or send the audience of the ID token"};
inline constexpr Reason logout_uri_mismatch{
    "logout.uri_mismatch", ErrorCode::invalid_redirect_uri, "OIDCRL-3",
    "post_logout_redirect_uri is not one of those registered, compared byte for byte",
    "register it among post_logout_redirect_uris, or send a registered one unchanged"};
inline constexpr Reason logout_request_unknown{
    "logout.request_unknown", ErrorCode::restart_needed, "OIDCRL-2",
    "the request to sign out is not known or was left open for too long",
    "begin again at the application, or open the sign-out page"};

inline constexpr std::array kAllLogout{
    &logout_parameter_repeated, &logout_state_malformed, &logout_client_unknown,
    &logout_client_mismatch,    &logout_uri_mismatch,    &logout_request_unknown,
};

}  // namespace claviger::reason
