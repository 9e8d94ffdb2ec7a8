// GET and POST /userinfo: what the granted scopes, and the claims asked for by name, tell of the
// person (OIDCC-5.3): as JSON, signed, or encrypted, as the client registered.
#pragma once
#include "endpoints/deps.hpp"
#include "http/message.hpp"

namespace claviger::endpoints {

Task<http::Response> serve_userinfo(const Deps& deps, const http::Request& request);
Task<http::Response> serve_userinfo_post(const Deps& deps, const http::Request& request);

}  // namespace claviger::endpoints
