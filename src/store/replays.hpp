// What may be used once, by whoever made it: assertion and proof ids (RFC7523-3, CA-06).
#pragma once
#include "base/bytes.hpp"
#include "base/time.hpp"
#include "store/sql/driver.hpp"

namespace claviger::store {

class Replays {
 public:
  explicit Replays(sql::Driver& driver) : driver_(driver) {}

  // other_epoch: it could have been used before the data was restored, and what was remembered then
  // may be lost.
  enum class Remembered { first, seen_before, other_epoch };
  // `key`: a digest of kind, issuer and id, that nobody could use before `usable_from`. Kept until
  // `until` at least.
  Task<Remembered> remember(Digest key, Time until, Time usable_from);

 private:
  sql::Driver& driver_;
};

}  // namespace claviger::store
