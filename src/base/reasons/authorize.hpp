// Refusals at the authorization endpoint: who asks, where an answer may go, and what was asked.
#pragma once
#include <array>

#include "base/reason.hpp"
#include "base/reasons/next_step.hpp"
#include "base/reasons/redirect_uri.hpp"

namespace claviger::reason {

inline constexpr Reason authorize_addressee_repeated{
    "authorize.addressee_repeated", ErrorCode::invalid_request, "OAUTH21-3.1",
    "client_id and redirect_uri may each be sent once", "send each of the two parameters once"};
inline constexpr Reason authorize_client_id_missing{
    "authorize.client_id_missing", ErrorCode::invalid_request, "RFC6749-4.1.1",
    "the parameter client_id is missing", "send the client_id of a registered client"};
inline constexpr Reason authorize_client_id_malformed{
    "authorize.client_id_malformed", ErrorCode::invalid_request, "RFC6749-A.1",
    "the parameter client_id is too long or has characters that no client_id has",
    "send the client_id exactly as it was registered"};
inline constexpr Reason authorize_client_unknown{
    "authorize.client_unknown", ErrorCode::invalid_client, "RFC6749-4.1.2.1",
    "no such client is registered here", "register the client, or correct its client_id"};
inline constexpr Reason authorize_client_disabled{
    "authorize.client_disabled", ErrorCode::invalid_client, "RFC6749-4.1.2.1",
    "no such client is registered here", "an operator disabled this client; ask to enable it"};
inline constexpr Reason authorize_parameter_repeated{
    "authorize.parameter_repeated", ErrorCode::invalid_request, "OAUTH21-3.1",
    "a parameter was sent more than once", "send each parameter once"};
inline constexpr Reason authorize_state_malformed{
    "authorize.state_malformed", ErrorCode::invalid_request, "RFC6749-A.5",
    "state is longer than 2048 bytes or not of printable ASCII",
    "send a shorter state, base64url-encoded if need be"};
inline constexpr Reason authorize_response_type_missing{
    "authorize.response_type_missing", ErrorCode::invalid_request, "RFC6749-3.1.1",
    "the parameter response_type is missing", "send response_type=code"};
inline constexpr Reason authorize_response_type_unknown{
    "authorize.response_type_unknown", ErrorCode::unsupported_response_type, "RFC6749-3.1.1",
    "this response_type is not supported", "send response_type=code"};
inline constexpr Reason authorize_response_type_not_allowed{
    "authorize.response_type_not_allowed", ErrorCode::unauthorized_client, "OAUTH21-10.1",
    "this client may not ask for this response_type",
    "send response_type=code; tokens come from here only to a client of the profile oidc_compat "
    "that registered the response_type"};
inline constexpr Reason authorize_response_mode{
    "authorize.response_mode", ErrorCode::invalid_request, "OIDCM-2.1",
    "the response_mode is unknown, or would put a token into a query",
    "leave response_mode out, or send form_post; query is for a code alone"};
inline constexpr Reason authorize_grant_not_allowed{
    "authorize.grant_not_allowed", ErrorCode::unauthorized_client, "RFC6749-4.1.2.1",
    "this client may not use the grant that its response_type needs",
    "allow grant type authorization_code, or implicit for a token, in the client record"};
inline constexpr Reason authorize_pkce_missing{
    "authorize.pkce_missing", ErrorCode::invalid_request, "RFC7636-4.4.1",
    "this client must send code_challenge", "send code_challenge and code_challenge_method=S256"};
inline constexpr Reason authorize_pkce_method{
    "authorize.pkce_method", ErrorCode::invalid_request, "RFC9700-2.1.1",
    "the only code_challenge_method is S256, and it must be sent",
    "send code_challenge_method=S256 with a code_challenge"};
inline constexpr Reason authorize_pkce_challenge{
    "authorize.pkce_challenge", ErrorCode::invalid_request, "RFC7636-4.2",
    "code_challenge is not the base64url form of a SHA-256 digest",
    "send 43 base64url characters without padding: the SHA-256 of the code_verifier"};
inline constexpr Reason authorize_nonce_malformed{
    "authorize.nonce_malformed", ErrorCode::invalid_request, "OIDCC-3.1.2.1",
    "nonce is longer than 1024 bytes or has control characters", "send a shorter nonce"};
inline constexpr Reason authorize_nonce_missing{
    "authorize.nonce_missing", ErrorCode::invalid_request, "OIDCC-3.2.2.1",
    "an ID token that comes from here needs a nonce", "send a fresh random nonce and compare it"};
inline constexpr Reason authorize_openid_missing{
    "authorize.openid_missing", ErrorCode::invalid_request, "OIDCC-3.2.2.1",
    "an ID token needs the scope openid, and this client must have been allowed it",
    "add openid to scope"};
inline constexpr Reason authorize_registration{
    "authorize.registration", ErrorCode::registration_not_supported, "OIDCC-3.1.2.6",
    "the parameter registration is not supported", "register the client beforehand"};
inline constexpr Reason authorize_hint_unusable{
    "authorize.hint_unusable", ErrorCode::invalid_request, "OIDCC-3.1.2.1",
    "id_token_hint is no ID token that this server issued to this client",
    "send an ID token from here unchanged, expired or not, or leave the hint out"};
inline constexpr Reason authorize_prompt_unknown{
    "authorize.prompt_unknown", ErrorCode::invalid_request, "OIDCC-3.1.2.1",
    "prompt has a value that is not supported",
    "use none, login, consent, select_account or create, separated by spaces"};
inline constexpr Reason authorize_prompt_none_mixed{
    "authorize.prompt_none_mixed", ErrorCode::invalid_request, "OIDCC-3.1.2.1",
    "prompt=none may not stand beside other values", "send none alone, or leave it out"};
inline constexpr Reason authorize_max_age_malformed{
    "authorize.max_age_malformed", ErrorCode::invalid_request, "OIDCC-3.1.2.1",
    "max_age is not a number of seconds", "send a whole number that is not negative"};
inline constexpr Reason authorize_scope_lost{
    "authorize.scope_lost", ErrorCode::invalid_scope, "RFC6749-4.1.2.1",
    "the client may no longer ask for a scope of this request", "begin again at the application"};
inline constexpr std::array kAllAuthorize{
    &authorize_addressee_repeated,    &authorize_client_id_missing,
    &authorize_client_id_malformed,   &authorize_client_unknown,
    &authorize_client_disabled,       &authorize_parameter_repeated,
    &authorize_state_malformed,       &authorize_response_type_missing,
    &authorize_response_type_unknown, &authorize_response_type_not_allowed,
    &authorize_response_mode,         &authorize_grant_not_allowed,
    &authorize_pkce_missing,          &authorize_pkce_method,
    &authorize_pkce_challenge,        &authorize_nonce_malformed,
    &authorize_nonce_missing,         &authorize_openid_missing,
    &authorize_registration,          &authorize_hint_unusable,
    &authorize_prompt_unknown,        &authorize_prompt_none_mixed,
    &authorize_max_age_malformed,     &authorize_scope_lost,
};

}  // namespace claviger::reason
