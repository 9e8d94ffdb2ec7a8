// Access tokens whose bytes this process has made or verified: showing one again costs a digest
// (2 us) instead of a verification (76 us for ES256). It proves the signature and nothing more:
// expiry, denial, grant and client are asked for every time.
#pragma once
#include <array>
#include <atomic>
#include <memory>
#include <string_view>

#include "base/bytes.hpp"
#include "base/time.hpp"
#include "crypto/key_ring.hpp"
#include "model/access_token.hpp"

namespace claviger::endpoints {

// Shared between threads, without a lock; of two tokens that fall on one place the later stays.
class KnownTokens {
 public:
  using Ring = std::shared_ptr<const crypto::KeyRing>;

  // The claims, or null. Only if every byte of `token` is that of a token known, under these very
  // keys: a `jti` or `kid` proves nothing, and whoever revokes a key makes everything unknown
  // (KY-06).
  SharedClaims find(std::string_view token, const Ring& ring, Time now) const;
  // What it says must be what verification of it would have said.
  void add(std::string_view token, const Ring& ring, SharedClaims claims);

 private:
  static constexpr std::size_t kPlaces = 4096;
  struct Entry {
    Digest digest;
    Ring ring;
    SharedClaims claims;
  };
  using Place = std::atomic<std::shared_ptr<const Entry>>;

  static std::size_t place_of(const Digest& digest);

  std::unique_ptr<std::array<Place, kPlaces>> places_ =
      std::make_unique<std::array<Place, kPlaces>>();
};

}  // namespace claviger::endpoints
