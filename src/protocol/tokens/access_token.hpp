// JWT access tokens (RFC9068) and what a holder may do at our own resource (RFC6750-2.1).
#pragma once
#include <optional>
#include <string>

#include "base/id.hpp"
#include "base/reason.hpp"
#include "base/secret.hpp"
#include "crypto/jws.hpp"
#include "crypto/key_ring.hpp"
#include "model/grant.hpp"
#include "protocol/policy.hpp"
#include "protocol/scope.hpp"

namespace claviger::protocol {

struct AccessTokenClaims {
  std::string sub;
  std::string client_id;
  Scopes scopes;
  std::string jti;
  std::optional<Id> grant;  // claim `grant_id`: our endpoints read its state
  Time issued_at{};
  Time expires_at{};
};

// iss, aud (the issuer), sub, client_id, scope, jti, iat, exp, grant_id; typ at+jwt.
Secret mint_access_token(const AccessTokenClaims& claims, const crypto::PrivateKey& key,
                         const Policy& policy);

// Signature by a key of ours, typ, iss, aud, exp, and every required claim: else invalid_token.
Result<AccessTokenClaims> verify_access_token(std::string_view token, const crypto::KeyRing& keys,
                                              const Policy& policy, Time now);

// The grant's state on top of the token's own: revoked, epochs moved, session ended: invalid_token.
Result<void> judge_grant_behind_token(const AccessTokenClaims& claims,
                                      const std::optional<Grant>& grant, bool token_denied,
                                      const Result<void>& gate);

}  // namespace claviger::protocol
