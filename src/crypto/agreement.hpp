// Key agreement on a curve (RFC7518-4.6, RFC8037-3.2): its points as JWK, the shared secret, and
// the key that is derived from it.
#pragma once
#include <boost/json.hpp>
#include <cstddef>
#include <optional>
#include <string_view>

#include "base/bytes.hpp"
#include "crypto/openssl.hpp"
#include "crypto/wiped.hpp"

namespace claviger::crypto {

enum class Curve { p256, p384, p521, x25519 };

// What kty and crv name together; nothing when it is none of ours.
std::optional<Curve> curve_of(const boost::json::object& jwk);
// The public point, or nothing unless it is of exact width, on `curve` and of large order.
Pkey read_point(Curve curve, const boost::json::object& jwk);
// With `d`, whose public half must be the point. Nothing otherwise.
Pkey read_private_point(Curve curve, const boost::json::object& jwk);
boost::json::object write_point(Curve curve, const EVP_PKEY* key);
Pkey generate_point(Curve curve);

// Z. Nothing when the peer's point leads to no secret.
std::optional<Wiped> agree(EVP_PKEY* own, EVP_PKEY* peer);
// Concat KDF with SHA-256 (RFC7518-4.6.2); `id` is the algorithm that the key is for.
Wiped derive_key(ByteView z, std::string_view id, ByteView apu, ByteView apv, std::size_t bytes);

}  // namespace claviger::crypto
