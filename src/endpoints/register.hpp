// POST /register (RFC7591-3.1, OIDCDR-3), and at the same path with ?client_id=... the client's
// own management of what it registered (RFC7592-2). GET /logo?client_id=... serves what its
// logo_uri led to.
#pragma once
#include "endpoints/deps.hpp"
#include "http/message.hpp"

namespace claviger::endpoints {

Task<http::Response> serve_register(const Deps& deps, const http::Request& request);
Task<http::Response> serve_registration(const Deps& deps, const http::Request& request);
Task<http::Response> serve_registration_update(const Deps& deps, const http::Request& request);
Task<http::Response> serve_registration_end(const Deps& deps, const http::Request& request);

Task<http::Response> serve_logo(const Deps& deps, const http::Request& request);

}  // namespace claviger::endpoints
