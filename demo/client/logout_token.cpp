#include "demo/client/logout_token.hpp"

#include <algorithm>

#include "base/json.hpp"

namespace claviger::demo {
namespace {

constexpr std::string_view kEvent = "http://schemas.openid.net/event/backchannel-logout";
constexpr std::chrono::seconds kSkew{60};
// A token that is older was held back by somebody. Ours are made for each attempt.
constexpr std::chrono::seconds kMaxAge{120};

bool names_event(const boost::json::object& claims) {
  const auto* events = claims.if_contains("events");
  if (events == nullptr || !events->is_object()) return false;
  const auto* event = events->get_object().if_contains(kEvent);
  return event != nullptr && event->is_object();
}

bool has_text(const boost::json::object& claims, std::string_view name) {
  return !json_text(claims, name).value_or("").empty();
}

std::string_view find_fault(const boost::json::object& claims, Time now) {
  const auto iat = time_of(claims, "iat");
  const auto exp = time_of(claims, "exp");
  if (!exp || *exp <= now) return "it has expired";
  if (!iat || *iat > now + kSkew) return "it was made in the future";
  if (*iat + kMaxAge + kSkew < now || *exp > now + kMaxAge + kSkew) {
    return "it is good for longer than a message takes";
  }
  if (!names_event(claims)) return "it tells of no logout";
  // Else an ID token could be passed off as one.
  if (claims.contains("nonce")) return "it has a nonce, as only an ID token may";
  if (!has_text(claims, "sid") && !has_text(claims, "sub")) return "it names nobody";
  if (!has_text(claims, "jti")) return "it has no name of its own";
  return {};
}

}  // namespace

JudgedToken judge_logout_token(const std::string& token, const ServerKeys& keys,
                               const ExpectedLogoutToken& expected) {
  auto judged = judge_signed_token("logout_token", token, "logout+jwt", keys, expected.issuer,
                                   expected.client_id);
  auto& seen = judged.seen;
  if (!seen.remark.empty()) return judged;
  seen.remark = find_fault(judged.claims, expected.now);
  if (!seen.remark.empty()) {
    judged.claims.clear();
    return judged;
  }
  seen.verdict = Verdict::verified;
  seen.remark = "A key from /jwks fits the signature; issuer, audience, event and time are right.";
  seen.expires = time_of(judged.claims, "exp");
  return judged;
}

bool SpentLogoutTokens::take(const std::string& jti, Time expires, Time now) {
  std::erase_if(spent_, [&](const auto& entry) { return entry.second <= now; });
  const bool known = std::ranges::any_of(spent_, [&](const auto& e) { return e.first == jti; });
  if (known || spent_.size() >= kCapacity) return false;
  spent_.emplace_back(jti, expires);
  return true;
}

}  // namespace claviger::demo
