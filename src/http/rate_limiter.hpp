// Request rates, in memory, per node, by address: token buckets. Off for loopback peers.
#pragma once
#include <cstddef>
#include <cstdint>
#include <mutex>
#include <optional>
#include <string>
#include <unordered_map>

#include "base/time.hpp"

namespace claviger::http {

enum class RateClass { none, token, authorize, login, registration, device };
inline constexpr std::size_t kRateClasses = static_cast<std::size_t>(RateClass::device) + 1;

struct Rate {
  double per_second = 0;  // zero: unlimited
  double burst = 0;
};

struct Rates {
  Rate token{50, 100};
  Rate authorize{20, 40};
  Rate login{5, 20};
  Rate registration{1.0 / 60, 5};
  Rate device{1, 4};
};

class RateLimiter {
 public:
  static constexpr std::size_t kMaxBuckets = 65536;
  explicit RateLimiter(Rates rates);
  // Nothing: go on. Otherwise the seconds to wait (for Retry-After). Memory is bounded: old buckets
  // are dropped.
  std::optional<std::int64_t> take(RateClass rate_class, const std::string& address, Time now);
  std::size_t size() const {
    const std::lock_guard lock(mutex_);
    return buckets_.size();
  }

 private:
  struct Bucket {
    double tokens = 0;
    Time at{};
  };
  Rate rate_of(RateClass rate_class) const;
  void make_room(Time now);
  Rates rates_;
  mutable std::mutex mutex_;
  std::unordered_map<std::string, Bucket> buckets_;
};

}  // namespace claviger::http
