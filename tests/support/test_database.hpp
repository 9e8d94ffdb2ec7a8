#pragma once
#include <memory>

#include "base/log.hpp"
#include "store/sql/driver.hpp"

namespace claviger::test {

// One empty database, gone with the object; opened any number of times, one after another.
class TestDatabase {
 public:
  virtual ~TestDatabase() = default;
  virtual std::unique_ptr<store::sql::Driver> open(Log& log) = 0;
};

}  // namespace claviger::test
