// The servers that are at this database. Each writes its own row, now and then.
#pragma once
#include <string>
#include <vector>

#include "base/id.hpp"
#include "base/time.hpp"
#include "store/sql/driver.hpp"

namespace claviger::store {

struct SeenNode {
  Id id;             // of this run of the process
  std::string name;  // of the machine
  Time started_at{};
  Time seen_at{};           // by the database's clock, where it has one
  Duration clock_offset{};  // the node's clock minus the database's

  // One that was killed is counted for this long; one that ends takes its row away.
  static constexpr Duration kAlive = std::chrono::seconds(90);
  bool is_alive(Time now) const { return seen_at + kAlive > now; }
};

class Nodes {
 public:
  explicit Nodes(sql::Driver& driver) : driver_(driver) {}

  Task<void> beat(SeenNode node);
  Task<bool> leave(Id id);
  Task<std::vector<SeenNode>> list();  // in the order of their starts

 private:
  sql::Driver& driver_;
};

}  // namespace claviger::store
