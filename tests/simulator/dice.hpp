// Every choice of a simulated history, out of one number.
#pragma once
#include <cstdint>

#include "base/time.hpp"

namespace claviger::simulator {

class Dice {
 public:
  explicit Dice(std::uint64_t seed) : state_(seed) {}

  std::uint64_t next() {  // splitmix64
    state_ += 0x9e3779b97f4a7c15ull;
    std::uint64_t z = state_;
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9ull;
    z = (z ^ (z >> 27)) * 0x94d049bb133111ebull;
    return z ^ (z >> 31);
  }
  // 0 to n - 1.
  std::size_t below(std::size_t n) { return static_cast<std::size_t>(next() % n); }
  bool one_in(std::size_t n) { return below(n) == 0; }
  bool chance(int of_thousand) { return static_cast<int>(below(1000)) < of_thousand; }
  Duration between(Duration least, Duration most) {
    const auto width = static_cast<std::size_t>((most - least).count()) + 1;
    return least + Duration(static_cast<std::int64_t>(below(width)));
  }

 private:
  std::uint64_t state_;
};

}  // namespace claviger::simulator
