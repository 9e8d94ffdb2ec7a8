// Opaque access tokens: a selector and the hash of a verifier, with what a JWT would say.
#pragma once
#include <optional>

#include "base/bytes.hpp"
#include "base/id.hpp"
#include "model/access_token.hpp"
#include "store/sql/driver.hpp"

namespace claviger::store {

struct OpaqueAccessToken {
  Id selector;
  Digest verifier_hash{};
  AccessTokenClaims claims;  // jti: the selector's text
};

class OpaqueTokens {
 public:
  explicit OpaqueTokens(sql::Driver& driver) : driver_(driver) {}

  Task<void> add(OpaqueAccessToken token);
  Task<std::optional<OpaqueAccessToken>> find(Id selector);

 private:
  sql::Driver& driver_;
};

}  // namespace claviger::store
