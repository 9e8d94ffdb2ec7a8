// Refusals of client authentication.
#pragma once
#include <array>

#include "base/reason.hpp"

namespace claviger::reason {

// One text for every cause, so that nobody learns which clients exist (CA-12); the id tells the
// operator which it was.
inline constexpr std::string_view kClientFailed = "client authentication failed";

inline constexpr Reason client_credentials_in_query{
    "client.credentials_in_query", ErrorCode::invalid_request, "OAUTH21-2.4.1",
    "client credentials must not stand in the URL",
    "send them in the Authorization header or in the body, and replace the secret: URLs are "
    "logged"};
inline constexpr Reason client_several_methods{
    "client.several_methods", ErrorCode::invalid_request, "OAUTH21-2.4",
    "the client authenticates in more than one way at once",
    "send the secret in the header or in the body, not in both"};
inline constexpr Reason client_parameter_repeated{
    "client.parameter_repeated", ErrorCode::invalid_request, "OAUTH21-3.2",
    "client_id and client_secret may each be sent once", "send each of the two once"};
inline constexpr Reason client_header_malformed{
    "client.header_malformed", ErrorCode::invalid_client, "RFC6749-2.3.1", kClientFailed,
    "send Authorization: Basic with base64(form-urlencoded id, colon, form-urlencoded secret)"};
inline constexpr Reason client_assertion_unsupported{
    "client.assertion_unsupported", ErrorCode::invalid_client, "RFC6749-5.2", kClientFailed,
    "assertions are not supported: use client_secret_basic, client_secret_post or none"};
inline constexpr Reason client_missing{"client.missing", ErrorCode::invalid_client, "RFC6749-5.2",
                                       kClientFailed,
                                       "send client_id, and the secret of a confidential client"};
inline constexpr Reason client_malformed{
    "client.malformed", ErrorCode::invalid_client, "RFC6749-A.1", kClientFailed,
    "send client_id and client_secret exactly as they were registered"};
inline constexpr Reason client_id_differs{
    "client.id_differs", ErrorCode::invalid_client, "RFC6749-3.2.1", kClientFailed,
    "the client_id of the body is not the one that the header authenticates"};
inline constexpr Reason client_unknown{"client.unknown", ErrorCode::invalid_client, "RFC6749-5.2",
                                       kClientFailed,
                                       "register the client, or correct its client_id"};
inline constexpr Reason client_disabled{"client.disabled", ErrorCode::invalid_client, "RFC6749-5.2",
                                        kClientFailed,
                                        "an operator disabled this client; ask to enable it"};
inline constexpr Reason client_secret_missing{
    "client.secret_missing", ErrorCode::invalid_client, "RFC6749-3.2.1", kClientFailed,
    "a confidential client sends its client_secret with every request"};
inline constexpr Reason client_secret_unexpected{
    "client.secret_unexpected", ErrorCode::invalid_client, "RFC6749-2.3", kClientFailed,
    "this client is public: it has no secret and must not send one"};
inline constexpr Reason client_secret_wrong{
    "client.secret_wrong", ErrorCode::invalid_client, "RFC6749-2.3.1", kClientFailed,
    "send the registered client_secret, or make a new one with claviger client rotate-secret"};
inline constexpr Reason client_secret_expired{
    "client.secret_expired", ErrorCode::invalid_client, "RFC7591-3.2.1", kClientFailed,
    "make a new secret with claviger client rotate-secret"};

inline constexpr std::array kAllClientAuthentication{
    &client_credentials_in_query,
    &client_several_methods,
    &client_parameter_repeated,
    &client_header_malformed,
    &client_assertion_unsupported,
    &client_missing,
    &client_malformed,
    &client_id_differs,
    &client_unknown,
    &client_disabled,
    &client_secret_missing,
    &client_secret_unexpected,
    &client_secret_wrong,
    &client_secret_expired,
};

}  // namespace claviger::reason
