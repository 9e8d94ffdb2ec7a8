// POST /register_client and POST /register_user: open registration for a walk-through on one's own
// machine. An existing client or user is never changed by these calls.
#pragma once
#include "endpoints/deps.hpp"
#include "http/message.hpp"

namespace claviger::endpoints {

Task<http::Response> serve_register_client(const Deps& deps, const http::Request& request);
Task<http::Response> serve_register_user(const Deps& deps, const http::Request& request);

// Open here at all, and not called by a page of another site (RFC9700-2.6)?
Result<void> judge_registration_call(const Deps& deps, const http::Request& request);

}  // namespace claviger::endpoints
