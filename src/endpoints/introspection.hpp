// POST /introspect: is this token live, and what does it say (RFC7662)? As JSON, or signed for the
// caller alone (RFC9701).
#pragma once
#include "endpoints/deps.hpp"
#include "http/message.hpp"

namespace claviger::endpoints {

Task<http::Response> serve_introspection(const Deps& deps, const http::Request& request);

}  // namespace claviger::endpoints
