// Refusals of the HTTP layer: what arises before a handler sees anything.
#pragma once
#include <array>

#include "base/reason.hpp"

namespace claviger::reason {

inline constexpr Reason http_malformed{"http.malformed", ErrorCode::invalid_request, "RFC9112-2.2",
                                       "the request is not a well-formed HTTP message",
                                       "send HTTP/1.1 as RFC 9112 has it"};
inline constexpr Reason http_truncated{
    "http.truncated", ErrorCode::invalid_request, "RFC9112-8",
    "the connection ended in the middle of the request",
    "send as many bytes as Content-Length says, or the last chunk"};
inline constexpr Reason http_too_slow{"http.too_slow", ErrorCode::invalid_request, "RFC9110-15.5.9",
                                      "the request was not complete in time",
                                      "send the whole request at once"};
inline constexpr Reason http_line_ending{
    "http.line_ending", ErrorCode::invalid_request, "RFC9112-2.2",
    "the request head contains a bare CR, a bare LF or a NUL", "end every line with CR LF"};
inline constexpr Reason http_folded_field{
    "http.folded_field", ErrorCode::invalid_request, "RFC9112-5.2",
    "a header field continues on a second line", "write every header field on one line"};
inline constexpr Reason http_field_name{"http.field_name", ErrorCode::invalid_request,
                                        "RFC9112-5.1",
                                        "a header field name is not a token followed by a colon",
                                        "no space may stand before the colon of a header field"};
inline constexpr Reason http_field_value{
    "http.field_value", ErrorCode::invalid_request, "RFC9110-5.5",
    "a header field value contains a control character", "remove the control character"};
inline constexpr Reason http_header_too_large{"http.header_too_large", ErrorCode::invalid_request,
                                              "RFC6585-5", "the request head is too large",
                                              "send at most 64 header fields in 16 KiB"};
inline constexpr Reason http_target_too_long{"http.target_too_long", ErrorCode::invalid_request,
                                             "RFC9110-15.5.15", "the request target is too long",
                                             "send at most 8 KiB of path and query"};
inline constexpr Reason http_target{
    "http.target", ErrorCode::invalid_request, "RFC9112-3.2",
    "the request target is not a path on this server",
    "send a path that begins with a slash, in visible ASCII, without a fragment"};
inline constexpr Reason http_version{"http.version", ErrorCode::invalid_request, "RFC9112-2.3",
                                     "only HTTP/1.1 and HTTP/1.0 are spoken here", "use HTTP/1.1"};
inline constexpr Reason http_host{"http.host", ErrorCode::invalid_request, "RFC9112-3.2",
                                  "there is not exactly one valid Host field",
                                  "send one Host field, that of the issuer"};
inline constexpr Reason http_transfer_coding{"http.transfer_coding", ErrorCode::invalid_request,
                                             "RFC9112-6.1",
                                             "the transfer coding is not exactly chunked",
                                             "send Content-Length, or chunked alone on HTTP/1.1"};
inline constexpr Reason http_length_and_coding{
    "http.length_and_coding", ErrorCode::invalid_request, "RFC9112-6.3",
    "Content-Length and Transfer-Encoding came together", "send one of the two"};
inline constexpr Reason http_content_length{
    "http.content_length", ErrorCode::invalid_request, "RFC9110-8.6",
    "there is not exactly one decimal Content-Length",
    "send one Content-Length of 1 to 10 digits without leading zeros"};
inline constexpr Reason http_repeated_field{
    "http.repeated_field", ErrorCode::invalid_request, "RFC9110-5.3",
    "a header field that may come once came several times", "send the field once"};
inline constexpr Reason http_expectation{
    "http.expectation", ErrorCode::invalid_request, "RFC9110-10.1.1",
    "the only expectation that is met is 100-continue", "leave the Expect field out"};
inline constexpr Reason http_upgrade{"http.upgrade", ErrorCode::invalid_request, "RFC9110-7.8",
                                     "this server does not speak WebSocket",
                                     "leave the Upgrade field out"};
inline constexpr Reason http_chunk{"http.chunk", ErrorCode::invalid_request, "RFC9112-7.1",
                                   "the chunked body is malformed or has chunk extensions",
                                   "send plain chunks: size in hexadecimal, CR LF, data, CR LF"};
inline constexpr Reason http_trailer{"http.trailer", ErrorCode::invalid_request, "RFC9112-7.1.2",
                                     "the chunked body has trailer fields",
                                     "send these fields in the head of the request"};
inline constexpr Reason http_unexpected_body{
    "http.unexpected_body", ErrorCode::invalid_request, "RFC9110-9.3.1",
    "this request may not have a body", "leave the body out, or use POST where that is offered"};
inline constexpr Reason http_payload_too_large{
    "http.payload_too_large", ErrorCode::payload_too_large, "RFC9110-15.5.14",
    "the body is larger than this endpoint takes", "send a smaller body"};
inline constexpr Reason http_media_type{
    "http.media_type", ErrorCode::unsupported_media_type, "RFC9110-15.5.16",
    "the media type of the body is not the one that this endpoint takes",
    "send the Content-Type that the endpoint documents, in UTF-8"};
inline constexpr Reason http_content_coding{
    "http.content_coding", ErrorCode::unsupported_media_type, "RFC9110-8.4",
    "encoded bodies are not taken", "send the body without Content-Encoding"};
inline constexpr Reason http_not_found{"http.not_found", ErrorCode::not_found, "RFC9110-15.5.5",
                                       "there is nothing at this address",
                                       "compare the path with those in the discovery document"};
inline constexpr Reason http_method{"http.method", ErrorCode::method_not_allowed, "RFC9110-15.5.6",
                                    "this address does not answer that method",
                                    "use a method that the Allow field names"};
inline constexpr Reason http_misdirected{
    "http.misdirected", ErrorCode::misdirected_request, "RFC9110-15.5.20",
    "this server does not answer for that host",
    "use the issuer as it is configured, name and port included"};
inline constexpr Reason http_too_many_requests{
    "http.too_many_requests", ErrorCode::too_many_requests, "RFC6585-4",
    "too many requests from this address", "wait as long as Retry-After says"};
inline constexpr Reason http_cross_site{
    "http.cross_site", ErrorCode::forbidden, "RFC9700-4.7",
    "a page of this server was asked for by another site, not by a person",
    "open the page in the browser window, as a navigation"};
inline constexpr Reason http_unavailable{
    "http.unavailable", ErrorCode::temporarily_unavailable, "RFC9110-15.6.4",
    "the server can not answer this for the moment", "try again after Retry-After"};
inline constexpr Reason http_class_full{
    "http.class_full", ErrorCode::temporarily_unavailable, "RFC9110-15.6.4",
    "too many requests of this kind are being answered at this moment",
    "try again after Retry-After"};
inline constexpr Reason http_failed{"http.failed", ErrorCode::server_error, "RFC9110-15.6.1",
                                    "the server failed while it answered",
                                    "tell the operator the request id"};
inline constexpr Reason http_unsafe_header{
    "http.unsafe_header", ErrorCode::server_error, "RFC9110-5.5",
    "the server was about to send a header field with a control character",
    "tell the operator the request id"};

inline constexpr std::array kAllHttp{&http_malformed,       &http_truncated,
                                     &http_too_slow,        &http_line_ending,
                                     &http_folded_field,    &http_field_name,
                                     &http_field_value,     &http_header_too_large,
                                     &http_target_too_long, &http_target,
                                     &http_version,         &http_host,
                                     &http_transfer_coding, &http_length_and_coding,
                                     &http_content_length,  &http_repeated_field,
                                     &http_expectation,     &http_upgrade,
                                     &http_chunk,           &http_trailer,
                                     &http_unexpected_body, &http_payload_too_large,
                                     &http_media_type,      &http_content_coding,
                                     &http_not_found,       &http_method,
                                     &http_misdirected,     &http_too_many_requests,
                                     &http_cross_site,      &http_unavailable,
                                     &http_class_full,      &http_failed,
                                     &http_unsafe_header};

}  // namespace claviger::reason
