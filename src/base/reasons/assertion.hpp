// Refusals of assertions about a person, as a grant.
#pragma once
#include <array>

#include "base/reason.hpp"

namespace claviger::reason {

inline constexpr Reason assertion_missing{"assertion.missing", ErrorCode::invalid_request,
                                          "RFC7523-2.1", "the parameter assertion is missing",
                                          "send the signed JWT in assertion"};
inline constexpr Reason assertion_public{
    "assertion.public", ErrorCode::unauthorized_client, "RFC7523-2.1",
    "only a client that can prove who it is may speak for people",
    "register the client with private_key_jwt"};
inline constexpr Reason assertion_unsound{
    "assertion.unsound", ErrorCode::invalid_grant, "RFC7523-3.1", "the assertion is not valid",
    "send a signed JWT in compact form, without crit, at most 8 KiB"};
inline constexpr Reason assertion_type{
    "assertion.type", ErrorCode::invalid_grant, "RFC8725-3.11", "the assertion is not valid",
    "the typ header says that this JWT is something else: leave it out, or send JWT"};
inline constexpr Reason assertion_algorithm{"assertion.algorithm", ErrorCode::invalid_grant,
                                            "RFC8725-3.1", "the assertion is not valid",
                                            "sign with RS256, PS256, ES256 or EdDSA"};
inline constexpr Reason assertion_key{
    "assertion.key", ErrorCode::invalid_grant, "RFC7523-3.1", "the assertion is not valid",
    "publish the key that signed, under its kid, in the registered jwks or behind jwks_uri"};
inline constexpr Reason assertion_signature{"assertion.signature", ErrorCode::invalid_grant,
                                            "RFC7523-3.1", "the assertion is not valid",
                                            "sign with a key that this client published"};
inline constexpr Reason assertion_issuer{"assertion.issuer", ErrorCode::invalid_grant, "RFC7523-3",
                                         "the assertion is not valid",
                                         "iss is the client_id, and sub is a person"};
inline constexpr Reason assertion_audience{"assertion.audience", ErrorCode::invalid_grant,
                                           "RFC7523-3", "the assertion is not valid",
                                           "aud is the issuer, as one string"};
inline constexpr Reason assertion_lifetime{
    "assertion.lifetime", ErrorCode::invalid_grant, "RFC7523-3", "the assertion is not valid",
    "send exp, and iat and nbf if at all, as numbers of seconds, none of them behind exp"};
inline constexpr Reason assertion_expired{
    "assertion.expired", ErrorCode::invalid_grant, "RFC7523-3", "the assertion has expired",
    "make an assertion for each request, and look at the clock of the client"};
inline constexpr Reason assertion_too_long{"assertion.too_long", ErrorCode::invalid_grant,
                                           "RFC7523-3", "the assertion is not valid",
                                           "let exp be at most five minutes ahead"};
inline constexpr Reason assertion_not_yet{
    "assertion.not_yet", ErrorCode::invalid_grant, "RFC7523-3", "the assertion is not valid",
    "iat or nbf lies in the future: look at the clock of the client"};
inline constexpr Reason assertion_no_id{"assertion.no_id", ErrorCode::invalid_grant, "RFC7523-3",
                                        "the assertion is not valid",
                                        "send a jti that no other assertion has"};
inline constexpr Reason assertion_replayed{"assertion.replayed", ErrorCode::invalid_grant,
                                           "RFC7523-3", "the assertion was used already",
                                           "make an assertion for each request"};
inline constexpr Reason assertion_other_epoch{
    "assertion.other_epoch", ErrorCode::invalid_grant, "RFC7523-3", "the assertion is not valid",
    "it may have been used before the data was restored: make another, with iat"};
inline constexpr Reason assertion_subject{
    "assertion.subject", ErrorCode::invalid_grant, "RFC7523-3", "the assertion is not valid",
    "sub is the subject that this client was told; clients with pairwise subjects can't use this "
    "grant"};
inline constexpr Reason assertion_no_consent{
    "assertion.no_consent", ErrorCode::invalid_grant, "RFC7521-5.2",
    "the person has not allowed this client so much",
    "let the person sign in with this client and consent once"};

inline constexpr std::array kAllAssertion{
    &assertion_missing,    &assertion_public,      &assertion_unsound,   &assertion_type,
    &assertion_algorithm,  &assertion_key,         &assertion_signature, &assertion_issuer,
    &assertion_audience,   &assertion_lifetime,    &assertion_expired,   &assertion_too_long,
    &assertion_not_yet,    &assertion_no_id,       &assertion_replayed,  &assertion_subject,
    &assertion_no_consent, &assertion_other_epoch,
};

}  // namespace claviger::reason
