// Failures that slow down whoever repeats them: durable, so that a restart resets nothing (I9).
// Never a lock.
#pragma once
#include <cstdint>
#include <optional>

#include "base/bytes.hpp"
#include "base/time.hpp"
#include "store/sql/driver.hpp"

namespace claviger::store {

struct Throttle {
  std::int64_t failures = 0;
  Time last_failure{};
};

class Throttles {
 public:
  explicit Throttles(sql::Driver& driver) : driver_(driver) {}

  // `key`: a digest of what is counted (user and source). Nothing: no failure on record.
  Task<std::optional<Throttle>> find(Digest key);
  // Adds one; a count whose last failure is older than `forget_before` starts again at one. Returns
  // the new count.
  Task<std::int64_t> count(Digest key, Time now, Time forget_before);
  Task<void> clear(Digest key);

 private:
  sql::Driver& driver_;
};

}  // namespace claviger::store
