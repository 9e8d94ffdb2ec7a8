// Signed-in browsers.
#pragma once
#include <optional>
#include <string>
#include <vector>

#include "base/random.hpp"
#include "model/session.hpp"
#include "model/user.hpp"
#include "store/sql/driver.hpp"

namespace claviger::store {

struct SessionWithUser {
  Session session;
  std::optional<User> user;  // nothing: gone
};

class Sessions {
 public:
  Sessions(sql::Driver& driver, Random& random) : driver_(driver), random_(random) {}

  // Whatever its state: ended and expired ones too, so that the gate can tell the difference.
  Task<std::optional<Session>> find(Id id);
  // Live ones only: not ended, neither expiry passed.
  Task<std::optional<Session>> find_live(Digest cookie_hash, Time now);
  // With its user (without the password's hash), in one read.
  Task<std::optional<SessionWithUser>> find_live_with_user(Digest cookie_hash, Time now);

  // A new sign-in. `replaces`: the session this browser had, of another person, which ends in the
  // same transaction as if by end().
  Task<void> start(Session session, std::optional<Id> replaces);
  // The same person signed in again: the row stays, cookie, auth_time and what it was worth are new
  // (SE-01). False: no longer live.
  struct SignIn {
    Digest cookie_hash{};
    Time auth_time{};
    std::string acr;
    std::vector<std::string> amr;
    Time idle_expires_at{};
  };
  Task<bool> reauthenticate(Id id, SignIn again);
  // Moves the idle expiry; called at most once a minute for a session.
  Task<void> touch(Id id, Time idle_expires_at);
  // Ends the session. In the same transaction the grants bound to it are revoked, and every client
  // that was joined to it is put down to be told (logouts.hpp). False: it was not live.
  Task<bool> end(Id id, Time now);
  // How many are live. Reads all that have not expired.
  Task<std::int64_t> count_live(Time now);
  // The clients that got something in this session, in the order of their ids.
  Task<std::vector<std::string>> clients(Id id);

 private:
  sql::Driver& driver_;
  Random& random_;
};

}  // namespace claviger::store
