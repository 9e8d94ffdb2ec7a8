// The public keys of somebody else: a JWK set, read once, strictly (RFC7517-5).
#pragma once
#include <boost/json.hpp>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "crypto/encryption_key.hpp"
#include "crypto/key.hpp"

namespace claviger::crypto {

class JwkSet {
 public:
  // At registration: nothing unless every key is sound (CA-20): no private or symmetric one, no kid
  // twice, RSA of 2048 bits and more, at most limits::kJwksKeys. A sound key of a kind or for an
  // algorithm that is not read here is left out (RFC7517-5).
  static std::optional<JwkSet> parse_strict(std::string_view json);
  // As fetched: keys that are unknown or unsound are left out; a set with a private or symmetric
  // key, or with a kid twice, is nothing.
  static std::optional<JwkSet> parse_fetched(std::string_view json);

  // Keys that may have signed under `alg`: of that kid, or all that fit when `kid` is empty (at
  // most four: JO-06). A key without `alg` takes whatever fits its type.
  std::vector<PublicKey> for_verifying(Alg alg, std::string_view kid) const;
  bool has_kid(std::string_view kid) const;
  // The first key that fits `alg`: one that says it is for encryption, else one that does not say.
  const EncryptionKey* for_encryption(KeyAlg alg) const;
  bool empty() const;

  struct Body;

 private:
  explicit JwkSet(std::shared_ptr<const Body> body) : body_(std::move(body)) {}
  std::shared_ptr<const Body> body_;
};

}  // namespace claviger::crypto
