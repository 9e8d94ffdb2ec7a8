// Whether this release may still use the database: while it serves, a newer one may have begun to
// change it.
#pragma once
#include "store/sql/driver.hpp"

namespace claviger::store {

// One small read. Throws Unavailable.
Task<bool> fits_this_release(sql::Driver& driver);

}  // namespace claviger::store
