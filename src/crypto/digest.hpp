// SHA-2 and HMAC, constant-time comparison, and sealing at rest (AES-256-GCM).
#pragma once
#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/bytes.hpp"
#include "base/random.hpp"
#include "base/secret.hpp"

namespace claviger::crypto {

Digest sha256(ByteView data);
inline Digest sha256(std::string_view text) { return sha256(as_bytes(text)); }
Digest hmac_sha256(ByteView key, ByteView data);

using Digest512 = std::array<std::uint8_t, 64>;
Digest512 sha512(ByteView data);
inline Digest512 sha512(std::string_view text) { return sha512(as_bytes(text)); }
Digest512 hmac_sha512(ByteView key, ByteView data);

// Equal length and content, in time that depends on the length alone.
bool constant_time_equal(ByteView a, ByteView b);

// 32 bytes of key. `sealed` is a 96-bit random nonce, the ciphertext, the 128-bit tag.
class SealingKey {
 public:
  static std::optional<SealingKey> from_bytes(ByteView key);  // exactly 32 bytes
  Bytes seal(ByteView plain, std::string_view associated, Random& random) const;
  // Nothing when key, associated data or a single bit is wrong.
  std::optional<Secret> open(ByteView sealed, std::string_view associated) const;
  // A key of 32 bytes for one purpose, derived with HKDF-SHA-256 (RFC5869).
  Digest derive(std::string_view purpose) const;

 private:
  SealingKey() = default;
  Secret key_;
};

}  // namespace claviger::crypto
