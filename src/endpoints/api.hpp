// POST and GET /api: the protected call. Gives the claims that the granted scopes allow
// (RFC6750-2.1).
#pragma once
#include "endpoints/deps.hpp"
#include "http/message.hpp"

namespace claviger::endpoints {

Task<http::Response> serve_api(const Deps& deps, const http::Request& request);

}  // namespace claviger::endpoints
