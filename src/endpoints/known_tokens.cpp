#include "endpoints/known_tokens.hpp"

#include "base/limits.hpp"
#include "crypto/digest.hpp"

namespace claviger::endpoints {

namespace {

// The whole of it: whatever a part of it is, anybody who saw one token can copy that part.
Digest digest_of(std::string_view token) { return crypto::sha256(token); }

}  // namespace

std::size_t KnownTokens::place_of(const Digest& digest) {
  return (digest[0] | static_cast<std::size_t>(digest[1]) << 8) % kPlaces;
}

SharedClaims KnownTokens::find(std::string_view token, const Ring& ring, Time now) const {
  if (token.size() > limits::kJwtBytes) return {};
  const auto digest = digest_of(token);
  const auto entry = (*places_)[place_of(digest)].load(std::memory_order_acquire);
  if (!entry || !crypto::constant_time_equal(entry->digest, digest)) return {};
  if (entry->ring != ring || now >= entry->claims->expires_at) return {};
  return entry->claims;
}

void KnownTokens::add(std::string_view token, const Ring& ring, SharedClaims claims) {
  auto entry = std::make_shared<const Entry>(digest_of(token), ring, std::move(claims));
  auto& place = (*places_)[place_of(entry->digest)];
  place.store(std::move(entry), std::memory_order_release);
}

}  // namespace claviger::endpoints
