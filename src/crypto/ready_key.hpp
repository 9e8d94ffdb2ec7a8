// What a thread keeps ready for a key: making a context anew costs a quarter of a signature.
#pragma once
#include <cstdint>
#include <memory>

#include "crypto/key.hpp"
#include "crypto/openssl.hpp"

namespace claviger::crypto {

enum class Operation { sign, verify };

struct ReadyKey {
  PkeyCtx over_digest;  // ES256, RS256, PS256: over a SHA-256 that was made before
  MdCtx over_message;   // EdDSA: copied for every use, since it may be used once
  MdCtx scratch;
};

// The calling thread's context for this key and operation. `owner` tells when the key is gone: what
// was kept for it is then freed. `serial` is never reused, as an address might be.
ReadyKey& ready_key(Operation operation, std::uint64_t serial,
                    const std::shared_ptr<const void>& owner, EVP_PKEY* key, Alg alg);
std::uint64_t next_serial();

}  // namespace claviger::crypto
