// What a driver counts about its database.
#pragma once
#include "base/meters.hpp"

namespace claviger::store {

struct Metrics {
  Histogram read_seconds{kQuerySeconds};    // one finder's statement
  Histogram commit_seconds{kQuerySeconds};  // one transaction, with all that it holds
  Histogram batch_size{kBatchSizes};        // operations in it
  Gauge writes_waiting;
  Gauge connections_in_use;  // that read
  Counter failures;          // reads and writes that the database could not serve
  Counter writes_shed;       // refused because too many waited
};

}  // namespace claviger::store
