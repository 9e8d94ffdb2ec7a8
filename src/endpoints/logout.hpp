// GET and POST /logout, GET /logout/done: a person signs out, by themselves or because a client
// asks (OIDCRL-2). Whatever way a client's request comes in, it is judged, kept, and answered by a
// redirect to /logout?txn=: a form of another site brings no cookie, and no ID token stays in the
// address bar.
#pragma once
#include "endpoints/deps.hpp"
#include "http/message.hpp"

namespace claviger::endpoints {

Task<http::Response> serve_logout_page(const Deps& deps, const http::Request& request);
Task<http::Response> serve_logout(const Deps& deps, const http::Request& request);
Task<http::Response> serve_logged_out(const Deps& deps, const http::Request& request);

}  // namespace claviger::endpoints
