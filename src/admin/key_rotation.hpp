// How signing keys follow one another. A new one stands in the key set before it is used, and the
// old one stays until its last token has ended: whoever keeps a copy of the set for no longer than
// that verifies everything (KY-04).
#pragma once
#include <chrono>
#include <string>
#include <vector>

#include "admin/operations.hpp"
#include "model/server_key.hpp"

namespace claviger::admin {

// A key of `alg` that signs after `publish_ahead`, or `at_once`: then one that waits already is
// used now, if there is one, since some have seen it. `seen`: the newest that it is to follow;
// empty: whichever that is. Refused: somebody else was faster, or too many keys and passwords are
// being made.
Task<Result<ServerKey>> rotate_signing_key(const Deps& deps, crypto::Alg alg, bool at_once,
                                           std::string seen = {});

// For a key that got into wrong hands: gone from the key set now, another one signs now (KY-06).
// What it signed is refused here at once. Gives the key that signs.
Task<Result<ServerKey>> revoke_signing_key(const Deps& deps, std::string kid);

struct KeyRound {
  std::vector<ServerKey> rotated;
  std::size_t removed = 0;
};
// Rotates what is `rotate_every` old (zero: nothing) and removes what has retired. Of any number of
// rounds at once one rotates (KY-04).
Task<KeyRound> keep_keys(const Deps& deps, std::chrono::seconds rotate_every);

// Loads the ring anew unless its keys are still those of the fingerprint `known`. Gives theirs: a
// text that changes whenever a key or its dates do.
Task<std::string> load_changed_keys(const Deps& deps, std::string known);

}  // namespace claviger::admin
