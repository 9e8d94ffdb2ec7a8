// The server's own keys, sealed.
#pragma once
#include <string>
#include <vector>

#include "model/server_key.hpp"
#include "store/sql/driver.hpp"

namespace claviger::store {

class ServerKeys {
 public:
  explicit ServerKeys(sql::Driver& driver) : driver_(driver) {}

  Task<std::vector<ServerKey>> all();
  // Adds the keys and sets `retires_at` of every other key of the same purpose and alg that had
  // none.
  Task<void> rotate(std::vector<ServerKey> added, Time others_retire_at);
  Task<std::size_t> remove_retired(Time before);

 private:
  sql::Driver& driver_;
};

}  // namespace claviger::store
