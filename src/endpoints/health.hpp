// GET /livez and /readyz: is the process alive, and can it serve now?
#pragma once
#include "endpoints/deps.hpp"
#include "http/message.hpp"

namespace claviger::endpoints {

Task<http::Response> serve_livez(const Deps& deps, const http::Request& request);
Task<http::Response> serve_readyz(const Deps& deps, const http::Request& request);

}  // namespace claviger::endpoints
