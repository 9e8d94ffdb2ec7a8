// The file that opens everything sealed in the database: 32 random bytes, 0600, made at the first
// start when there is no database yet, never overwritten.
#pragma once
#include <string>

#include "base/random.hpp"
#include "crypto/digest.hpp"

namespace claviger::app {

// `database_exists` and no key file: an error that says which file to restore. Throws
// std::runtime_error with a sentence for the operator.
crypto::SealingKey open_master_key(const std::string& path, bool database_exists, Random& random);

}  // namespace claviger::app
