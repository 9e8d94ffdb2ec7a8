// Which incarnation of the data this is: another one after a restore, or after a failover that may
// have lost writes.
#pragma once
#include <cstdint>

#include "base/time.hpp"

namespace claviger {

struct StorageEpoch {
  std::int64_t number = 0;
  Time since{};  // when it was raised last; 1970: never
};

// For how long after a change a refresh token may be ahead of what is known of it: clients come
// back within a day, and what comes later may as well have been stolen.
inline constexpr std::chrono::hours kFastForwardTime{24};

}  // namespace claviger
