// What an authorization request needs next: one pure function over recorded facts (OIDCC-3.1.2.1,
// OIDCC-3.1.2.3). Pages never call one another; the browser comes back here after each.
#pragma once
#include <optional>
#include <string>
#include <variant>

#include "model/client.hpp"
#include "model/session.hpp"
#include "model/user.hpp"
#include "protocol/authorize/request.hpp"

namespace claviger::protocol {

struct Facts {
  Transaction transaction;
  SharedClient client;             // as it is now; never null
  std::optional<Session> session;  // live, of this browser
  std::optional<User> user;        // of that session
  std::string subject;             // that user, as the client sees it
  std::optional<Consent> consent;  // remembered, of that user and client
  Scopes to_allow;                 // what consent has to cover (consent.hpp)
  bool prompt_none = false;
};

struct AskLogin {
  bool reauthenticate = false;
};
struct AskSignUp {};   // prompt=create: a new account comes before a sign-in
struct AskAccount {};  // prompt=select_account: go on as this person, or as somebody else?
struct AskConsent {};
// Code and tokens, as the response type says: to the user of the facts, in that session.
struct Issue {};
struct SentToClient {
  Error error;
};  // login_required, consent_required, ... (prompt=none) or a gate's refusal
struct ShownToUser {
  Error error;
};  // finished, expired: the restart page

using NextStep =
    std::variant<AskLogin, AskSignUp, AskAccount, AskConsent, Issue, SentToClient, ShownToUser>;
NextStep decide_next_step(const Facts& facts, Time now);

}  // namespace claviger::protocol
