// The keys that clients publish: from their record, or fetched from their jwks_uri and kept
// (OIDCC-10.1.1, CA-18, CA-19, KY-08).
#pragma once
#include <chrono>
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
  static constexpr std::size_t kMost = 1000;
  static constexpr std::chrono::seconds kShortest{30};  // between two fetches of one address
  static constexpr std::chrono::hours kLongest{24};     // that a set may be used after its fetch

  struct Entry {
    std::shared_ptr<const crypto::JwkSet> keys;  // nothing: they could never be had
    Time asked_at{};                             // the last fetch, whatever became of it
    Time fresh_until{};                          // then they are asked for again
    Time usable_until{};
  };
  std::optional<Entry> find(const std::string& jwks_uri) const;
  void put(const std::string& jwks_uri, Entry entry);
  // Of several that want to fetch the same at the same time one is told true, and none within
  // kShortest of the last fetch; finished() ends it.
  bool begin(const std::string& jwks_uri, Time now);
  void finished(const std::string& jwks_uri);

 private:
  void make_room();

  mutable std::mutex mutex_;
  std::unordered_map<std::string, Entry> entries_;
  std::unordered_map<std::string, bool> fetching_;
};

// Nothing: the client has no keys, or they can't be had. A kid (or, empty, any key) that the kept
// set lacks causes one new fetch, at most every 30 s for each address. Who comes while another one
// fetches gets what was kept.
Task<std::shared_ptr<const crypto::JwkSet>> find_client_keys(const Deps& deps, Client client,
                                                             std::string kid);

}  // namespace claviger::endpoints
