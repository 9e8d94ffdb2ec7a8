#include "protocol/grants/refresh_token.hpp"

#include <algorithm>
#include <cstdlib>

#include "base/reasons/refresh_token.hpp"
#include "base/reasons/token.hpp"
#include "base/text.hpp"

namespace claviger::protocol {
namespace {

Refuse refuse_with(const Reason& reason) { return Refuse{refuse(reason)}; }

// Told apart by their numbers: the live token's, and the one that came.
EndFamily end_with(const Reason& reason, std::string because, const RefreshFamily& family,
                   const RefreshClaims& token) {
  return EndFamily{refuse(reason, "number " + std::to_string(family.counter),
                          "number " + std::to_string(token.n)),
                   std::move(because)};
}

// What let the client work while nobody is there was taken from it (RT-11).
bool lost_offline_access(const Grant& grant, const Client& client, const Policy& policy) {
  return contains(grant.scopes, kOfflineAccess) &&
         clamp_scopes(Scopes{std::string(kOfflineAccess)}, client, policy).empty();
}

// What has to hold before the counter says anything. None of these changes anything (RT-04).
const Reason* first_obstacle(const RefreshFamily* family, const Grant* grant, const Client& client,
                             const RefreshClaims& token, const Policy& policy, Time now) {
  if (!family || !grant) return &reason::refresh_unknown;
  if (family->id != token.family || family->grant != grant->id) return &reason::refresh_unknown;
  if (grant->client_id != client.client_id) return &reason::refresh_other_client;
  if (grant->revoked_at) return &reason::refresh_revoked;
  if (lost_offline_access(*grant, client, policy)) return &reason::refresh_offline_gone;
  if (now >= family->expires_at || now >= family->idle_expires_at) return &reason::refresh_expired;
  return nullptr;
}

// The predecessor of the live token: the answer to its rotation may have been lost. That its
// successor was never presented is certain, or the counter would have moved on.
RefreshStep judge_predecessor(const RefreshClaims& token, const RefreshFamily& family,
                              const Client& client, const Policy& policy,
                              const RefreshMoment& moment) {
  const auto grace = client.is_public() ? policy.refresh_grace_public : policy.refresh_grace;
  const Time until = family.rotated_at + grace + moment.clock_spread;
  if (moment.now <= until) return Repeat{family.counter};
  return end_with(reason::refresh_late_retry, "refresh_stale", family, token);
}

// A token that the store never made: only a write that was lost in a restore explains it, and only
// the next one, once (the row then carries the new epoch), for a day.
RefreshStep judge_future(const RefreshClaims& token, const RefreshFamily& family,
                         const RefreshMoment& moment) {
  const bool restored = family.storage_epoch != moment.epoch.number;
  if (!restored) {
    return end_with(reason::refresh_from_future, "refresh_from_future", family, token);
  }
  const bool in_time = moment.now < moment.epoch.since + kFastForwardTime;
  if (in_time && token.n == family.counter + 1) return FastForward{token.n};
  return end_with(reason::refresh_lost, "refresh_lost", family, token);
}

}  // namespace

RefreshStep decide_refresh(const RefreshClaims& token, const RefreshFamily* family,
                           const Grant* grant, const AuthenticatedClient& client,
                           const Policy& policy, const RefreshMoment& moment) {
  const auto& record = client.record();
  if (const auto* obstacle = first_obstacle(family, grant, record, token, policy, moment.now)) {
    return refuse_with(*obstacle);
  }
  if (token.n == family->counter) {
    // Its tokens are bound to its key: a rotation would protect nothing, and lose some (RT-12).
    if (record.profile == Profile::fapi2) return Repeat{family->counter};
    return Rotate{token.n};
  }
  if (token.n > family->counter) return judge_future(token, *family, moment);
  if (token.n == family->counter - 1)
    return judge_predecessor(token, *family, record, policy, moment);
  return end_with(reason::refresh_reuse, "refresh_reuse", *family, token);
}

RefreshDue refresh_due(const Client& client, const Scopes& scopes) {
  RefreshDue due;
  due.due = client.may_use(GrantType::refresh_token);
  // A sign-in lends its session to the grant, unless the client may work while nobody is there.
  due.session_bound = contains(scopes, kOpenid) && !contains(scopes, kOfflineAccess);
  return due;
}

Result<Scopes> narrow_scope(const Scopes& granted, const std::optional<Scopes>& asked,
                            const Client& client, const Policy& policy) {
  if (asked && !covers(granted, *asked)) {
    return refused(reason::refresh_scope_widened, to_text(granted), to_text(*asked));
  }
  return clamp_scopes(asked ? *asked : granted, client, policy);
}

Result<std::vector<std::string>> narrow_resources(const std::vector<std::string>& granted,
                                                  const std::vector<std::string>& asked,
                                                  const Policy& policy) {
  if (asked.empty()) return granted;
  const std::vector<std::string> own{policy.issuer};
  const auto& allowed = granted.empty() ? own : granted;
  std::vector<std::string> narrowed;
  for (const auto& resource : asked) {
    if (std::ranges::find(allowed, resource) == allowed.end()) {
      return refused(reason::token_resource_widened, to_text(allowed), excerpt(resource));
    }
    if (std::ranges::find(narrowed, resource) == narrowed.end()) narrowed.push_back(resource);
  }
  return narrowed;
}

Time next_idle_expiry(const RefreshFamily& family, const Policy& policy, Time now) {
  // Absolute expiry is inherited: no number of rotations moves it (RT-15).
  return std::min(Time{now + policy.refresh_idle_ttl}, family.expires_at);
}

}  // namespace claviger::protocol
