// The one database of a simulated history: a real SQLite in memory, a copy of one that a
// real node made. What a history writes is taken back in the end, so that the next one begins where
// this one did.
#pragma once
#include <expected>
#include <string>
#include <vector>

#include "store/sqlite/connection.hpp"

namespace claviger::simulator {

using Operations = std::vector<const store::sql::Operation*>;
using Results = std::vector<store::sql::OperationResult>;

class SharedDatabase {
 public:
  SharedDatabase();
  // Becomes a copy of the database in this file.
  void take_over(const std::string& path);

  std::vector<store::sql::Row> read(const store::sql::Statement& statement);
  // All of them or none: a writer's batch. `keep`: false undoes what was done after all. What is
  // wrong with the statements is thrown.
  Results commit(const Operations& operations, bool keep);
  std::int64_t number(const char* query) { return connection_.integer(query); }
  void execute(const char* script) { connection_.execute(script); }

  void begin_history();
  void end_history();
  // A standby that is behind: what was there when it last heard, and what is there when it takes
  // over.
  void keep_state();
  void return_to_kept_state();
  bool has_kept_state() const { return kept_; }

 private:
  store::sqlite::Connection connection_;
  bool kept_ = false;
};

}  // namespace claviger::simulator
