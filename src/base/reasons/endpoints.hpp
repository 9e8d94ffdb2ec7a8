// Refusals that arise where rules meet I/O: cookies, transactions, the protected call, open
// registration.
#pragma once
#include <array>

#include "base/reason.hpp"

namespace claviger::reason {

inline constexpr Reason form_malformed{
    "request.form_malformed", ErrorCode::invalid_request, "RFC6749-3.2",
    "the body is not a well-formed application/x-www-form-urlencoded form",
    "encode names and values as UTF-8 with percent-encoding, at most 128 of them"};
inline constexpr Reason query_malformed{
    "request.query_malformed", ErrorCode::invalid_request, "RFC6749-3.1",
    "the query of the URL is not well-formed",
    "encode names and values as UTF-8 with percent-encoding, at most 128 of them"};
inline constexpr Reason json_malformed{
    "request.json_malformed", ErrorCode::invalid_request, "RFC8259-2",
    "the body is not a well-formed JSON document",
    "send one JSON object in UTF-8, without repeated names, at most 16 levels deep"};
inline constexpr Reason target_too_long{
    "authorize.request_too_long", ErrorCode::invalid_request, "RFC6749-3.1",
    "the authorization request is too long",
    "keep the request under 8 KiB; send large values by other means"};

inline constexpr Reason transaction_malformed{
    "transaction.malformed", ErrorCode::restart_needed, "RFC6749-4.1.1",
    "the page was opened without a valid sign-in request",
    "begin at the application; the txn parameter is made by the server"};
inline constexpr Reason transaction_unknown{
    "transaction.unknown", ErrorCode::restart_needed, "RFC6749-4.1.1",
    "the sign-in request is not known or was removed long ago", "begin again at the application"};
inline constexpr Reason transaction_foreign{
    "transaction.foreign", ErrorCode::restart_needed, "RFC9700-4.7",
    "the sign-in request was begun in another browser",
    "begin again at the application in this browser, with cookies allowed"};
inline constexpr Reason transaction_other_epoch{
    "transaction.other_epoch", ErrorCode::restart_needed, "RFC6749-10.5",
    "the sign-in request was begun before the data was restored", "begin again at the application"};
inline constexpr Reason action_unknown{"page.action_unknown", ErrorCode::forbidden, "RFC9700-4.7",
                                       "the form did not say which button was pressed",
                                       "use the buttons of the page"};
inline constexpr Reason csrf_mismatch{"logout.csrf_mismatch", ErrorCode::forbidden, "RFC9700-4.7",
                                      "the form does not belong to this browser session",
                                      "open the sign-out page again and use its button"};
inline constexpr Reason hashing_busy{
    "login.hashing_busy", ErrorCode::temporarily_unavailable, "RFC9110-15.6.4",
    "too many sign-ins are being checked at this moment", "try again in a few seconds"};

inline constexpr Reason client_throttled{
    "client.too_many_failures", ErrorCode::too_many_requests, "OAUTH21-2.4.1",
    "too many failed authentications of this client from this address",
    "wait, then send the right client_secret"};

inline constexpr Reason api_no_token{
    "api.no_token", ErrorCode::invalid_token, "RFC6750-3",
    "an access token is needed: Authorization: Bearer",
    "send the access_token from /token in the Authorization header"};
inline constexpr Reason api_token_in_query{
    "api.token_in_query", ErrorCode::invalid_request, "RFC6750-2.3",
    "an access token must not stand in the URL", "send it in the Authorization header"};
inline constexpr Reason api_bad_header{"api.bad_header", ErrorCode::invalid_token, "RFC6750-2.1",
                                       "the Authorization header holds no well-formed bearer token",
                                       "send Authorization: Bearer, one space, the token"};

inline constexpr Reason registration_closed{
    "registration.closed", ErrorCode::registration_closed, "RFC7591-3",
    "open registration is off here: set registration.open in the configuration, or use the command "
    "line",
    "set [registration] open to yes, or run claviger client add and claviger user add"};
inline constexpr Reason registration_cross_site{
    "registration.cross_site", ErrorCode::forbidden, "RFC9700-2.6",
    "a page of another site may not register anything here",
    "call this endpoint from a program, not from a web page of another origin"};
inline constexpr Reason client_conflict{
    "registration.client_conflict", ErrorCode::conflict, "RFC7591-3.2.2",
    "a client with this client_id and other details is registered already",
    "choose another client_id; registered clients are never changed by this call"};
inline constexpr Reason user_conflict{
    "registration.user_conflict", ErrorCode::conflict, "RFC7591-3.2.2",
    "a user with this username or email and other details is registered already",
    "choose another username and email; registered users are never changed by this call"};

inline constexpr Reason explain_unknown{
    "explain.unknown", ErrorCode::not_found, "RFC9110-15.5.5",
    "no refusal with this request id is remembered",
    "the last 4096 refusals of a running server are kept; older ones stand in its log"};

inline constexpr std::array kAllEndpointReasons{
    &form_malformed,
    &query_malformed,
    &json_malformed,
    &target_too_long,
    &transaction_malformed,
    &transaction_unknown,
    &transaction_foreign,
    &transaction_other_epoch,
    &action_unknown,
    &csrf_mismatch,
    &hashing_busy,
    &client_throttled,
    &api_no_token,
    &api_token_in_query,
    &api_bad_header,
    &registration_closed,
    &registration_cross_site,
    &client_conflict,
    &user_conflict,
    &explain_unknown,
};

}  // namespace claviger::reason
