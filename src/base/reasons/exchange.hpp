// Refusals of token exchange.
#pragma once
#include <array>

#include "base/reason.hpp"

namespace claviger::reason {

inline constexpr Reason exchange_parameter_missing{
    "exchange.parameter_missing", ErrorCode::invalid_request, "RFC8693-2.1",
    "subject_token and subject_token_type are both needed",
    "send the token to be exchanged and what kind of token it is"};
inline constexpr Reason exchange_actor_incomplete{
    "exchange.actor_incomplete", ErrorCode::invalid_request, "RFC8693-2.1",
    "actor_token and actor_token_type belong together", "send both, or neither"};
inline constexpr Reason exchange_token_type{
    "exchange.token_type", ErrorCode::invalid_request, "RFC8693-3",
    "only access tokens of this server can be exchanged",
    "send urn:ietf:params:oauth:token-type:access_token or jwt as the type"};
inline constexpr Reason exchange_requested_type{
    "exchange.requested_type", ErrorCode::invalid_request, "RFC8693-2.1",
    "only an access token can be had in exchange",
    "leave requested_token_type out, or send urn:ietf:params:oauth:token-type:access_token"};
inline constexpr Reason exchange_subject_invalid{
    "exchange.subject_invalid", ErrorCode::invalid_request, "RFC8693-2.2.2",
    "the subject token is not valid",
    "send an access token of this server that is neither expired nor revoked"};
inline constexpr Reason exchange_actor_invalid{
    "exchange.actor_invalid", ErrorCode::invalid_request, "RFC8693-2.2.2",
    "the actor token is not valid",
    "send an access token that this client got here and that is still good"};
inline constexpr Reason exchange_no_person{
    "exchange.no_person", ErrorCode::invalid_request, "RFC8693-2.2.2",
    "the subject token speaks for no person",
    "a client that wants a token of its own asks with client_credentials"};
inline constexpr Reason exchange_not_meant{
    "exchange.not_meant", ErrorCode::invalid_request, "RFC8693-2.2.2",
    "the subject token was not made for this client",
    "exchange tokens that this client got, or whose audience names it"};
inline constexpr Reason exchange_public{
    "exchange.public", ErrorCode::unauthorized_client, "RFC8693-5",
    "only a client that can prove who it is may exchange tokens",
    "register the client with a secret or a key"};
inline constexpr Reason exchange_scope{
    "exchange.scope", ErrorCode::invalid_scope, "RFC8693-2.1",
    "a scope was asked for that the subject token does not have or this client may not have",
    "ask for a part of what the subject token allows"};
inline constexpr Reason exchange_target{
    "exchange.target", ErrorCode::invalid_target, "RFC8693-2.2.2",
    "the subject token may not be exchanged for this audience",
    "ask for a resource that is offered here, or leave audience and resource out"};
inline constexpr Reason exchange_too_deep{"exchange.too_deep", ErrorCode::invalid_request,
                                          "RFC8693-4.1", "too many parties act for one another",
                                          "exchange a token nearer to its origin"};

inline constexpr std::array kAllExchange{
    &exchange_parameter_missing,
    &exchange_actor_incomplete,
    &exchange_token_type,
    &exchange_requested_type,
    &exchange_subject_invalid,
    &exchange_actor_invalid,
    &exchange_no_person,
    &exchange_not_meant,
    &exchange_public,
    &exchange_scope,
    &exchange_target,
    &exchange_too_deep,
};

}  // namespace claviger::reason
