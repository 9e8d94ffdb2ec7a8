#include <gtest/gtest.h>

#include "http/rate_limiter.hpp"

namespace claviger::http {
namespace {

using std::chrono::seconds;
constexpr Time kStart = from_seconds(1'800'000'000);

Rates slow_login() {
  Rates rates;
  rates.login = {0.5, 3};
  return rates;
}

TEST(RateLimiter, lets_a_burst_through_and_then_names_the_wait) {
  RateLimiter limiter(slow_login());
  for (int i = 0; i < 3; ++i) EXPECT_FALSE(limiter.take(RateClass::login, "192.0.2.1", kStart));
  EXPECT_EQ(limiter.take(RateClass::login, "192.0.2.1", kStart), 2);
  EXPECT_EQ(limiter.take(RateClass::login, "192.0.2.1", kStart + seconds(1)), 1);
  EXPECT_FALSE(limiter.take(RateClass::login, "192.0.2.1", kStart + seconds(2)));
  EXPECT_TRUE(limiter.take(RateClass::login, "192.0.2.1", kStart + seconds(2)));
}

TEST(RateLimiter, addresses_and_classes_are_separate) {
  RateLimiter limiter(slow_login());
  for (int i = 0; i < 4; ++i) limiter.take(RateClass::login, "192.0.2.1", kStart);
  EXPECT_FALSE(limiter.take(RateClass::login, "192.0.2.2", kStart));
  EXPECT_FALSE(limiter.take(RateClass::token, "192.0.2.1", kStart));
}

TEST(RateLimiter, one_ipv6_network_counts_as_one) {
  RateLimiter limiter(slow_login());
  for (const auto* address : {"2001:db8::1", "2001:db8::2", "2001:db8::3"})
    EXPECT_FALSE(limiter.take(RateClass::login, address, kStart));
  EXPECT_TRUE(limiter.take(RateClass::login, "2001:db8::4", kStart));
  EXPECT_FALSE(limiter.take(RateClass::login, "2001:db8:0:1::1", kStart));
}

TEST(RateLimiter, class_none_and_rate_zero_are_unlimited) {
  Rates rates;
  rates.token = {0, 0};
  RateLimiter limiter(rates);
  for (int i = 0; i < 1000; ++i) {
    EXPECT_FALSE(limiter.take(RateClass::none, "192.0.2.1", kStart));
    EXPECT_FALSE(limiter.take(RateClass::token, "192.0.2.1", kStart));
  }
  EXPECT_EQ(limiter.size(), 0u);
}

TEST(RateLimiter, a_clock_that_goes_back_gives_nothing_away) {
  RateLimiter limiter(slow_login());
  for (int i = 0; i < 3; ++i) limiter.take(RateClass::login, "192.0.2.1", kStart);
  EXPECT_TRUE(limiter.take(RateClass::login, "192.0.2.1", kStart - seconds(3600)));
}

TEST(RateLimiter, memory_is_bounded) {
  RateLimiter limiter(slow_login());
  for (std::size_t i = 0; i < RateLimiter::kMaxBuckets + 1000; ++i)
    limiter.take(RateClass::login, std::to_string(i), kStart);
  EXPECT_LE(limiter.size(), RateLimiter::kMaxBuckets);
}

TEST(RateLimiter, full_buckets_are_forgotten_before_empty_ones) {
  RateLimiter limiter(slow_login());
  for (std::size_t i = 1; i < RateLimiter::kMaxBuckets; ++i)
    limiter.take(RateClass::login, std::to_string(i), kStart);
  const auto later = kStart + seconds(60);
  for (int i = 0; i < 3; ++i) limiter.take(RateClass::login, "192.0.2.1", later);
  limiter.take(RateClass::login, "192.0.2.2", later);
  EXPECT_EQ(limiter.size(), 2u);
  EXPECT_TRUE(limiter.take(RateClass::login, "192.0.2.1", later));
}

}  // namespace
}  // namespace claviger::http
