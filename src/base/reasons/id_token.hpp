// Refusals around what we sign for clients: ID tokens, signed answers, and hints that come back.
#pragma once
#include <array>

#include "base/reason.hpp"

namespace claviger::reason {

inline constexpr Reason id_token_no_key{
    "id_token.no_key", ErrorCode::server_error, "OIDCC-10.1",
    "the server has no active key of the algorithm that this client registered",
    "add the algorithm to [keys] algs, or register another one for the client"};
inline constexpr Reason id_token_no_recipient{
    "id_token.no_recipient", ErrorCode::invalid_client_metadata, "OIDCC-10.2",
    "the client wants this encrypted and publishes no key that fits",
    "publish a key of use enc that fits the registered alg in jwks or at jwks_uri"};
inline constexpr Reason id_token_hint_invalid{
    "id_token_hint.invalid", ErrorCode::invalid_request, "OIDCC-3.1.2.1",
    "the id_token_hint is no ID token of this server",
    "send an ID token that this server signed, all of it; an expired one will do"};

inline constexpr std::array kAllIdToken{
    &id_token_no_key,
    &id_token_no_recipient,
    &id_token_hint_invalid,
};

}  // namespace claviger::reason
