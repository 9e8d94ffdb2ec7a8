// Work that one node at a time does: who does it, and until when. A lease keeps nodes from doing
// the same twice; it is not what keeps the data right. A node that was frozen may go on in the
// middle of a round when another has long taken over, and nothing that it checked before is true
// any more. So whatever a round writes asks the database again, in the same operation:
// - a key follows the one that was seen, if that still is the newest (ServerKeys::replace);
// - an attempt to tell a client is counted by whoever saw the last one (Logouts::take): who is
//   frozen behind that tells a client that another node has told since, which a client must bear;
// - what is swept is chosen by the statement that deletes it, by a time that was read before the
//   freeze: later rounds would delete more, never less.
#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/id.hpp"
#include "base/time.hpp"
#include "store/sql/driver.hpp"

namespace claviger::store {

struct Lease {
  std::string name;
  Id holder;
  std::int64_t fence = 0;  // how often it went to another holder
  Time until{};
};

class Leases {
 public:
  // A lease that ends this long after the one that is asked for was given by a clock that was wrong
  // since, and is free.
  static constexpr Duration kUnbelievable = std::chrono::seconds(60);

  explicit Leases(sql::Driver& driver) : driver_(driver) {}

  // Takes what is free, or keeps what `holder` has, until `until`. The times are those of the
  // database's clock, where it has one. Nothing: somebody else holds it.
  Task<std::optional<Lease>> acquire(std::string name, Id holder, Time now, Time until);
  // Free from now on. False: `holder` had lost it.
  Task<bool> release(std::string name, Id holder, Time now);
  Task<std::vector<Lease>> list();

 private:
  sql::Driver& driver_;
};

}  // namespace claviger::store
