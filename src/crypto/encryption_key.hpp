// Keys that something is encrypted to, and the algorithms for it (RFC7518-4, RFC7518-5). PBES2,
// RSA1_5, `dir` and compression are not here, and not by accident (JO-14, JO-15).
#pragma once
#include <array>
#include <boost/json.hpp>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "base/bytes.hpp"
#include "base/secret.hpp"

namespace claviger::crypto {

enum class KeyAlg { rsa_oaep_256, ecdh_es, ecdh_es_a128kw, ecdh_es_a192kw, ecdh_es_a256kw };
enum class ContentEnc { a128gcm, a256gcm, a128cbc_hs256, a256cbc_hs512 };
inline constexpr std::array kAllKeyAlgs{KeyAlg::rsa_oaep_256, KeyAlg::ecdh_es,
                                        KeyAlg::ecdh_es_a128kw, KeyAlg::ecdh_es_a192kw,
                                        KeyAlg::ecdh_es_a256kw};
inline constexpr std::array kAllContentEncs{ContentEnc::a128gcm, ContentEnc::a256gcm,
                                            ContentEnc::a128cbc_hs256, ContentEnc::a256cbc_hs512};
std::string_view to_string(KeyAlg alg);  // "RSA-OAEP-256", "ECDH-ES", "ECDH-ES+A128KW" ...
std::string_view to_string(ContentEnc enc);
std::optional<KeyAlg> parse_key_alg(std::string_view word);
std::optional<ContentEnc> parse_content_enc(std::string_view word);

// A public key of RSA (2048 bits and more), P-256, P-384, P-521 or X25519, imported once.
class EncryptionKey {
 public:
  // Refused like PublicKey::from_jwk; `use` must be "enc" or absent, `alg` one that fits or absent.
  static std::optional<EncryptionKey> from_jwk(const boost::json::object& jwk);
  const std::string& kid() const;  // may be empty
  bool fits(KeyAlg alg) const;
  bool says_enc() const;  // by `use` or `alg`; a key that is silent may be one for signatures

  struct Body;
  const Body& body() const { return *body_; }

 private:
  explicit EncryptionKey(std::shared_ptr<const Body> body) : body_(std::move(body)) {}
  std::shared_ptr<const Body> body_;
};

// The private half: for tests, for the demo client and for `claviger try`.
class DecryptionKey {
 public:
  // RSA with all its numbers (RFC7518-6.3.2), or a point with the `d` that makes it.
  static std::optional<DecryptionKey> from_jwk(const boost::json::object& jwk);
  bool fits(KeyAlg alg) const;

  struct Body;
  const Body& body() const { return *body_; }

 private:
  explicit DecryptionKey(std::shared_ptr<const Body> body) : body_(std::move(body)) {}
  std::shared_ptr<const Body> body_;
};

}  // namespace claviger::crypto
