// The wire form of a refresh token: a compact JWS under the server's own MAC key; payload {f, n}
// and nothing else, so that the same counter is always the same bytes.
#pragma once
#include <cstdint>
#include <optional>
#include <string>

#include "base/id.hpp"
#include "base/secret.hpp"
#include "crypto/key_ring.hpp"

namespace claviger::protocol {

struct RefreshClaims {
  Id family;
  std::int64_t n = 0;
};

Secret mint_refresh_token(const RefreshClaims& claims, const std::string& mac_kid,
                          const crypto::KeyRing& keys);
// Garbage and forgeries are nothing, before any read (RT-13).
std::optional<RefreshClaims> verify_refresh_token(const Secret& token, const crypto::KeyRing& keys);

}  // namespace claviger::protocol
