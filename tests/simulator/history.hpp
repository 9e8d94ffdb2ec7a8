// One history: what happens to some people, their applications and two or three nodes, decided by
// one seed.
#pragma once
#include <cstdint>
#include <string>
#include <vector>

#include "tests/simulator/shared_driver.hpp"

namespace claviger::simulator {

struct Told {
  std::vector<std::string> violations;
  std::vector<std::string> trace;  // if it was asked for
  std::uint64_t requests = 0;
};

Told run_history(std::uint64_t seed, bool traced = false, const Break* broken = nullptr);

}  // namespace claviger::simulator
