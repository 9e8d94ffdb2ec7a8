// What the process counts about itself. To count is one or two relaxed additions: no lock, no name,
// no allocation. Each layer has a struct of these beside it; app/exposition.cpp gives them names.
#pragma once
#include <algorithm>
#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <span>

namespace claviger {

class Counter {
 public:
  void add(std::uint64_t count = 1) { value_.fetch_add(count, std::memory_order_relaxed); }
  std::uint64_t value() const { return value_.load(std::memory_order_relaxed); }

 private:
  std::atomic<std::uint64_t> value_ = 0;
};

// Goes up and down.
class Gauge {
 public:
  void add(std::int64_t change) { value_.fetch_add(change, std::memory_order_relaxed); }
  void set(std::int64_t value) { value_.store(value, std::memory_order_relaxed); }
  std::int64_t value() const { return value_.load(std::memory_order_relaxed); }

 private:
  std::atomic<std::int64_t> value_ = 0;
};

// How many observations were at most each of the bounds, and their sum.
class Histogram {
 public:
  static constexpr std::size_t kMostBounds = 16;

  // `bounds` ascend and have static storage.
  explicit Histogram(std::span<const double> bounds) : bounds_(bounds) {}
  void observe(double value) {
    const auto place = std::ranges::lower_bound(bounds_, value) - bounds_.begin();
    counts_[std::min(static_cast<std::size_t>(place), kMostBounds)].add();
    // A clock that was set back would give a sum that falls.
    if (value > 0) sum_.fetch_add(value, std::memory_order_relaxed);
  }
  std::span<const double> bounds() const { return bounds_; }
  // Of those above the bound before and at most this one; the last place: above all bounds.
  std::uint64_t count(std::size_t place) const { return counts_[place].value(); }
  bool is_used() const {
    return std::ranges::any_of(counts_, [](const Counter& each) { return each.value() > 0; });
  }
  double sum() const { return sum_.load(std::memory_order_relaxed); }

 private:
  const std::span<const double> bounds_;
  std::array<Counter, kMostBounds + 1> counts_;
  std::atomic<double> sum_ = 0;
};

// Seconds: of a request from a person or a program, and of one look into a database.
inline constexpr std::array kRequestSeconds{0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1,
                                            0.25,  0.5,    1.0,   2.5,  5.0,   10.0};
inline constexpr std::array kQuerySeconds{0.00001, 0.000025, 0.00005, 0.0001, 0.00025,
                                          0.0005,  0.001,    0.0025,  0.005,  0.01,
                                          0.025,   0.1,      0.5,     2.0};
inline constexpr std::array kHashSeconds{0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5};
inline constexpr std::array kBatchSizes{1.0,  2.0,   4.0,   8.0,   16.0,  32.0,
                                        64.0, 128.0, 256.0, 512.0, 1024.0};

}  // namespace claviger
