// The two forms of a P-256 signature: raw r||s on the wire (RFC7518-3.4), DER in OpenSSL.
#pragma once
#include <cstddef>
#include <optional>

#include "base/bytes.hpp"

namespace claviger::crypto {

inline constexpr std::size_t kEs256Bytes = 64;

// Nothing unless `raw` has exactly 64 bytes and both halves lie in [1, n-1].
std::optional<Bytes> ecdsa_der_from_raw(ByteView raw);
Bytes ecdsa_raw_from_der(ByteView der);  // of a signature that OpenSSL just made

}  // namespace claviger::crypto
