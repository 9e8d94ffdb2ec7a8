// GET and POST /signup: a person makes an account on the way to a client (prompt=create, or the
// link of the login page), where registration is open.
#pragma once
#include "endpoints/deps.hpp"
#include "http/message.hpp"

namespace claviger::endpoints {

Task<http::Response> serve_sign_up_page(const Deps& deps, const http::Request& request);
Task<http::Response> serve_sign_up(const Deps& deps, const http::Request& request);

}  // namespace claviger::endpoints
