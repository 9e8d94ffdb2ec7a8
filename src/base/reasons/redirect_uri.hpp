// Refusals of redirect URIs: when one is used, and when one is to be registered.
#pragma once
#include <array>

#include "base/reason.hpp"

namespace claviger::reason {

inline constexpr Reason redirect_none_registered{
    "redirect_uri.none_registered", ErrorCode::invalid_redirect_uri, "RFC9700-2.1",
    "the client has no registered redirect_uri", "register the redirect_uri of the client"};
inline constexpr Reason redirect_missing{
    "redirect_uri.missing", ErrorCode::invalid_redirect_uri, "OAUTH21-2.3.2",
    "redirect_uri may be left out only when exactly one is registered",
    "send the redirect_uri that this request is to return to"};
inline constexpr Reason redirect_missing_openid{
    "redirect_uri.missing_openid", ErrorCode::invalid_redirect_uri, "OIDCC-3.1.2.1",
    "a request with scope openid always names its redirect_uri",
    "send the redirect_uri that this request is to return to"};
inline constexpr Reason redirect_malformed{
    "redirect_uri.malformed", ErrorCode::invalid_redirect_uri, "RFC6749-3.1.2",
    "redirect_uri is too long or has characters that no registered one can have",
    "send the redirect_uri exactly as it was registered"};
inline constexpr Reason redirect_mismatch{
    "redirect_uri.mismatch", ErrorCode::invalid_redirect_uri, "RFC9700-2.1",
    "redirect_uri is not one of those registered, compared byte for byte",
    "register this redirect_uri, or send a registered one unchanged"};
inline constexpr Reason redirect_bad_character{
    "redirect_uri.bad_character", ErrorCode::invalid_redirect_uri, "RFC3986-2",
    "redirect_uri is empty, longer than 2048 bytes, or has a character that no URI has",
    "percent-encode everything outside visible ASCII; a backslash is never right"};
inline constexpr Reason redirect_wildcard{
    "redirect_uri.wildcard", ErrorCode::invalid_redirect_uri, "RFC9700-2.1",
    "redirect_uri has a wildcard",
    "register every redirect_uri in full: they are compared byte for byte"};
inline constexpr Reason redirect_fragment{"redirect_uri.fragment", ErrorCode::invalid_redirect_uri,
                                          "RFC6749-3.1.2", "redirect_uri has a fragment",
                                          "register it without the part that begins with #"};
inline constexpr Reason redirect_not_absolute{
    "redirect_uri.not_absolute", ErrorCode::invalid_redirect_uri, "RFC6749-3.1.2",
    "redirect_uri is not an absolute URI", "write it in full, beginning with https://"};
inline constexpr Reason redirect_userinfo{
    "redirect_uri.userinfo", ErrorCode::invalid_redirect_uri, "RFC9700-4.1.3",
    "redirect_uri has a user name or an at sign before its path", "leave the user name out"};
inline constexpr Reason redirect_host{
    "redirect_uri.host", ErrorCode::invalid_redirect_uri, "RFC3986-3.2.2",
    "redirect_uri has no plain host name or address",
    "use a host name of letters, digits, hyphens and dots, or an address; a port from 1 to 65535"};
inline constexpr Reason redirect_path{
    "redirect_uri.path", ErrorCode::invalid_redirect_uri, "RFC3986-3.3",
    "redirect_uri has dot segments or encoded control characters",
    "write the path as browsers ask for it, without . and .. segments"};
inline constexpr Reason redirect_plain_http{
    "redirect_uri.plain_http", ErrorCode::invalid_redirect_uri, "RFC9700-2.1",
    "redirect_uri is plain http to another host than this machine",
    "use https, or http for 127.0.0.1, [::1] or localhost alone"};
inline constexpr Reason redirect_scheme{
    "redirect_uri.scheme", ErrorCode::invalid_redirect_uri, "OAUTH21-2.3.1",
    "redirect_uri has a scheme that may not be registered",
    "use https; a native application a scheme like com.example.app, after a domain of its maker"};
inline constexpr Reason redirect_private_scheme{
    "redirect_uri.private_scheme", ErrorCode::invalid_redirect_uri, "RFC8252-7.1",
    "a private scheme is for public clients only",
    "register the client with token_endpoint_auth_method none, or use https"};

inline constexpr std::array kAllRedirectUri{
    &redirect_none_registered, &redirect_missing,  &redirect_missing_openid,
    &redirect_malformed,       &redirect_mismatch, &redirect_bad_character,
    &redirect_wildcard,        &redirect_fragment, &redirect_not_absolute,
    &redirect_userinfo,        &redirect_host,     &redirect_path,
    &redirect_plain_http,      &redirect_scheme,   &redirect_private_scheme,
};

}  // namespace claviger::reason
