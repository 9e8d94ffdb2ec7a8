// Who may register a client or manage one (RFC7591-3, RFC7592-2).
#pragma once
#include <array>

#include "base/reason.hpp"

namespace claviger::reason {

inline constexpr Reason initial_token_invalid{
    "initial_access_token.invalid", ErrorCode::invalid_token, "RFC7591-3",
    "the initial access token is malformed, unknown, expired or used up",
    "ask the operator for another: claviger registration-token add"};
inline constexpr Reason initial_token_other_epoch{
    "initial_access_token.other_epoch", ErrorCode::invalid_token, "RFC7591-3",
    "the initial access token is malformed, unknown, expired or used up",
    "how often it was used before the data was restored is not known: ask the operator for "
    "another"};
inline constexpr Reason registration_token_invalid{
    "registration_access_token.invalid", ErrorCode::invalid_token, "RFC7592-3",
    "this needs the registration access token of this very client",
    "send the registration_access_token of the client as Authorization: Bearer"};
inline constexpr Reason registration_full{
    "registration.full", ErrorCode::too_many_requests, "RFC7591-5",
    "too many clients have registered themselves here",
    "try again later: unused clients are removed; or ask the operator for an initial access token"};
inline constexpr Reason registration_client_disabled{
    "registration.client_disabled", ErrorCode::forbidden, "RFC7592-2.2",
    "the client is disabled and cannot be changed", "ask the operator to enable it"};
inline constexpr Reason registration_other_id{
    "registration.other_id", ErrorCode::invalid_client_metadata, "RFC7592-2.2",
    "client_id is missing from the update or names another client",
    "send the client_id that was registered"};
inline constexpr Reason registration_other_secret{
    "registration.other_secret", ErrorCode::invalid_client_metadata, "RFC7592-2.2",
    "client_secret differs from the one in force and cannot be chosen",
    "leave client_secret out, or send the one that was issued"};
inline constexpr Reason registration_raced{"registration.raced", ErrorCode::conflict, "RFC7592-2.2",
                                           "the client was changed at the same moment",
                                           "read the registration and try again"};
inline constexpr Reason logo_unknown{"logo.unknown", ErrorCode::not_found, "RFC9110-15.5.5",
                                     "no logo of this client is kept",
                                     "logos are PNG, JPEG or WebP of at most 100 KiB"};

inline constexpr std::array kAllRegistrationAccess{
    &initial_token_invalid,     &initial_token_other_epoch,    &registration_token_invalid,
    &registration_full,         &registration_client_disabled, &registration_other_id,
    &registration_other_secret, &registration_raced,           &logo_unknown};

}  // namespace claviger::reason
