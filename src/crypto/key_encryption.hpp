// How the content key of a JWE reaches its recipient (RFC7518-4): RSA-OAEP-256, ECDH-ES, and
// ECDH-ES with AES Key Wrap.
#pragma once
#include <boost/json.hpp>
#include <optional>

#include "base/bytes.hpp"
#include "base/random.hpp"
#include "crypto/encryption_body.hpp"
#include "crypto/wiped.hpp"

namespace claviger::crypto {

struct SentKey {
  Wiped key;
  Bytes encrypted;                         // empty for ECDH-ES
  std::optional<boost::json::object> epk;  // for ECDH-ES and its wraps
};
// A fresh content key for a recipient whose key fits `alg`.
SentKey send_content_key(const JweKey& recipient, KeyAlg alg, ContentEnc enc, Random& random);

// The sender's half of an agreement, as the header shows it (RFC7518-4.6.1).
struct Ephemeral {
  Pkey point;
  Bytes apu;
  Bytes apv;
};
// Nothing unless `epk` is a sound point on `curve`, apu and apv absent or base64url.
std::optional<Ephemeral> read_ephemeral(const boost::json::object& header, Curve curve);

// Always a key of the right size: one drawn by lot when `encrypted` is not in order, so that nobody
// can tell that from a wrong tag (RFC7516-11.5). `ephemeral` is used where `alg` is an agreement.
Wiped receive_content_key(const JweKey& own, KeyAlg alg, ContentEnc enc, const Ephemeral* ephemeral,
                          ByteView encrypted);

}  // namespace claviger::crypto
