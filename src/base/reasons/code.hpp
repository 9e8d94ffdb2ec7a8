// Refusals of authorization codes.
#pragma once
#include <array>

#include "base/reason.hpp"

namespace claviger::reason {

inline constexpr Reason code_malformed{"code.malformed", ErrorCode::invalid_grant, "RFC6749-5.2",
                                       "the authorization code is not valid",
                                       "send the code exactly as it came, all of it"};
inline constexpr Reason code_unknown{"code.unknown", ErrorCode::invalid_grant, "RFC6749-5.2",
                                     "the authorization code is not valid",
                                     "send the code exactly as it came, within its minute"};
inline constexpr Reason code_other_client{"code.other_client", ErrorCode::invalid_grant,
                                          "RFC6749-4.1.3", "the authorization code is not valid",
                                          "the code was issued to another client"};
inline constexpr Reason code_other_epoch{
    "code.other_epoch", ErrorCode::invalid_grant, "RFC6749-10.5",
    "the authorization code is not valid",
    "the code is from before the data was restored; begin again"};
inline constexpr Reason code_redirect_uri_missing{
    "code.redirect_uri_missing", ErrorCode::invalid_request, "OAUTH21-10.2",
    "redirect_uri is missing, and no code_verifier stands in for it",
    "send the redirect_uri of the authorization request, or use PKCE"};
inline constexpr Reason code_redirect_uri_mismatch{
    "code.redirect_uri_mismatch", ErrorCode::invalid_grant, "RFC6749-4.1.3",
    "redirect_uri is not the one of the authorization request",
    "send the very same redirect_uri to both endpoints"};
inline constexpr Reason code_redirect_uri_gone{
    "code.redirect_uri_gone", ErrorCode::invalid_grant, "RFC9700-2.1",
    "the redirect_uri of this code is no longer registered", "begin again with a registered one"};
inline constexpr Reason code_verifier_missing{
    "code.verifier_missing", ErrorCode::invalid_grant, "OAUTH21-4.1.3", "code_verifier is missing",
    "send the code_verifier that belongs to the code_challenge"};
inline constexpr Reason code_verifier_malformed{
    "code.verifier_malformed", ErrorCode::invalid_grant, "RFC7636-4.1",
    "code_verifier is not 43 to 128 unreserved characters",
    "send the code_verifier that belongs to the code_challenge"};
inline constexpr Reason code_pkce_mismatch{
    "code.pkce_mismatch", ErrorCode::invalid_grant, "RFC7636-4.6",
    "code_verifier does not belong to the code_challenge",
    "send the code_verifier of this very request; its base64url SHA-256 is the code_challenge"};
inline constexpr Reason code_verifier_unexpected{
    "code.verifier_unexpected", ErrorCode::invalid_request, "RFC9700-4.8",
    "code_verifier was sent, but the authorization request had no code_challenge",
    "look for what removed the code_challenge on its way: that is an attack"};
inline constexpr Reason code_pkce_required{
    "code.pkce_required", ErrorCode::invalid_grant, "RFC9700-2.1.1",
    "this client must use PKCE, and the code was issued without", "begin again with PKCE"};
inline constexpr Reason code_expired{"code.expired", ErrorCode::invalid_grant, "RFC6749-4.1.2",
                                     "the authorization code has expired",
                                     "redeem the code within its minute"};
inline constexpr Reason code_reuse{"code.reuse", ErrorCode::invalid_grant, "RFC6749-4.1.2",
                                   "the authorization code was used already",
                                   "redeem a code once; what it had led to is revoked now"};
inline constexpr Reason code_race{"code.race", ErrorCode::invalid_grant, "RFC6749-4.1.2",
                                  "the authorization code was used already",
                                  "send the token request once, not several at a time"};

inline constexpr std::array kAllCode{
    &code_malformed,
    &code_unknown,
    &code_other_client,
    &code_other_epoch,
    &code_redirect_uri_missing,
    &code_redirect_uri_mismatch,
    &code_redirect_uri_gone,
    &code_verifier_missing,
    &code_verifier_malformed,
    &code_pkce_mismatch,
    &code_verifier_unexpected,
    &code_pkce_required,
    &code_expired,
    &code_reuse,
    &code_race,
};

}  // namespace claviger::reason
