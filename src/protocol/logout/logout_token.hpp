// What a client's server is told when a session ends (OIDCBC-2.4).
#pragma once
#include <boost/json.hpp>
#include <chrono>
#include <optional>
#include <string>

#include "protocol/policy.hpp"

namespace claviger::protocol {

inline constexpr std::string_view kLogoutTokenType = "logout+jwt";
inline constexpr std::string_view kLogoutEvent =
    "http://schemas.openid.net/event/backchannel-logout";
// As short as the specification recommends: every attempt makes a token of its own.
inline constexpr std::chrono::minutes kLogoutTokenTtl{2};

struct LogoutTokenFacts {
  std::string client_id;
  std::string sub;  // as the client sees it
  std::string sid;
  std::string jti;
};
// Never a nonce: what has one could be passed off as an ID token (OIDCBC-2.4).
boost::json::object logout_token_claims(const LogoutTokenFacts& facts, const Policy& policy,
                                        Time now);

// How long to wait after the attempt that was the `attempts`-th (1, 2 ...) failed; nothing: it was
// the last (OIDCBC-2.5).
std::optional<std::chrono::seconds> wait_after_attempt(int attempts);
// Did the client take it (OIDCBC-2.8)? Some frameworks answer 204 to an empty page.
bool is_taken(int status);

}  // namespace claviger::protocol
