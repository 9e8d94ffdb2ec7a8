#include "crypto/system_random.hpp"

#include <openssl/rand.h>

#include <algorithm>
#include <cstdlib>

namespace claviger::crypto {

void SystemRandom::fill(std::span<std::uint8_t> out) {
  constexpr std::size_t kAtOnce = 1u << 20;  // RAND_bytes takes an int
  while (!out.empty()) {
    const auto part = out.first(std::min(out.size(), kAtOnce));
    if (RAND_bytes(part.data(), static_cast<int>(part.size())) != 1) std::abort();
    out = out.subspan(part.size());
  }
}

}  // namespace claviger::crypto
