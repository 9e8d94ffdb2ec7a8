// JWT access tokens (RFC9068) and what a holder may do at our own resource (RFC6750-2.1).
#pragma once
#include <optional>
#include <string>

#include "base/reason.hpp"
#include "base/secret.hpp"
#include "crypto/jws.hpp"
#include "crypto/key_ring.hpp"
#include "model/access_token.hpp"
#include "model/grant.hpp"
#include "protocol/policy.hpp"
#include "protocol/scope.hpp"

namespace claviger::protocol {

using claviger::AccessTokenClaims;

// iss, aud, sub, client_id, scope, jti, iat, exp, grant_id, act; typ at+jwt.
Secret mint_access_token(const AccessTokenClaims& claims, const crypto::PrivateKey& key,
                         const Policy& policy);

// Is it ours, and live? Signature by a key of ours, typ, iss, exp, and every required claim: else
// invalid_token. Whom it is for is another question.
Result<AccessTokenClaims> verify_access_token(std::string_view token, const crypto::KeyRing& keys,
                                              const Policy& policy, Time now);

// Is it for us: does its audience name the issuer (RFC9068-4, RFC8707-2)?
Result<void> judge_audience(const AccessTokenClaims& claims, const Policy& policy);

// The grant's state on top of the token's own: revoked, epochs moved, session ended: invalid_token.
// `subject`: what the grant's person is called before that client (see subject.hpp).
Result<void> judge_grant_behind_token(const AccessTokenClaims& claims, const Grant* grant,
                                      std::string_view subject, bool token_denied,
                                      const Result<void>& gate);

}  // namespace claviger::protocol
