// Refusals of what a client wants to be known for: the members of RFC7591-2 and OIDCDR-2.
#pragma once
#include <array>

#include "base/reason.hpp"

namespace claviger::reason {

inline constexpr Reason client_metadata_unfit_grant{
    "client_metadata.unfit_grant", ErrorCode::invalid_client_metadata, "OIDCDR-2",
    "grant_types and response_types do not fit together",
    "code needs authorization_code, id_token and token need implicit, a hybrid type needs both"};
inline constexpr Reason client_metadata_profile{
    "client_metadata.profile", ErrorCode::invalid_client_metadata, "OAUTH21-10.1",
    "implicit and hybrid response types and request_uris are not open to this client",
    "use the response type code, or ask the operator for the profile oidc_compat"};
inline constexpr Reason client_metadata_operator_grant{
    "client_metadata.operator_grant", ErrorCode::invalid_client_metadata, "RFC7591-5",
    "grant_types has a value that only the operator can allow",
    "leave token exchange and jwt-bearer out, and ask the operator to add them"};
inline constexpr Reason client_metadata_public_grant{
    "client_metadata.public_grant", ErrorCode::invalid_client_metadata, "RFC6749-4.4",
    "client_credentials and token exchange are only for clients that authenticate",
    "choose a token_endpoint_auth_method other than none"};
inline constexpr Reason client_metadata_implicit_redirect{
    "client_metadata.implicit_redirect", ErrorCode::invalid_redirect_uri, "OIDCDR-2",
    "a web client with the implicit grant needs https redirect URIs that are not localhost",
    "register https redirect URIs, or use the authorization code grant alone"};
inline constexpr Reason client_metadata_jwks{
    "client_metadata.jwks", ErrorCode::invalid_client_metadata, "RFC7517-5",
    "jwks is no set of sound public keys",
    "send public keys alone, each kid once, RSA of 2048 bits and more, at most 32"};
inline constexpr Reason client_metadata_jwks_twice{
    "client_metadata.jwks_twice", ErrorCode::invalid_client_metadata, "RFC7591-2",
    "jwks and jwks_uri must not both be present", "send one of them"};
inline constexpr Reason client_metadata_no_keys{
    "client_metadata.no_keys", ErrorCode::invalid_client_metadata, "OIDCDR-2",
    "private_key_jwt and encryption need keys of the client that fit",
    "send jwks_uri, or jwks with a key for the algorithm"};
inline constexpr Reason client_metadata_signing_alg{
    "client_metadata.signing_alg", ErrorCode::invalid_client_metadata, "OIDCDR-2",
    "a signing algorithm is not offered here, or does not fit the authentication method",
    "use what the metadata of this server lists; none and HS256 protect nothing here"};
inline constexpr Reason client_metadata_encryption{
    "client_metadata.encryption", ErrorCode::invalid_client_metadata, "OIDCDR-2",
    "an encryption algorithm is not offered here, or its enc came without alg",
    "use what the metadata of this server lists; request objects cannot be encrypted"};
inline constexpr Reason client_metadata_uri{
    "client_metadata.uri", ErrorCode::invalid_client_metadata, "RFC7591-2",
    "a member that holds a URI is not a plain https URI",
    "send https URIs without userinfo and fragment, of at most 2048 characters"};
inline constexpr Reason client_metadata_initiate_login{
    "client_metadata.initiate_login_uri", ErrorCode::invalid_client_metadata, "OIDCC-4",
    "initiate_login_uri must be an https URI", "send an https URI"};
inline constexpr Reason client_metadata_request_uris{
    "client_metadata.request_uris", ErrorCode::invalid_client_metadata, "OIDCDR-2",
    "request_uris must be https URIs, at most 32", "send https URIs; a fragment may follow"};
inline constexpr Reason client_metadata_logout_uri{
    "client_metadata.logout_uri", ErrorCode::invalid_client_metadata, "OIDCFC-2",
    "frontchannel_logout_uri has another origin than every redirect URI",
    "use scheme, host and port of one of the redirect URIs"};
inline constexpr Reason client_metadata_post_logout{
    "client_metadata.post_logout_redirect_uris", ErrorCode::invalid_client_metadata, "OIDCRL-3.1",
    "more than 32 post-logout redirect URIs", "register fewer"};
inline constexpr Reason client_metadata_subject_type{
    "client_metadata.subject_type", ErrorCode::invalid_client_metadata, "OIDCDR-2",
    "subject_type is not supported", "use public or pairwise"};
inline constexpr Reason client_metadata_sector{
    "client_metadata.sector", ErrorCode::invalid_client_metadata, "OIDCC-8.1",
    "pairwise subjects need one host in all redirect URIs, or a sector_identifier_uri",
    "register a sector_identifier_uri that lists every redirect URI"};
inline constexpr Reason client_metadata_sector_document{
    "client_metadata.sector_document", ErrorCode::invalid_client_metadata, "OIDCDR-5",
    "sector_identifier_uri did not answer with a JSON array that has every redirect URI",
    "serve it over https with status 200 and list every registered redirect URI"};
inline constexpr Reason client_metadata_text{
    "client_metadata.text", ErrorCode::invalid_client_metadata, "RFC7591-2",
    "a text is too long, has control characters, or there are too many of it",
    "send contacts, default_acr_values and software members of at most 256 bytes, 32 of each"};
inline constexpr Reason client_metadata_max_age{
    "client_metadata.default_max_age", ErrorCode::invalid_client_metadata, "OIDCDR-2",
    "default_max_age is not a whole number of seconds from 0", "send a number such as 3600"};
inline constexpr Reason client_metadata_software_statement{
    "client_metadata.software_statement", ErrorCode::invalid_software_statement, "RFC7591-2.3",
    "software statements are not accepted here", "leave software_statement out"};
inline constexpr Reason client_metadata_method_changed{
    "client_metadata.method_changed", ErrorCode::invalid_client_metadata, "RFC7592-2.2",
    "token_endpoint_auth_method cannot become one for which the client has no secret, nor none",
    "register another client with that method"};

inline constexpr std::array kAllClientMetadata{
    &client_metadata_unfit_grant,
    &client_metadata_profile,
    &client_metadata_operator_grant,
    &client_metadata_public_grant,
    &client_metadata_implicit_redirect,
    &client_metadata_jwks,
    &client_metadata_jwks_twice,
    &client_metadata_no_keys,
    &client_metadata_signing_alg,
    &client_metadata_encryption,
    &client_metadata_uri,
    &client_metadata_initiate_login,
    &client_metadata_request_uris,
    &client_metadata_logout_uri,
    &client_metadata_post_logout,
    &client_metadata_subject_type,
    &client_metadata_sector,
    &client_metadata_sector_document,
    &client_metadata_text,
    &client_metadata_max_age,
    &client_metadata_software_statement,
    &client_metadata_method_changed,
};

}  // namespace claviger::reason
