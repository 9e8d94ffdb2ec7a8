// The header fields that follow from a route's columns and from what a body is, so that no handler
// has to remember them.
#pragma once
#include "http/message.hpp"
#include "http/router.hpp"

namespace claviger::http {

// CSP, framing, sniffing, referrer: by Response::surface. A field that the handler set stays.
void add_security_headers(Response& response, bool hsts);
// The cache column. Of `revalidate` an ETag, and 304 when the request names it (RFC9110-13.1.2).
void add_cache_headers(const Request& request, Cache cache, Response& response);
// The ETag of a body: for a document that is made once and sent often.
std::string entity_tag(std::string_view body);
void add_cors_headers(Cors cors, Response& response);
// The answer to a CORS preflight: `methods` are those of the path that other origins may use.
Response preflight(Cors cors, std::string_view methods);

}  // namespace claviger::http
