#include "protocol/logout/logout_token.hpp"

#include <array>

namespace claviger::protocol {

boost::json::object logout_token_claims(const LogoutTokenFacts& facts, const Policy& policy,
                                        Time now) {
  boost::json::object event;
  event[kLogoutEvent] = boost::json::object();
  boost::json::object claims;
  claims["iss"] = policy.issuer;
  claims["aud"] = facts.client_id;
  claims["iat"] = to_seconds(now);
  claims["exp"] = to_seconds(now + kLogoutTokenTtl);
  claims["jti"] = facts.jti;
  claims["events"] = std::move(event);
  claims["sub"] = facts.sub;
  claims["sid"] = facts.sid;
  return claims;
}

std::optional<std::chrono::seconds> wait_after_attempt(int attempts) {
  using std::chrono::seconds;
  constexpr std::array kWaits{seconds(5), seconds(30), seconds(2 * 60), seconds(10 * 60),
                              seconds(3600)};
  const auto index = static_cast<std::size_t>(attempts < 1 ? 0 : attempts - 1);
  if (index >= kWaits.size()) return std::nullopt;
  return kWaits[index];
}

bool is_taken(int status) { return status == 200 || status == 204; }

}  // namespace claviger::protocol
