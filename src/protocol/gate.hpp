// The subject gate: what must hold at the moment anything is issued, whatever the grant. One
// function, so that no issuing path can forget a check (see docs/decisions on the gate).
#pragma once
#include <string>
#include <string_view>
#include <vector>

#include "base/reason.hpp"
#include "model/client.hpp"
#include "model/grant.hpp"
#include "model/user.hpp"
#include "protocol/scope.hpp"

namespace claviger::protocol {

// Seen, not kept: whoever asks holds the user and the client.
struct GateFacts {
  const User* user = nullptr;      // null: gone
  const Client* client = nullptr;  // null: gone
  GrantType grant_type = GrantType::authorization_code;
  Epochs epochs;                   // as copied into what is being used
  std::int64_t consent_epoch = 0;  // as it is now
  bool session_ended = false;      // as it is now; one that was swept had not been
  bool session_bound = false;  // then an ended session closes the gate; expiry by time never does
  // What the sign-in was worth, and what the request had made a condition of (OIDCC-5.5.1.1);
  // empty: nothing.
  std::string acr;
  std::vector<std::string> needed_acrs;
  // A client's own tokens have no person behind them: only what is said of clients counts.
  bool has_person = true;
};

// Refusals: invalid_grant for whatever ended, unauthorized_client when the client may no longer use
// the grant type.
Result<void> subject_gate(const GateFacts& facts);

// Is a sign-in of this worth enough where one of `needed` is a condition? Each class satisfies
// those before it (acr.hpp); one that is not known here satisfies itself alone.
bool is_worth(std::string_view acr, const std::vector<std::string>& needed);

}  // namespace claviger::protocol
