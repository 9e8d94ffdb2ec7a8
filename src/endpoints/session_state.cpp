#include "endpoints/session_state.hpp"

#include "base/base64url.hpp"
#include "protocol/logout/session_state.hpp"

namespace claviger::endpoints {

namespace {

constexpr std::size_t kCookieChars = 43;  // 32 bytes in base64url

}  // namespace

std::optional<std::string> session_state(const Deps& deps, const http::Request& request,
                                         std::string_view client_id,
                                         std::string_view redirect_uri) {
  const auto op_state = request.cookie(deps.cookies.op_state);
  if (!op_state || op_state->size() != kCookieChars) return std::nullopt;
  const auto salt = base64url_encode(deps.random.bytes<16>());
  return protocol::make_session_state(client_id, redirect_uri, *op_state, salt);
}

http::Cookie fresh_op_state(const Deps& deps) {
  http::Cookie cookie;
  cookie.name = deps.cookies.op_state;
  cookie.value = base64url_encode(deps.random.bytes<32>());
  cookie.secure = deps.cookies.secure;
  cookie.http_only = false;
  // The frame that reads it stands in pages of other sites (OIDCSM-4.2).
  cookie.same_site = http::SameSite::none;
  return cookie;
}

Task<http::Response> serve_check_session(const Deps& deps, const http::Request& request) {
  static_cast<void>(request);
  co_return http::html_response(200, deps.pages.check_session(deps.cookies.op_state),
                                http::Surface::frame);
}

}  // namespace claviger::endpoints
