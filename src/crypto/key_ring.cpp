#include "crypto/key_ring.hpp"

#include <algorithm>
#include <cstdlib>
#include <tuple>

namespace claviger::crypto {
namespace {

bool retired(Time retires_at, Time now) { return retires_at != Time{} && retires_at <= now; }

// The newest that is active. If the clock was set back behind all of them: the oldest, which every
// node knows. Equal times are told apart by kid, so that all nodes choose alike.
const KeyRing::Mac& newest(const std::vector<KeyRing::Mac>& macs, Time now) {
  const KeyRing::Mac* best = nullptr;
  const KeyRing::Mac* oldest = nullptr;
  const auto order = [](const KeyRing::Mac& mac) { return std::tie(mac.active_from, mac.kid); };
  for (const auto& mac : macs) {
    if (!oldest || order(mac) < order(*oldest)) oldest = &mac;
    if (mac.active_from > now || retired(mac.retires_at, now)) continue;
    if (!best || order(mac) > order(*best)) best = &mac;
  }
  if (!oldest) std::abort();
  return best ? *best : *oldest;
}

const MacKey* find_mac(const std::vector<KeyRing::Mac>& macs, const std::vector<MacKey>& ready,
                       std::string_view kid) {
  for (std::size_t i = 0; i < macs.size(); ++i) {
    if (macs[i].kid == kid) return &ready[i];
  }
  return nullptr;
}

std::vector<MacKey> ready_macs(const std::vector<KeyRing::Mac>& macs) {
  std::vector<MacKey> ready;
  for (const auto& mac : macs) ready.emplace_back(as_bytes(mac.key.reveal()));
  return ready;
}

}  // namespace

KeyRing::KeyRing(std::vector<Signing> signing, std::vector<Mac> refresh_macs,
                 std::vector<Mac> secret_macs)
    : signing_(std::move(signing)),
      refresh_macs_(std::move(refresh_macs)),
      ready_refresh_macs_(ready_macs(refresh_macs_)),
      secret_macs_(std::move(secret_macs)),
      ready_secret_macs_(ready_macs(secret_macs_)) {
  for (const auto& entry : signing_) public_.push_back(entry.key.public_key());
}

const PrivateKey* KeyRing::signing_key(Alg alg, Time now) const {
  const Signing* best = nullptr;
  for (const auto& entry : signing_) {
    if (entry.key.alg() != alg || entry.active_from > now || retired(entry.retires_at, now)) {
      continue;
    }
    const auto order = [](const Signing& s) { return std::tie(s.active_from, s.key.kid()); };
    if (!best || order(entry) > order(*best)) best = &entry;
  }
  return best ? &best->key : nullptr;
}

const PublicKey* KeyRing::find_public(std::string_view kid, Time now) const {
  for (std::size_t i = 0; i < public_.size(); ++i) {
    if (public_[i].kid() == kid && !retired(signing_[i].retires_at, now)) return &public_[i];
  }
  return nullptr;
}

boost::json::object KeyRing::jwks(Time now) const {
  boost::json::array keys;
  for (std::size_t i = 0; i < public_.size(); ++i) {
    if (!retired(signing_[i].retires_at, now)) keys.push_back(public_[i].jwk());
  }
  return {{"keys", std::move(keys)}};
}

Time KeyRing::unchanged_until(Time now) const {
  Time next = Time::max();
  for (const auto& entry : signing_) {
    for (const Time change : {entry.active_from, entry.retires_at}) {
      if (change > now) next = std::min(next, change);
    }
  }
  return next;
}

const KeyRing::Mac& KeyRing::refresh_mac(Time now) const { return newest(refresh_macs_, now); }

const MacKey* KeyRing::find_refresh_mac(std::string_view kid) const {
  return find_mac(refresh_macs_, ready_refresh_macs_, kid);
}

std::pair<Digest, std::string> KeyRing::hash_client_secret(const Secret& secret, Time now) const {
  const auto& kid = newest(secret_macs_, now).kid;
  return {hash_client_secret_with(kid, secret).value(), kid};
}

std::optional<Digest> KeyRing::hash_client_secret_with(std::string_view kid,
                                                       const Secret& secret) const {
  const auto* mac = find_mac(secret_macs_, ready_secret_macs_, kid);
  if (!mac) return {};
  return mac->mac(as_bytes(secret.reveal()));
}

}  // namespace claviger::crypto
