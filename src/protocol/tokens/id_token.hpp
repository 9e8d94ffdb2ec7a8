// ID tokens (OIDCC-2, OIDCC-3.1.3.6, OIDCC-3.3.2.11): signed as the client registered, encrypted
// if it wants that, with nothing in them that was not asked for.
#pragma once
#include <boost/json.hpp>
#include <optional>
#include <string>
#include <string_view>

#include "base/random.hpp"
#include "base/reason.hpp"
#include "base/secret.hpp"
#include "crypto/jwk_set.hpp"
#include "crypto/key_ring.hpp"
#include "model/client.hpp"
#include "protocol/policy.hpp"

namespace claviger::protocol {

struct IdTokenFacts {
  std::string sub;  // as the client sees it
  std::string acr;
  std::vector<std::string> amr;
  std::optional<Time> auth_time;  // only when it is to be told
  std::optional<std::string> nonce;
  std::optional<std::string> sid;
  std::optional<std::string> access_token;  // then at_hash
  std::optional<std::string> code;          // then c_hash
  boost::json::object claims;               // of the person, as far as asked for
};

// The claims set, without anything private (OIDCC-5.1.2 allows more; clients warn about it).
boost::json::object id_token_claims(const IdTokenFacts& facts, const Client& client,
                                    crypto::Alg alg, const Policy& policy, Time now);

// The algorithm the client registered, else RS256 (OIDCDR-2).
crypto::Alg id_token_alg(const Client& client);

// A payload signed by our key of `alg` and, when the protection says so, encrypted to a key of
// `recipient`: a nested JWT (OIDCC-10.2). `typ` "JWT". Refused (server_error): we have no active
// key of the algorithm; (invalid_client_metadata): the client has no key that fits.
Result<std::string> protect(const boost::json::object& payload, const Protection& protection,
                            crypto::Alg alg, std::string_view typ, const crypto::KeyRing& keys,
                            const crypto::JwkSet* recipient, Random& random, Time now);
// Encrypted alone, as the client may have registered for UserInfo (OIDCC-5.3.2).
Result<std::string> encrypt_only(const boost::json::object& payload, const Protection& protection,
                                 const crypto::JwkSet* recipient, Random& random);

struct IdTokenHint {
  std::string sub;  // as the client sees it
  std::string client_id;
  std::optional<std::string> sid;
};
// One of our own ID tokens, brought back: expired ones too, never one of another issuer, key,
// algorithm or type (OIDCC-3.1.2.1, OIDCRL-2, CI-25). An encrypted one can't be read here.
Result<IdTokenHint> verify_id_token_hint(std::string_view token, const crypto::KeyRing& keys,
                                         const Policy& policy, Time now);

}  // namespace claviger::protocol
