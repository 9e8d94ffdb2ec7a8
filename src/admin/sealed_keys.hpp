// The server's own keys between the store, where they lie sealed, and the ring, where they work.
#pragma once
#include <memory>
#include <string>
#include <vector>

#include "base/random.hpp"
#include "crypto/digest.hpp"
#include "crypto/key_ring.hpp"
#include "model/server_key.hpp"

namespace claviger::admin {

// Kid and purpose are bound to the ciphertext: rows that were swapped don't open (SQ-04).
ServerKey seal_signing_key(const crypto::PrivateKey& made, const crypto::SealingKey& master,
                           Time created_at, Time active_from, Random& random);
ServerKey make_mac_key(KeyPurpose purpose, const crypto::SealingKey& master, Time now,
                       Random& random);

// Throws std::runtime_error naming what can't be opened.
std::shared_ptr<const crypto::KeyRing> open_keys(const std::vector<ServerKey>& keys,
                                                 const crypto::SealingKey& master);

// The one of its kind that nothing ends yet; nullptr: there is none.
const ServerKey* newest_of(const std::vector<ServerKey>& keys, KeyPurpose purpose,
                           std::string_view alg);

}  // namespace claviger::admin
