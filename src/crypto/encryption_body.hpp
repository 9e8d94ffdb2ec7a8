// What stands behind an EncryptionKey and a DecryptionKey: shared, never changed after it was read.
#pragma once
#include <optional>
#include <string>

#include "crypto/agreement.hpp"
#include "crypto/encryption_key.hpp"
#include "crypto/openssl.hpp"

namespace claviger::crypto {

struct JweKey {
  Pkey key;
  std::optional<Curve> curve;  // nothing: RSA
  std::optional<KeyAlg> only;  // what its JWK says it is for (JO-18)
  std::string kid;
  bool says_enc = false;  // in `use` or `alg`, and not by silence

  bool fits(KeyAlg alg) const;
};

struct EncryptionKey::Body : JweKey {
  explicit Body(JweKey key) : JweKey(std::move(key)) {}
};
struct DecryptionKey::Body : JweKey {
  explicit Body(JweKey key) : JweKey(std::move(key)) {}
};

}  // namespace claviger::crypto
