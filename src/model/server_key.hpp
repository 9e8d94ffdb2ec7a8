// A key of the server's own as the store keeps it: sealed under the master key from the first day.
#pragma once
#include <string>
#include <string_view>

#include "base/bytes.hpp"
#include "base/time.hpp"

namespace claviger {

enum class KeyPurpose { signing, refresh_mac, secret_hash };
std::string_view to_string(KeyPurpose purpose);

struct ServerKey {
  std::string kid;
  KeyPurpose purpose = KeyPurpose::signing;
  std::string alg;  // "ES256", "RS256", "PS256", "EdDSA", "HS256"
  Bytes sealed;     // AES-256-GCM, associated data: kid and purpose
  Time created_at{};
  Time active_from{};  // published before, used from here on
  Time retires_at{};   // zero: still the newest of its alg; else gone from the JWKS from here on
};

}  // namespace claviger
