#include "protocol/gate.hpp"

#include <array>

#include "base/reasons/gate.hpp"

namespace claviger::protocol {
namespace {

struct Check {
  const Reason* reason;
  bool (*closed)(const GateFacts&);
};

// In this order: a row may rely on those above it (that there is a user, that there is a client).
constexpr std::array kChecks{
    Check{&reason::gate_user_gone, [](const GateFacts& f) { return !f.user; }},
    Check{&reason::gate_user_disabled, [](const GateFacts& f) { return f.user->disabled; }},
    Check{&reason::gate_client_gone, [](const GateFacts& f) { return !f.client; }},
    Check{&reason::gate_client_disabled, [](const GateFacts& f) { return f.client->disabled; }},
    Check{&reason::gate_grant_type,
          [](const GateFacts& f) { return !f.client->may_use(f.grant_type); }},
    // Numbers, not rows swept somewhere: a grant that was being issued at the very moment of the
    // event carries the old number and can't escape.
    Check{&reason::gate_user_epoch,
          [](const GateFacts& f) { return f.epochs.user != f.user->epoch; }},
    Check{&reason::gate_client_epoch,
          [](const GateFacts& f) { return f.epochs.client != f.client->epoch; }},
    Check{&reason::gate_consent_withdrawn,
          [](const GateFacts& f) { return f.epochs.consent != f.consent_epoch; }},
    // A session that was swept had expired, or took the grants bound to it along when it ended.
    Check{&reason::gate_session_ended,
          [](const GateFacts& f) {
            return f.session_bound && f.session && f.session->ended_at.has_value();
          }},
};

}  // namespace

Result<void> subject_gate(const GateFacts& facts) {
  for (const auto& check : kChecks) {
    if (check.closed(facts)) return refused(*check.reason);
  }
  return {};
}

}  // namespace claviger::protocol
