// Refusals of the claims parameter.
#pragma once
#include <array>

#include "base/reason.hpp"

namespace claviger::reason {

inline constexpr Reason claims_too_long{"claims.too_long", ErrorCode::invalid_request, "OIDCC-5.5",
                                        "the claims parameter is too long",
                                        "ask for at most 64 claims in at most 4096 bytes"};
inline constexpr Reason claims_malformed{
    "claims.malformed", ErrorCode::invalid_request, "OIDCC-5.5",
    "the claims parameter is not a well-formed JSON object",
    "send one JSON object with the members userinfo and id_token, without repeated names"};
inline constexpr Reason claims_member{
    "claims.member", ErrorCode::invalid_request, "OIDCC-5.5.1",
    "a member of the claims parameter is neither null nor an object of its form",
    "each claim is null or an object: essential is a boolean, values a list"};

inline constexpr std::array kAllClaimsRequest{
    &claims_too_long,
    &claims_malformed,
    &claims_member,
};

}  // namespace claviger::reason
