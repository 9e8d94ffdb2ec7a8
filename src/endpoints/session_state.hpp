// What lets a client notice that the sign-in changed (OIDCSM-3, OIDCSM-4).
#pragma once
#include <optional>
#include <string>
#include <string_view>

#include "endpoints/deps.hpp"
#include "http/message.hpp"

namespace claviger::endpoints {

// base64url(SHA-256(client_id SP origin SP op_state SP salt)) "." salt; the origin is that of the
// redirect URI. Nothing when this browser has no op_state cookie, or the URI no origin.
std::optional<std::string> session_state(const Deps& deps, const http::Request& request,
                                         std::string_view client_id, std::string_view redirect_uri);

// A new value for the cookie that scripts may read: at every sign-in and every sign-out.
http::Cookie fresh_op_state(const Deps& deps);

// GET /session/check: the frame that clients ask.
Task<http::Response> serve_check_session(const Deps& deps, const http::Request& request);

}  // namespace claviger::endpoints
