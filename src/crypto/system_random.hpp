// OpenSSL's generator. A failure of it stops the process: there is no answer that would be safe.
#pragma once
#include "base/random.hpp"

namespace claviger::crypto {

class SystemRandom final : public Random {
 public:
  void fill(std::span<std::uint8_t> out) override;
};

}  // namespace claviger::crypto
