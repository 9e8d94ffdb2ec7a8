// Everything that is remembered, from one engine to another, and the proof that it arrived.
#pragma once
#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "store/sql/driver.hpp"

namespace claviger::store {

struct CopiedTable {
  std::string name;
  std::int64_t rows = 0;
  std::string checksum;  // of every value of every row, the same on both sides
};

using CopyProgress = std::function<void(const CopiedTable&)>;  // after each few rows and at the end

// Nobody may use either of them meanwhile. The storage epoch moves along; `from` is marked, so that
// it is another incarnation for whoever goes back to it. Throws std::runtime_error with a sentence
// when `to` is not empty or when a row does not come back as it was sent; then `to` must be made
// anew.
Task<std::vector<CopiedTable>> copy_everything(sql::Driver& from, sql::Driver& to,
                                               const CopyProgress& progress);

}  // namespace claviger::store
