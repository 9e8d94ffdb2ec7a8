// Refusals of the token request itself. Those of what it carries have files of their own, which
// come along.
#pragma once
#include <array>

#include "base/reason.hpp"
#include "base/reasons/access_token.hpp"
#include "base/reasons/client_authentication.hpp"
#include "base/reasons/code.hpp"
#include "base/reasons/gate.hpp"
#include "base/reasons/refresh_token.hpp"

namespace claviger::reason {

inline constexpr Reason token_parameter_repeated{
    "token.parameter_repeated", ErrorCode::invalid_request, "OAUTH21-3.2",
    "a parameter was sent more than once", "send each parameter once, in the body"};
inline constexpr Reason token_parameter_in_query{
    "token.parameter_in_query", ErrorCode::invalid_request, "RFC6749-3.2",
    "a parameter stands both in the URL and in the body", "send parameters in the body only"};
inline constexpr Reason token_grant_type_missing{
    "token.grant_type_missing", ErrorCode::invalid_request, "RFC6749-4.1.3",
    "the parameter grant_type is missing", "send one of the grant_types_supported of the metadata"};
inline constexpr Reason token_grant_type_unknown{
    "token.grant_type_unknown", ErrorCode::unsupported_grant_type, "RFC6749-5.2",
    "this grant_type is not supported", "send one of the grant_types_supported of the metadata"};
inline constexpr Reason token_code_missing{"token.code_missing", ErrorCode::invalid_request,
                                           "RFC6749-4.1.3", "the parameter code is missing",
                                           "send the code of the authorization response"};
inline constexpr Reason token_refresh_token_missing{
    "token.refresh_token_missing", ErrorCode::invalid_request, "RFC6749-6",
    "the parameter refresh_token is missing", "send the refresh_token of the last answer"};
inline constexpr Reason token_resource_widened{
    "token.resource_widened", ErrorCode::invalid_target, "RFC8707-2.2",
    "a resource was not granted", "ask for resources at the authorization endpoint first"};

inline constexpr std::array kAllToken{
    &token_resource_widened,      &token_parameter_repeated, &token_parameter_in_query,
    &token_grant_type_missing,    &token_grant_type_unknown, &token_code_missing,
    &token_refresh_token_missing,
};

}  // namespace claviger::reason
