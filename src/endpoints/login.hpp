// GET and POST /login: the password page of a waiting authorization request.
#pragma once
#include "endpoints/deps.hpp"
#include "http/message.hpp"

namespace claviger::endpoints {

Task<http::Response> serve_login_page(const Deps& deps, const http::Request& request);
Task<http::Response> serve_login(const Deps& deps, const http::Request& request);

}  // namespace claviger::endpoints
