// Asymmetric keys. The algorithm is a property of the key, never of a message (RFC8725-3.1).
#pragma once
#include <boost/json.hpp>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "base/bytes.hpp"
#include "base/secret.hpp"

namespace claviger::crypto {

enum class Alg { ES256, RS256, PS256, EdDSA };
std::string_view to_string(Alg alg);
std::optional<Alg> parse_alg(std::string_view word);  // case-sensitive (RFC7515-4.1.1)
// As others may write it: Ed25519 is EdDSA by its own name (RFC9864-2.2), which we don't write.
std::optional<Alg> parse_alg_of_others(std::string_view word);

// A public key that was imported once and is kept; safe to share between threads.
class PublicKey {
 public:
  // From a JWK (RFC7517). Refused: a private member, `oct`, RSA under 2048 bits, a point off its
  // curve, an `alg`, `use` or `key_ops` that does not fit, non-canonical base64url.
  static std::optional<PublicKey> from_jwk(const boost::json::object& jwk,
                                           std::optional<Alg> registered = {});

  Alg alg() const;
  const std::string& kid() const;
  boost::json::object jwk() const;  // public members, kid, alg, use=sig
  std::string thumbprint() const;   // RFC7638, SHA-256, base64url
  // True when `signature` (raw r||s for ECDSA, exactly 64 bytes) is right for `data`.
  bool verify(std::string_view data, ByteView signature) const;

  struct Body;

 private:
  friend class PrivateKey;
  explicit PublicKey(std::shared_ptr<const Body> body) : body_(std::move(body)) {}
  std::shared_ptr<const Body> body_;
};

class PrivateKey {
 public:
  static PrivateKey generate(Alg alg);  // slow for RSA: never on an I/O thread. kid: the thumbprint
  static std::optional<PrivateKey> from_pkcs8(const Secret& der, Alg alg);
  Secret pkcs8() const;

  Alg alg() const;
  const std::string& kid() const;
  PublicKey public_key() const;
  // Contexts are kept per thread: OpenSSL 3.0 is slow to look an algorithm up for every signature.
  Bytes sign(std::string_view data) const;

  struct Body;

 private:
  explicit PrivateKey(std::shared_ptr<const Body> body) : body_(std::move(body)) {}
  std::shared_ptr<const Body> body_;
};

}  // namespace claviger::crypto
