// The refresh token grant's rules (RFC6749-6, RFC9700-4.14.2): every refresh rotates; a retry gets
// the same successor; an older token ends the family.
#pragma once
#include <optional>
#include <variant>

#include "model/grant.hpp"
#include "model/storage_epoch.hpp"
#include "protocol/client_authentication/authenticate.hpp"
#include "protocol/grants/request.hpp"
#include "protocol/policy.hpp"
#include "protocol/tokens/refresh_token.hpp"

namespace claviger::protocol {

// Does a refresh token come with this grant, and is it bound to the session? (a) without openid:
// always; (b) with offline_access: yes, and it outlives the session; (c) openid alone: bound to it.
// Always only when the client may use the grant type at all.
struct RefreshDue {
  bool due = false;
  bool session_bound = false;
};
RefreshDue refresh_due(const Client& client, const Scopes& scopes);

struct Rotate {
  std::int64_t from = 0;
};  // n is the live counter
struct Repeat {
  std::int64_t successor = 0;
};  // the retry of a rotation: same bytes again, no write
struct FastForward {
  std::int64_t to = 0;
};  // a write was lost in a failover or a restore
struct EndFamily {
  Error error;
  std::string because;
};  // reuse, stale, from the future
struct Refuse {
  Error error;
};  // nothing changes

using RefreshStep = std::variant<Rotate, Repeat, FastForward, EndFamily, Refuse>;

// When a token is shown.
struct RefreshMoment {
  Time now{};
  StorageEpoch epoch;
  // By how much the clocks of the nodes differ: the rotation may have been another one's (T-30).
  Duration clock_spread{};
};

// `token` was verified by MAC; `family` and `grant` as they are now (nothing: unknown or swept).
RefreshStep decide_refresh(const RefreshClaims& token, const RefreshFamily* family,
                           const Grant* grant, const AuthenticatedClient& client,
                           const Policy& policy, const RefreshMoment& moment);

// A refresh may narrow the scope, never add (RFC6749-6). What the client may no longer have is
// taken out.
Result<Scopes> narrow_scope(const Scopes& granted, const std::optional<Scopes>& asked,
                            const Client& client, const Policy& policy);

// At the token endpoint resources may be narrowed, never added (RFC8707-2.2). Nothing granted is
// the issuer's own.
Result<std::vector<std::string>> narrow_resources(const std::vector<std::string>& granted,
                                                  const std::vector<std::string>& asked,
                                                  const Policy& policy);

// min(now + idle, absolute expiry).
Time next_idle_expiry(const RefreshFamily& family, const Policy& policy, Time now);

}  // namespace claviger::protocol
