// Assertions that a client makes about itself or about a person (RFC7521-5.2, RFC7523-3): one set
// of rules for both uses, so that neither can be laxer by mistake.
#pragma once
#include <expected>
#include <optional>
#include <string>
#include <string_view>

#include "base/bytes.hpp"
#include "base/secret.hpp"
#include "base/time.hpp"
#include "crypto/jwk_set.hpp"
#include "model/client.hpp"
#include "protocol/policy.hpp"

namespace claviger::protocol {

enum class AssertionUse { client_authentication, grant };

// What can be read before anything is proven: whose record and which key to look for.
struct AssertionHead {
  std::string sub;
  std::string kid;  // empty: none
};
// Nothing: no compact JWS of ours to judge.
std::optional<AssertionHead> peek_assertion(std::string_view assertion);

// What the signature may be verified with: what the client published, or the secret it shares with
// us. Neither: it can't be verified.
struct AssertionKeys {
  const crypto::JwkSet* published = nullptr;
  std::optional<Secret> secret;
};

enum class AssertionFault {
  unsound,    // no compact JWS, a header that can't be, `crit` ...
  type,       // a JWT made for something else (CA-10, CA-11)
  algorithm,  // none, another one than registered, or one that does not fit the key (CA-04, CA-05)
  key,        // no key of the client's fits
  signature,  // not made with any of the client's keys
  issuer,     // iss, or sub where it is about the client itself
  audience,   // CA-09
  lifetime,   // exp or another time is missing, no number, or they contradict one another (JO-24)
  expired,    //
  too_long,   // exp is further away than an assertion may live
  not_yet,    // nbf or iat lie in the future
  no_id,      // jti is missing
};

struct RefusedAssertion {
  AssertionFault fault = AssertionFault::unsound;
  std::string expected;
  std::string came;
};

struct AssertionClaims {
  std::string sub;
  Digest replay_key{};  // of use, client and jti
  Time keep_until{};    // for how long the key has to be remembered (CA-07)
  Time usable_from{};   // before that nobody here would have taken it
};

// Was this assertion made by `client`, for us, for this use, and now?
std::expected<AssertionClaims, RefusedAssertion> judge_assertion(std::string_view assertion,
                                                                 AssertionUse use,
                                                                 const Client& client,
                                                                 const AssertionKeys& keys,
                                                                 const Policy& policy, Time now);

}  // namespace claviger::protocol
