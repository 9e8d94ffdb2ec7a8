// What may be used once, by whoever made it: assertion and proof ids (RFC7523-3, CA-06).
#pragma once
#include "base/bytes.hpp"
#include "base/time.hpp"
#include "store/sql/driver.hpp"

namespace claviger::store {

class Replays {
 public:
  explicit Replays(sql::Driver& driver) : driver_(driver) {}

  // `key`: a digest of kind, issuer and id. Kept until `until` at least. False: seen before.
  Task<bool> remember(Digest key, Time until);

 private:
  sql::Driver& driver_;
};

}  // namespace claviger::store
