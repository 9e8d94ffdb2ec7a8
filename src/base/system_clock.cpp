#include "base/time.hpp"

namespace claviger {

Time SystemClock::now() const {
  return std::chrono::floor<Duration>(std::chrono::system_clock::now());
}

}  // namespace claviger
