// The keys and algorithms that a client registers (OIDCDR-2, RFC7591-2, RFC9701-6).
#pragma once
#include <vector>

#include "base/reason.hpp"
#include "base/time.hpp"
#include "crypto/key_ring.hpp"
#include "model/client.hpp"

namespace claviger::protocol {

// Those that we can sign with now.
std::vector<crypto::Alg> signing_algs_of(const crypto::KeyRing& ring, Time now);

// One set of keys, sound ones alone (CA-20), and with them whatever the registered methods and
// algorithms need. `signing_algs`: those that we sign with; never `none`, never under a secret.
Result<void> judge_client_keys(const Client& client, const std::vector<crypto::Alg>& signing_algs);

}  // namespace claviger::protocol
