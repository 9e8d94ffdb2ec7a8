#include "http/rate_limiter.hpp"

#include <arpa/inet.h>

#include <algorithm>
#include <cmath>
#include <string_view>

namespace claviger::http {
namespace {

// One host can use a whole /64 of IPv6 addresses, so that is what is counted.
std::string counted_address(const std::string& address) {
  if (!address.contains(':')) return address;
  in6_addr parsed{};
  if (inet_pton(AF_INET6, address.c_str(), &parsed) != 1) return address;
  return std::string(reinterpret_cast<const char*>(parsed.s6_addr), 8);
}

double refilled(double tokens, Duration passed, const Rate& rate) {
  const double seconds = std::max(0.0, std::chrono::duration<double>(passed).count());
  return std::min(rate.burst, tokens + seconds * rate.per_second);
}

}  // namespace

RateLimiter::RateLimiter(Rates rates) : rates_(rates) {
  // Below one token nothing would ever pass.
  for (Rate* rate :
       {&rates_.token, &rates_.authorize, &rates_.login, &rates_.registration, &rates_.device})
    rate->burst = std::max(rate->burst, 1.0);
}

Rate RateLimiter::rate_of(RateClass rate_class) const {
  switch (rate_class) {
    case RateClass::token:
      return rates_.token;
    case RateClass::authorize:
      return rates_.authorize;
    case RateClass::login:
      return rates_.login;
    case RateClass::registration:
      return rates_.registration;
    case RateClass::device:
      return rates_.device;
    case RateClass::none:
      break;
  }
  return Rate{};
}

std::optional<std::int64_t> RateLimiter::take(RateClass rate_class, const std::string& address,
                                              Time now) {
  const Rate rate = rate_of(rate_class);
  if (rate.per_second <= 0) return std::nullopt;
  std::string key(1, static_cast<char>(rate_class));
  key += counted_address(address);
  const std::lock_guard lock(mutex_);
  if (buckets_.size() >= kMaxBuckets && !buckets_.contains(key)) make_room(now);
  const auto [found, fresh] = buckets_.try_emplace(std::move(key), Bucket{rate.burst, now});
  Bucket& bucket = found->second;
  bucket.tokens = refilled(bucket.tokens, now - bucket.at, rate);
  bucket.at = now;
  if (bucket.tokens >= 1) {
    bucket.tokens -= 1;
    return std::nullopt;
  }
  const double wait = std::ceil((1 - bucket.tokens) / rate.per_second);
  return std::clamp(static_cast<std::int64_t>(wait), std::int64_t{1}, std::int64_t{3600});
}

void RateLimiter::make_room(Time now) {
  // A bucket that is full again says nothing that a new one wouldn't.
  std::erase_if(buckets_, [&](const auto& entry) {
    const auto rate = rate_of(static_cast<RateClass>(entry.first[0]));
    return refilled(entry.second.tokens, now - entry.second.at, rate) >= rate.burst;
  });
  // So many strangers at once: forgetting some of them is better than growing without end.
  while (buckets_.size() > kMaxBuckets - kMaxBuckets / 8) buckets_.erase(buckets_.begin());
}

}  // namespace claviger::http
