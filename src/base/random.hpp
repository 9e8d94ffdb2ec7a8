// The source of randomness that everything is handed; crypto/system_random.hpp is the real one.
#pragma once
#include <array>
#include <cstddef>
#include <cstdint>
#include <span>

namespace claviger {

class Random {
 public:
  virtual ~Random() = default;
  // Fills `out` with cryptographically strong bytes, from any thread. A source that fails stops the
  // process.
  virtual void fill(std::span<std::uint8_t> out) = 0;

  template <std::size_t N>
  std::array<std::uint8_t, N> bytes() {
    std::array<std::uint8_t, N> out;
    fill(out);
    return out;
  }
};

}  // namespace claviger
