// How many requests of one class may be at work at once, so that none of them takes what all need:
// the places in the store's queue, the hashing threads, the memory of what is half done.
#pragma once
#include <array>
#include <atomic>
#include <cstddef>
#include <optional>
#include <utility>

#include "http/rate_limiter.hpp"

namespace claviger::http {

struct HandlerLimit {
  RateClass rate_class;
  std::size_t most;
};

// Together fewer than the 10,000 writes that may wait in the store: whatever one class does, there
// is a place for a write of the others.
inline constexpr std::array<HandlerLimit, kRateClasses> kHandlerLimits{{
    {RateClass::none, 4000},  // introspection, UserInfo, /api, documents and pages
    {RateClass::token, 3000},
    {RateClass::authorize, 1500},
    {RateClass::login, 500},
    {RateClass::registration, 100},
    {RateClass::device, 200},
}};

class HandlerPlaces {
 public:
  using Limits = std::array<HandlerLimit, kRateClasses>;
  // Held while the handler runs.
  class Place {
   public:
    explicit Place(std::atomic<std::size_t>& taken) : taken_(&taken) {}
    Place(Place&& other) noexcept : taken_(std::exchange(other.taken_, nullptr)) {}
    Place& operator=(Place&&) = delete;
    ~Place() {
      if (taken_ != nullptr) taken_->fetch_sub(1, std::memory_order_relaxed);
    }

   private:
    std::atomic<std::size_t>* taken_;
  };

  explicit HandlerPlaces(const Limits& limits) {
    for (const auto& limit : limits) of(limit.rate_class).most = limit.most;
  }
  // Nothing: the class has all of its places.
  std::optional<Place> take(RateClass rate_class) {
    auto& [most, taken] = of(rate_class);
    if (taken.fetch_add(1, std::memory_order_relaxed) < most) return Place(taken);
    taken.fetch_sub(1, std::memory_order_relaxed);
    return std::nullopt;
  }

 private:
  struct Class {
    std::size_t most = 0;
    std::atomic<std::size_t> taken = 0;
  };
  Class& of(RateClass rate_class) { return classes_[static_cast<std::size_t>(rate_class)]; }
  std::array<Class, kRateClasses> classes_;
};

}  // namespace claviger::http
