#include <ctime>

#include "base/time.hpp"
#include "base/uptime.hpp"

namespace claviger {

Time SystemClock::now() const {
  return std::chrono::floor<Duration>(std::chrono::system_clock::now());
}

// The steady clock stands still while the machine sleeps: after a night it would tell of a jump.
Duration system_uptime() {
  timespec now{};
  ::clock_gettime(CLOCK_BOOTTIME, &now);
  return std::chrono::floor<Duration>(std::chrono::seconds(now.tv_sec) +
                                      std::chrono::nanoseconds(now.tv_nsec));
}

}  // namespace claviger
