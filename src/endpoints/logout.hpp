// GET and POST /logout, GET /logout/done: a person signs out of this server (OIDCRPI-2 comes with
// OpenID Connect).
#pragma once
#include "endpoints/deps.hpp"
#include "http/message.hpp"

namespace claviger::endpoints {

Task<http::Response> serve_logout_page(const Deps& deps, const http::Request& request);
Task<http::Response> serve_logout(const Deps& deps, const http::Request& request);
Task<http::Response> serve_logged_out(const Deps& deps, const http::Request& request);

}  // namespace claviger::endpoints
