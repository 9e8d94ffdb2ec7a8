// Signed-in browsers.
#pragma once
#include <optional>
#include <string>

#include "model/session.hpp"
#include "store/sql/driver.hpp"

namespace claviger::store {

class Sessions {
 public:
  explicit Sessions(sql::Driver& driver) : driver_(driver) {}

  // Whatever its state: ended and expired ones too, so that the gate can tell the difference.
  Task<std::optional<Session>> find(Id id);
  // Live ones only: not ended, neither expiry passed.
  Task<std::optional<Session>> find_live(Digest cookie_hash, Time now);

  // A new sign-in. `replaces`: the session this browser had, of another person, which ends in the
  // same transaction.
  Task<void> start(Session session, std::optional<Id> replaces);
  // The same person signed in again: the row stays, cookie and auth_time are new (SE-01). False: no
  // longer live.
  Task<bool> reauthenticate(Id id, Digest new_cookie_hash, Time auth_time, Time idle_expires_at);
  // Moves the idle expiry; called at most once a minute for a session.
  Task<void> touch(Id id, Time idle_expires_at);
  // Ends the session; what is bound to it dies with it. False: it was not live.
  Task<bool> end(Id id, Time now);

 private:
  sql::Driver& driver_;
};

}  // namespace claviger::store
