// The keys that clients publish: from their record, or fetched from their jwks_uri and kept
// (OIDCC-10.1.1, CA-18, CA-19, KY-08).
#pragma once
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>

#include "base/time.hpp"
#include "crypto/jwk_set.hpp"
#include "endpoints/deps.hpp"
#include "model/client.hpp"

namespace claviger::endpoints {

// Bounded; shared between threads.
class ClientKeys {
 public:
  struct Entry {
    std::shared_ptr<const crypto::JwkSet> keys;  // nothing: the last fetch failed
    Time fetched_at{};
  };
  std::optional<Entry> find(const std::string& jwks_uri) const;
  void put(const std::string& jwks_uri, Entry entry);
  // Of several that want to fetch the same at the same time one is told true; finished() ends it.
  bool begin(const std::string& jwks_uri);
  void finished(const std::string& jwks_uri);

 private:
  mutable std::mutex mutex_;
  std::unordered_map<std::string, Entry> entries_;
  std::unordered_map<std::string, bool> fetching_;
};

// Nothing: the client has no keys, or they can't be had. A kid (or, empty, any key) that the kept
// set lacks causes one new fetch, at most every 30 s for each address.
Task<std::shared_ptr<const crypto::JwkSet>> find_client_keys(const Deps& deps, Client client,
                                                             std::string kid);

}  // namespace claviger::endpoints
