// POST /revoke: a client gives a token back (RFC7009). An access token ends alone; a refresh token
// ends its grant, and with it every access token of that (IN-08).
#pragma once
#include "endpoints/deps.hpp"
#include "http/message.hpp"

namespace claviger::endpoints {

Task<http::Response> serve_revocation(const Deps& deps, const http::Request& request);

}  // namespace claviger::endpoints
