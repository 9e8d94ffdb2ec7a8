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
    "send the secret in the header or in the body, or an assertion: one of them"};
inline constexpr Reason client_parameter_repeated{
    "client.parameter_repeated", ErrorCode::invalid_request, "OAUTH21-3.2",
    "client_id and client credentials may each be sent once", "send each of them once"};
inline constexpr Reason client_header_malformed{
    "client.header_malformed", ErrorCode::invalid_client, "RFC6749-2.3.1", kClientFailed,
    "send Authorization: Basic with base64(form-urlencoded id, colon, form-urlencoded secret)"};
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

inline constexpr Reason client_other_method{
    "client.other_method", ErrorCode::invalid_client, "RFC7591-2", kClientFailed,
    "authenticate by the token_endpoint_auth_method that this client registered"};

inline constexpr Reason client_assertion_type{
    "client.assertion_type", ErrorCode::invalid_request, "RFC7523-2.2",
    "client_assertion_type is not one that is supported here",
    "send urn:ietf:params:oauth:client-assertion-type:jwt-bearer"};
inline constexpr Reason client_assertion_missing{
    "client.assertion_missing", ErrorCode::invalid_client, "RFC7521-4.2", kClientFailed,
    "send the assertion itself in client_assertion"};
inline constexpr Reason client_assertion_unsound{
    "client.assertion_unsound", ErrorCode::invalid_client, "RFC7523-3", kClientFailed,
    "send a signed JWT in compact form, without crit, at most 8 KiB"};
inline constexpr Reason client_assertion_for_else{
    "client.assertion_for_else", ErrorCode::invalid_client, "RFC8725-3.11", kClientFailed,
    "the typ header says that this JWT is something else: leave it out, or send JWT"};
inline constexpr Reason client_assertion_algorithm{
    "client.assertion_algorithm", ErrorCode::invalid_client, "RFC8725-3.1", kClientFailed,
    "sign with the token_endpoint_auth_signing_alg that this client registered"};
inline constexpr Reason client_assertion_key{
    "client.assertion_key", ErrorCode::invalid_client, "RFC7523-3", kClientFailed,
    "publish the key that signed, under its kid, in the registered jwks or behind jwks_uri"};
inline constexpr Reason client_assertion_signature{
    "client.assertion_signature", ErrorCode::invalid_client, "RFC7523-3", kClientFailed,
    "sign with a key that this client published"};
inline constexpr Reason client_assertion_issuer{
    "client.assertion_issuer", ErrorCode::invalid_client, "RFC7523-3", kClientFailed,
    "iss and sub are both the client_id"};
inline constexpr Reason client_assertion_audience{
    "client.assertion_audience", ErrorCode::invalid_client, "RFC7523-3", kClientFailed,
    "aud is the issuer, as one string"};
inline constexpr Reason client_assertion_lifetime{
    "client.assertion_lifetime", ErrorCode::invalid_client, "RFC7523-3", kClientFailed,
    "send exp, and iat and nbf if at all, as numbers of seconds, none of them behind exp"};
inline constexpr Reason client_assertion_expired{
    "client.assertion_expired", ErrorCode::invalid_client, "RFC7523-3", kClientFailed,
    "make an assertion for each request, and look at the clock of the client"};
inline constexpr Reason client_assertion_too_long{
    "client.assertion_too_long", ErrorCode::invalid_client, "RFC7523-3", kClientFailed,
    "let exp be at most five minutes ahead"};
inline constexpr Reason client_assertion_not_yet{
    "client.assertion_not_yet", ErrorCode::invalid_client, "RFC7523-3", kClientFailed,
    "iat or nbf lies in the future: look at the clock of the client"};
inline constexpr Reason client_assertion_no_id{"client.assertion_no_id", ErrorCode::invalid_client,
                                               "OIDCC-9", kClientFailed,
                                               "send a jti that no other assertion has"};
inline constexpr Reason client_assertion_replayed{
    "client.assertion_replayed", ErrorCode::invalid_client, "RFC7523-3", kClientFailed,
    "an assertion with this jti was used before: make one for each request"};

inline constexpr Reason client_assertion_other_epoch{
    "client.assertion_other_epoch", ErrorCode::invalid_client, "RFC7523-3", kClientFailed,
    "it may have been used before the data was restored: make another, with iat"};

inline constexpr std::array kAllClientAuthentication{
    &client_credentials_in_query,
    &client_several_methods,
    &client_parameter_repeated,
    &client_header_malformed,
    &client_missing,
    &client_malformed,
    &client_id_differs,
    &client_unknown,
    &client_disabled,
    &client_secret_missing,
    &client_secret_unexpected,
    &client_secret_wrong,
    &client_secret_expired,
    &client_other_method,
    &client_assertion_type,
    &client_assertion_missing,
    &client_assertion_unsound,
    &client_assertion_for_else,
    &client_assertion_algorithm,
    &client_assertion_key,
    &client_assertion_signature,
    &client_assertion_issuer,
    &client_assertion_audience,
    &client_assertion_lifetime,
    &client_assertion_expired,
    &client_assertion_too_long,
    &client_assertion_not_yet,
    &client_assertion_no_id,
    &client_assertion_replayed,
    &client_assertion_other_epoch,
};

}  // namespace claviger::reason
