// Refusals of access tokens at our own resources.
#pragma once
#include <array>

#include "base/reason.hpp"

namespace claviger::reason {

inline constexpr Reason access_token_invalid{"access_token.invalid", ErrorCode::invalid_token,
                                             "RFC9068-4", "the access token is not valid",
                                             "send an access_token of this server, all of it"};
inline constexpr Reason access_token_issuer{"access_token.issuer", ErrorCode::invalid_token,
                                            "RFC9068-4", "the access token is not valid",
                                            "the token is of another issuer"};
inline constexpr Reason access_token_audience{
    "access_token.audience", ErrorCode::invalid_token, "RFC9068-4",
    "the access token is not for this resource", "send a token whose aud names this server"};
inline constexpr Reason access_token_expired{"access_token.expired", ErrorCode::invalid_token,
                                             "RFC9068-4", "the access token has expired",
                                             "use the refresh_token to get a new one"};
inline constexpr Reason access_token_claims{"access_token.claims", ErrorCode::invalid_token,
                                            "RFC9068-2.2", "the access token is not valid",
                                            "a required claim is missing or has a wrong form"};
inline constexpr Reason access_token_revoked{"access_token.revoked", ErrorCode::invalid_token,
                                             "RFC6750-3.1", "the access token was revoked",
                                             "sign in again"};
inline constexpr Reason access_token_grant_gone{
    "access_token.grant_gone", ErrorCode::invalid_token, "RFC6750-3.1",
    "the access token was revoked", "the grant behind this token is gone; sign in again"};
inline constexpr Reason access_token_grant_revoked{
    "access_token.grant_revoked", ErrorCode::invalid_token, "RFC6750-3.1",
    "the access token was revoked", "the grant behind this token was revoked; sign in again"};
inline constexpr Reason access_token_grant_ended{
    "access_token.grant_ended", ErrorCode::invalid_token, "RFC6750-3.1",
    "the access token was revoked", "user, client, consent or session ended; sign in again"};

inline constexpr std::array kAllAccessToken{
    &access_token_invalid,    &access_token_issuer,        &access_token_audience,
    &access_token_expired,    &access_token_claims,        &access_token_revoked,
    &access_token_grant_gone, &access_token_grant_revoked, &access_token_grant_ended,
};

}  // namespace claviger::reason
