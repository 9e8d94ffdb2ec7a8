#include "protocol/grants/refresh_token.hpp"

#include <algorithm>
#include <cstdlib>

#include "base/reasons/refresh_token.hpp"

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

// What has to hold before the counter says anything. None of these changes anything (RT-04).
const Reason* first_obstacle(const std::optional<RefreshFamily>& family,
                             const std::optional<Grant>& grant, const Client& client,
                             const RefreshClaims& token, Time now) {
  if (!family || !grant) return &reason::refresh_unknown;
  if (family->id != token.family || family->grant != grant->id) return &reason::refresh_unknown;
  if (grant->client_id != client.client_id) return &reason::refresh_other_client;
  if (grant->revoked_at) return &reason::refresh_revoked;
  if (now >= family->expires_at || now >= family->idle_expires_at) return &reason::refresh_expired;
  return nullptr;
}

// The predecessor of the live token: the answer to its rotation may have been lost. That its
// successor was never presented is certain, or the counter would have moved on.
RefreshStep judge_predecessor(const RefreshClaims& token, const RefreshFamily& family,
                              const Client& client, const Policy& policy, Time now) {
  const auto grace = client.is_public() ? policy.refresh_grace_public : policy.refresh_grace;
  if (now <= family.rotated_at + grace) return Repeat{family.counter};
  return end_with(reason::refresh_late_retry, "refresh_stale", family, token);
}

// A token that the store never made: only a write that was lost in a restore explains it, and only
// the next one, once (the row then carries the new epoch).
RefreshStep judge_future(const RefreshClaims& token, const RefreshFamily& family,
                         std::int64_t storage_epoch) {
  const bool restored = family.storage_epoch != storage_epoch;
  if (restored && token.n == family.counter + 1) return FastForward{token.n};
  return end_with(reason::refresh_from_future, "refresh_from_future", family, token);
}

}  // namespace

RefreshStep decide_refresh(const RefreshClaims& token, const std::optional<RefreshFamily>& family,
                           const std::optional<Grant>& grant, const AuthenticatedClient& client,
                           std::int64_t storage_epoch, const Policy& policy, Time now) {
  const auto& record = client.record();
  if (const auto* obstacle = first_obstacle(family, grant, record, token, now)) {
    return refuse_with(*obstacle);
  }
  if (token.n == family->counter) return Rotate{token.n};
  if (token.n > family->counter) return judge_future(token, *family, storage_epoch);
  if (token.n == family->counter - 1) return judge_predecessor(token, *family, record, policy, now);
  return end_with(reason::refresh_reuse, "refresh_reuse", *family, token);
}

Result<Scopes> narrow_scope(const Scopes& granted, const std::optional<Scopes>& asked) {
  if (!asked) return granted;
  if (!covers(granted, *asked)) {
    return refused(reason::refresh_scope_widened, to_text(granted), to_text(*asked));
  }
  return *asked;
}

Time next_idle_expiry(const RefreshFamily& family, const Policy& policy, Time now) {
  // Absolute expiry is inherited: no number of rotations moves it (RT-15).
  return std::min(Time{now + policy.refresh_idle_ttl}, family.expires_at);
}

}  // namespace claviger::protocol
