// Refusals of what somebody wants to register: a client or a person.
#pragma once
#include <array>

#include "base/reason.hpp"

namespace claviger::reason {

inline constexpr Reason registration_not_an_object{
    "registration.not_an_object", ErrorCode::invalid_request, "RFC7591-3.1",
    "the body is not a JSON object", "send one JSON object"};
inline constexpr Reason registration_member_type{
    "registration.member_type", ErrorCode::invalid_client_metadata, "RFC7591-2",
    "a member has the wrong JSON type",
    "send lists as arrays of strings, jwks as an object, everything else as the standard says"};
inline constexpr Reason registration_repeated{"registration.repeated", ErrorCode::invalid_request,
                                              "RFC6749-3.2", "a parameter was sent more than once",
                                              "send each parameter once"};

inline constexpr Reason client_registration_id{
    "client_registration.client_id", ErrorCode::invalid_client_metadata, "RFC6749-A.1",
    "client_id is not 1 to 256 visible ASCII characters, or begins like a URL",
    "leave spaces and quotes out, and do not begin with https://"};
inline constexpr Reason client_registration_secret{
    "client_registration.secret", ErrorCode::invalid_client_metadata, "RFC6749-A.2",
    "client_secret is empty, longer than 1024 bytes or not printable ASCII",
    "leave client_secret out: then a strong one is made for the client"};
inline constexpr Reason client_registration_secret_short{
    "client_registration.secret_short", ErrorCode::invalid_client_metadata, "OAUTH21-2.4.1",
    "client_secret has fewer than 16 characters, or fewer than 32 for client_secret_jwt",
    "leave client_secret out: then a strong one is made for the client"};
inline constexpr Reason client_registration_secret_of_public{
    "client_registration.secret_of_public", ErrorCode::invalid_client_metadata, "RFC7591-2",
    "a client with token_endpoint_auth_method none or private_key_jwt has no secret",
    "leave client_secret out, or choose client_secret_basic"};
inline constexpr Reason client_registration_name{
    "client_registration.name", ErrorCode::invalid_client_metadata, "OAUTH21-7.9",
    "client_name is longer than 64 characters or has invisible or control characters",
    "send a short, plain name that people recognise"};
inline constexpr Reason client_registration_auth_method{
    "client_registration.auth_method", ErrorCode::invalid_client_metadata, "RFC7591-2",
    "token_endpoint_auth_method is not supported",
    "use client_secret_basic, client_secret_post, client_secret_jwt, private_key_jwt or none"};
inline constexpr Reason client_registration_grant_type{
    "client_registration.grant_type", ErrorCode::invalid_client_metadata, "RFC7591-2",
    "grant_types has a value that is not supported, or refresh_token without a grant that gives "
    "one",
    "use authorization_code, with refresh_token or without"};
inline constexpr Reason client_registration_response_type{
    "client_registration.response_type", ErrorCode::invalid_client_metadata, "RFC7591-2",
    "a response type is not supported", "send response_types with code, or leave it out"};
inline constexpr Reason client_registration_application_type{
    "client_registration.application_type", ErrorCode::invalid_client_metadata, "OIDCDR-2",
    "application_type is not supported", "use web or native"};
inline constexpr Reason client_registration_scope{
    "client_registration.scope", ErrorCode::invalid_client_metadata, "RFC7591-2",
    "scope is malformed, or nothing of it is offered here",
    "ask for scopes that scopes_supported lists, or leave scope out"};
inline constexpr Reason client_registration_no_redirect_uri{
    "client_registration.no_redirect_uri", ErrorCode::invalid_redirect_uri, "RFC7591-2",
    "the grants that redirect need at least one redirect_uri",
    "send redirect_uris with at least one URI"};
inline constexpr Reason client_registration_redirect_uris{
    "client_registration.redirect_uris", ErrorCode::invalid_redirect_uri, "RFC7591-2",
    "more than 32 redirect URIs", "register fewer"};

inline constexpr Reason user_registration_member_type{
    "user_registration.member_type", ErrorCode::invalid_request, "RFC8259-3",
    "a member is not a string", "send every member as a string"};
inline constexpr Reason user_registration_username{
    "user_registration.username", ErrorCode::invalid_request, "RFC8265-3.3",
    "username is missing, too long, or has spaces, invisible or control characters",
    "choose a name of 1 to 256 bytes, without an at sign unless it is the email itself"};
inline constexpr Reason user_registration_email{
    "user_registration.email", ErrorCode::invalid_request, "RFC5321-4.5.3.1",
    "email does not have the form of an address", "send it as name, at sign, host"};
inline constexpr Reason user_registration_name{
    "user_registration.name", ErrorCode::invalid_request, "RFC8266-2.1",
    "firstname or lastname is too long or has invisible or control characters",
    "send a name of at most 256 bytes"};
inline constexpr Reason user_registration_phone{
    "user_registration.phone", ErrorCode::invalid_request, "RFC3966-5.1.4",
    "phone is not a telephone number",
    "send 3 to 32 digits, spaces and punctuation, a plus sign before them if need be"};
inline constexpr Reason user_registration_password_missing{
    "user_registration.password_missing", ErrorCode::invalid_request, "RFC8265-4.2",
    "password is missing", "send a password"};
inline constexpr Reason user_registration_password_length{
    "user_registration.password_length", ErrorCode::invalid_request, "RFC8265-4.2",
    "password is not 12 to 1024 bytes of UTF-8 text",
    "choose a longer password, such as four words"};
inline constexpr Reason user_registration_password_weak{
    "user_registration.password_weak", ErrorCode::invalid_request, "RFC6819-5.1.4.1.2",
    "password is too easy to guess",
    "choose words that are not common together and are not the name of the user"};

inline constexpr std::array kAllRegistration{
    &registration_not_an_object,
    &registration_member_type,
    &registration_repeated,
    &client_registration_id,
    &client_registration_secret,
    &client_registration_secret_short,
    &client_registration_secret_of_public,
    &client_registration_name,
    &client_registration_auth_method,
    &client_registration_grant_type,
    &client_registration_response_type,
    &client_registration_application_type,
    &client_registration_scope,
    &client_registration_no_redirect_uri,
    &client_registration_redirect_uris,
    &user_registration_member_type,
    &user_registration_username,
    &user_registration_email,
    &user_registration_name,
    &user_registration_phone,
    &user_registration_password_missing,
    &user_registration_password_length,
    &user_registration_password_weak,
};

}  // namespace claviger::reason
