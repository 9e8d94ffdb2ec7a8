// POST /token (RFC6749-3.2): authenticate the client, then hand over to the grant's own file.
#pragma once
#include "endpoints/deps.hpp"
#include "http/message.hpp"

namespace claviger::endpoints {

Task<http::Response> serve_token(const Deps& deps, const http::Request& request);

}  // namespace claviger::endpoints
