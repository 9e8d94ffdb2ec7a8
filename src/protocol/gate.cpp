#include "protocol/gate.hpp"

#include <algorithm>
#include <array>

#include "base/reasons/gate.hpp"
#include "protocol/acr.hpp"

namespace claviger::protocol {
namespace {

struct Check {
  const Reason* reason;
  bool (*closed)(const GateFacts&);
  bool about_person = true;  // not asked of a client's own tokens
};

// In this order: a row may rely on those above it (that there is a user, that there is a client).
constexpr std::array kChecks{
    Check{&reason::gate_user_gone, [](const GateFacts& f) { return !f.user; }},
    Check{&reason::gate_user_disabled, [](const GateFacts& f) { return f.user->disabled; }},
    Check{&reason::gate_client_gone, [](const GateFacts& f) { return !f.client; }, false},
    Check{&reason::gate_client_disabled, [](const GateFacts& f) { return f.client->disabled; },
          false},
    Check{&reason::gate_grant_type,
          [](const GateFacts& f) { return !f.client->may_use(f.grant_type); }, false},
    // Numbers, not rows swept somewhere: a grant that was being issued at the very moment of the
    // event carries the old number and can't escape.
    Check{&reason::gate_user_epoch,
          [](const GateFacts& f) { return f.epochs.user != f.user->epoch; }},
    Check{&reason::gate_client_epoch,
          [](const GateFacts& f) { return f.epochs.client != f.client->epoch; }, false},
    Check{&reason::gate_consent_withdrawn,
          [](const GateFacts& f) { return f.epochs.consent != f.consent_epoch; }},
    // A session that was swept had expired, or took the grants bound to it along when it ended.
    Check{&reason::gate_session_ended,
          [](const GateFacts& f) { return f.session_bound && f.session_ended; }},
    Check{&reason::gate_acr_lost,
          [](const GateFacts& f) {
            return !f.needed_acrs.empty() && !is_worth(f.acr, f.needed_acrs);
          }},
};

// Where a class stands among those that we know; below all of them when it is none of them.
std::ptrdiff_t rank_of(std::string_view acr) {
  const auto found = std::ranges::find(kAllAcrs, acr);
  return found == kAllAcrs.end() ? -1 : found - kAllAcrs.begin();
}

}  // namespace

Result<void> subject_gate(const GateFacts& facts) {
  for (const auto& check : kChecks) {
    if (check.about_person && !facts.has_person) continue;
    if (check.closed(facts)) return refused(*check.reason);
  }
  return {};
}

bool is_worth(std::string_view acr, const std::vector<std::string>& needed) {
  return std::ranges::any_of(needed, [&](const std::string& one) {
    const auto rank = rank_of(one);
    return one == acr || (rank >= 0 && rank_of(acr) >= rank);
  });
}

}  // namespace claviger::protocol
