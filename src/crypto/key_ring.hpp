// The server's own keys, opened and ready, as an immutable snapshot that requests share. Rotation
// replaces the snapshot; a request keeps the one it began with.
#pragma once
#include <atomic>
#include <boost/json.hpp>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/bytes.hpp"
#include "base/secret.hpp"
#include "base/time.hpp"
#include "crypto/key.hpp"
#include "crypto/mac_key.hpp"

namespace claviger::crypto {

class KeyRing {
 public:
  struct Signing {
    PrivateKey key;
    Time active_from{};
    Time retires_at{};  // zero: the newest of its algorithm
  };
  struct Mac {
    std::string kid;
    Secret key;  // 32 bytes
    Time active_from{};
    Time retires_at{};
  };

  KeyRing(std::vector<Signing> signing, std::vector<Mac> refresh_macs,
          std::vector<Mac> secret_macs);

  // The newest key of `alg` that is active at `now`.
  const PrivateKey* signing_key(Alg alg, Time now) const;
  const std::vector<Signing>& signing_keys() const { return signing_; }
  // Any published, unretired key, active or not yet.
  const PublicKey* find_public(std::string_view kid, Time now) const;
  boost::json::object jwks(Time now) const;  // RFC7517-5: public members only
  // When the next signing key begins or retires: until then all of the above answer the same.
  Time unchanged_until(Time now) const;

  const Mac& refresh_mac(Time now) const;
  const MacKey* find_refresh_mac(std::string_view kid) const;

  // HMAC-SHA-256 of a client secret under the newest secret-hashing key, with its kid.
  std::pair<Digest, std::string> hash_client_secret(const Secret& secret, Time now) const;
  std::optional<Digest> hash_client_secret_with(std::string_view kid, const Secret& secret) const;

 private:
  std::vector<Signing> signing_;
  std::vector<PublicKey> public_;
  std::vector<Mac> refresh_macs_;
  std::vector<MacKey> ready_refresh_macs_;  // in the same order
  std::vector<Mac> secret_macs_;
  std::vector<MacKey> ready_secret_macs_;
};

// Where the current snapshot hangs.
class Keys {
 public:
  std::shared_ptr<const KeyRing> current() const { return ring_.load(std::memory_order_acquire); }
  void replace(std::shared_ptr<const KeyRing> ring) {
    ring_.store(std::move(ring), std::memory_order_release);
  }

 private:
  std::atomic<std::shared_ptr<const KeyRing>> ring_;
};

}  // namespace claviger::crypto
