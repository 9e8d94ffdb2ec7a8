// Refusals of request objects: what was sent in one, and what it was fetched from.
#pragma once
#include <array>

#include "base/reason.hpp"

namespace claviger::reason {

inline constexpr Reason request_object_twice{
    "request_object.twice", ErrorCode::invalid_request, "OIDCC-6.1",
    "request and request_uri may not be sent together", "send one of the two, once"};
inline constexpr Reason request_uri_not_offered{
    "request_object.uri_not_offered", ErrorCode::request_uri_not_supported, "OIDCC-6.2",
    "this client may not pass its request by this reference",
    "register the address in request_uris, for a client of the profile oidc_compat, or send the "
    "object itself"};
inline constexpr Reason request_uri_unreachable{
    "request_object.uri_unreachable", ErrorCode::invalid_request_uri, "OIDCC-6.2.2",
    "what request_uri points to could not be fetched",
    "serve the object there with status 200, in at most 65536 bytes"};
inline constexpr Reason request_object_no_keys{
    "request_object.no_keys", ErrorCode::invalid_request_object, "RFC9101-6.2",
    "the client has published no key that could have signed its request object",
    "register jwks or jwks_uri with the key, and name it by kid"};
inline constexpr Reason request_object_signature{
    "request_object.signature", ErrorCode::invalid_request_object, "RFC9101-6.2",
    "the request object is no JWT that a key of this client signed",
    "sign it as a compact JWS with a registered key; an unsigned one is never taken"};
inline constexpr Reason request_object_algorithm{
    "request_object.algorithm", ErrorCode::invalid_request_object, "RFC9101-6.2",
    "the request object is signed by another algorithm than the client registered",
    "sign it by request_object_signing_alg, or register the algorithm that is used"};
inline constexpr Reason request_object_type{
    "request_object.type", ErrorCode::invalid_request_object, "RFC9101-10.8",
    "this JWT was made for something else than a request",
    "leave typ out, or set it to oauth-authz-req+jwt; leave sub out"};
inline constexpr Reason request_object_issuer{
    "request_object.issuer", ErrorCode::invalid_request_object, "RFC9101-4",
    "iss of the request object is not the client", "set iss to the client_id, or leave it out"};
inline constexpr Reason request_object_audience{
    "request_object.audience", ErrorCode::invalid_request_object, "RFC9101-4",
    "aud of the request object is not this server",
    "set aud to the issuer identifier of this server, or leave it out"};
inline constexpr Reason request_object_time{
    "request_object.time", ErrorCode::invalid_request_object, "RFC7519-4.1.4",
    "the request object has expired or is not valid yet",
    "set exp in the future, nbf and iat not in the future, and mend the clock"};
inline constexpr Reason request_object_nested{
    "request_object.nested", ErrorCode::invalid_request_object, "RFC9101-4",
    "a request object has no request and no request_uri inside", "leave the two out of the object"};
inline constexpr Reason request_object_member{
    "request_object.member", ErrorCode::invalid_request_object, "RFC9101-4",
    "a member of the request object has no form that a parameter can have",
    "send strings and numbers; claims as an object, resource as a list of strings"};
inline constexpr Reason request_object_differs{
    "request_object.differs", ErrorCode::invalid_request_object, "OIDCC-6.1",
    "client_id or response_type of the request object differs from that beside it",
    "send the same two values inside and outside"};

inline constexpr std::array kAllRequestObject{
    &request_object_twice,   &request_uri_not_offered,  &request_uri_unreachable,
    &request_object_no_keys, &request_object_signature, &request_object_algorithm,
    &request_object_type,    &request_object_issuer,    &request_object_audience,
    &request_object_time,    &request_object_nested,    &request_object_member,
    &request_object_differs,
};

}  // namespace claviger::reason
