// A source of bytes that is the same in every run of one thread.
#pragma once
#include <atomic>
#include <cstdint>

#include "base/random.hpp"

namespace claviger::test {

class ScriptedRandom final : public Random {
 public:
  explicit ScriptedRandom(std::uint64_t seed = 1) : state_(seed) {}
  void fill(std::span<std::uint8_t> out) override {
    for (auto& byte : out) {  // splitmix64, one step a byte
      std::uint64_t z = state_.fetch_add(kStep, std::memory_order_relaxed) + kStep;
      z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9ull;
      z = (z ^ (z >> 27)) * 0x94d049bb133111ebull;
      byte = static_cast<std::uint8_t>((z ^ (z >> 31)) & 0xff);
    }
  }

 private:
  static constexpr std::uint64_t kStep = 0x9e3779b97f4a7c15ull;
  std::atomic<std::uint64_t> state_;
};

}  // namespace claviger::test
