// Which incarnation of the data this is. Raised when what was acknowledged may have been lost:
// after a restore, a failover, or when the operator says so.
#pragma once
#include "model/storage_epoch.hpp"
#include "store/sql/driver.hpp"

namespace claviger::store {

class StorageEpochs {
 public:
  explicit StorageEpochs(sql::Driver& driver) : driver_(driver) {}

  Task<StorageEpoch> find();
  // From here on every one-time thing of before is refused, on every node. What is told is of now.
  Task<StorageEpoch> raise(Time now);
  // The same of a file that was put in the place of another, and is to be taken for the one of this
  // place from here on. No server uses it.
  Task<StorageEpoch> accept(Time now);

 private:
  sql::Driver& driver_;
};

}  // namespace claviger::store
