// How wrong passwords slow down whoever repeats them: a wait, never a lock (PW-07).
#pragma once
#include <chrono>
#include <cstdint>

#include "base/bytes.hpp"
#include "base/time.hpp"

namespace claviger::protocol {

struct LoginPolicy {
  int free_failures = 5;
  std::chrono::seconds longest_wait{15 * 60};
};

// Zero: go on. After `free_failures` one second, doubling up to the longest, counted from the last
// failure.
std::chrono::seconds login_wait(std::int64_t failures, Time last_failure, const LoginPolicy& policy,
                                Time now);
// What failures are counted under: the user's own id (never the name typed: PW-08) and the source
// address.
Digest throttle_key(std::string_view sub_or_name, std::string_view source);

}  // namespace claviger::protocol
