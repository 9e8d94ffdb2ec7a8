// Refusals where an access token is presented, looked at or given back.
#pragma once
#include <array>

#include "base/reason.hpp"

namespace claviger::reason {

inline constexpr Reason bearer_twice{"bearer.twice", ErrorCode::invalid_request, "RFC6750-2",
                                     "the access token was sent in more than one way",
                                     "send it in the Authorization header alone"};
inline constexpr Reason userinfo_scope{"userinfo.scope", ErrorCode::insufficient_scope,
                                       "OIDCC-5.3.1", "the access token lacks the scope openid",
                                       "ask for the scope openid at the authorization endpoint"};
inline constexpr Reason introspection_public_client{
    "introspection.public_client", ErrorCode::invalid_client, "RFC7662-2.1",
    "client authentication failed",
    "a public client proves nothing: introspect with a client that has a secret or a key"};
inline constexpr Reason companion_token_missing{
    "companion.token_missing", ErrorCode::invalid_request, "RFC7662-2.1",
    "the parameter token is missing", "send the token in the body, as token"};
inline constexpr Reason companion_parameter_repeated{
    "companion.parameter_repeated", ErrorCode::invalid_request, "OAUTH21-3.2",
    "a parameter was sent more than once", "send each parameter once, in the body"};
inline constexpr Reason revocation_foreign{"revocation.foreign", ErrorCode::unauthorized_client,
                                           "RFC7009-2.1", "the token was issued to another client",
                                           "a client can give back its own tokens only"};

inline constexpr std::array kAllBearer{
    &bearer_twice,
    &userinfo_scope,
    &introspection_public_client,
    &companion_token_missing,
    &companion_parameter_repeated,
    &revocation_foreign,
};

}  // namespace claviger::reason
