// Reading a public JWK (RFC7517, RFC7518-6, RFC8037-2) into its parts, strictly.
#pragma once
#include <boost/json.hpp>
#include <optional>
#include <string>
#include <string_view>

#include "base/bytes.hpp"
#include "crypto/key.hpp"

namespace claviger::crypto {

// The numbers of a public key: n and e of RSA, x and y of P-256, x of Ed25519.
struct PublicParts {
  Alg alg = Alg::ES256;
  Bytes first;
  Bytes second;
};

// What every reader of a JWK shares.
bool has_private_member(const boost::json::object& jwk);
std::optional<Bytes> read_octets(const boost::json::object& jwk, std::string_view name);
// A Base64urlUInt has no leading zero octet (RFC7518-2).
std::optional<Bytes> read_number(const boost::json::object& jwk, std::string_view name);
struct RsaNumbers {
  Bytes n;
  Bytes e;
};
// Of 2048 bits to 8192, both odd, an exponent of 3 and more.
std::optional<RsaNumbers> read_rsa_numbers(const boost::json::object& jwk);

std::optional<PublicParts> read_public_jwk(const boost::json::object& jwk,
                                           std::optional<Alg> registered);
// kty and the members that RFC7638-3.2 requires, in its lexicographic order.
boost::json::object required_members(const PublicParts& parts);

}  // namespace claviger::crypto
