// The server's own keys, sealed.
#pragma once
#include <string>
#include <vector>

#include "model/server_key.hpp"
#include "store/sql/driver.hpp"

namespace claviger::store {

class ServerKeys {
 public:
  explicit ServerKeys(sql::Driver& driver) : driver_(driver) {}

  Task<std::vector<ServerKey>> all();
  // Adds the keys and sets `retires_at` of every other key of the same purpose and alg that had
  // none.
  Task<void> rotate(std::vector<ServerKey> added, Time others_retire_at);
  // Adds `key` as the newest of its kind, if `newest` still is it, and sets that one's end. False:
  // somebody else was faster; nothing was written.
  Task<bool> replace(std::string newest, ServerKey key, Time newest_retires_at);
  // The newest of a kind, published ahead, is used from now on. Whichever was used before ends at
  // `others_retire_at` at the latest, whichever waited beside it now. False: it is not waiting.
  Task<bool> activate(ServerKey pending, Time now, Time others_retire_at);
  // Ends a key at once. If none is left that nothing ends, `replacement` becomes the newest of its
  // kind; with `activate_pending` the one that waits is used from now on. False: it had ended.
  Task<bool> revoke(std::string kid, ServerKey replacement, bool activate_pending, Time now);
  Task<std::size_t> remove_retired(Time before);

 private:
  bool announced(bool changed);

  sql::Driver& driver_;
};

}  // namespace claviger::store
