// What an authorization request needs next: one pure function over recorded facts (OIDCC-3.1.2.1,
// OIDCC-3.1.2.3). Pages never call one another; the browser comes back here after each.
#pragma once
#include <optional>
#include <variant>

#include "model/client.hpp"
#include "model/session.hpp"
#include "model/user.hpp"
#include "protocol/authorize/request.hpp"

namespace claviger::protocol {

struct Facts {
  Transaction transaction;
  Client client;                   // as it is now
  std::optional<Session> session;  // live, of this browser
  std::optional<User> user;        // of that session
  std::optional<Consent> consent;  // remembered, of that user and client
  bool prompt_none = false;
};

struct AskLogin {
  bool reauthenticate = false;
};
struct AskConsent {};
struct IssueCode {
  Session session;
  User user;
};
struct SentToClient {
  Error error;
};  // login_required, consent_required, ... (prompt=none) or a gate's refusal
struct ShownToUser {
  Error error;
};  // finished, expired: the restart page

using NextStep = std::variant<AskLogin, AskConsent, IssueCode, SentToClient, ShownToUser>;
NextStep decide_next_step(const Facts& facts, Time now);

}  // namespace claviger::protocol
