// The public documents: metadata (RFC8414-3, OIDCD-4) and the key set (RFC7517-5).
#pragma once
#include "endpoints/deps.hpp"
#include "http/message.hpp"

namespace claviger::endpoints {

Task<http::Response> serve_metadata(const Deps& deps, const http::Request& request);
Task<http::Response> serve_jwks(const Deps& deps, const http::Request& request);

}  // namespace claviger::endpoints
