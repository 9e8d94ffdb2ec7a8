// Reading a public JWK (RFC7517, RFC7518-6, RFC8037-2) into its parts, strictly.
#pragma once
#include <boost/json.hpp>
#include <optional>
#include <string>

#include "base/bytes.hpp"
#include "crypto/key.hpp"

namespace claviger::crypto {

// The numbers of a public key: n and e of RSA, x and y of P-256, x of Ed25519.
struct PublicParts {
  Alg alg = Alg::ES256;
  Bytes first;
  Bytes second;
};

std::optional<PublicParts> read_public_jwk(const boost::json::object& jwk,
                                           std::optional<Alg> registered);
// kty and the members that RFC7638-3.2 requires, in its lexicographic order.
boost::json::object required_members(const PublicParts& parts);

}  // namespace claviger::crypto
