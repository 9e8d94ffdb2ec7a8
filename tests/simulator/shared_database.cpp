#include "tests/simulator/shared_database.hpp"

#include <stdexcept>

namespace claviger::simulator {
namespace {

store::sqlite::ConnectionOptions in_memory() {
  store::sqlite::ConnectionOptions options;
  options.path = ":memory:";
  return options;
}

}  // namespace

SharedDatabase::SharedDatabase() : connection_(in_memory()) {}

void SharedDatabase::take_over(const std::string& path) {
  store::sqlite::ConnectionOptions options;
  options.path = path;
  const store::sqlite::Connection from(options);
  auto* copy = sqlite3_backup_init(connection_.handle(), "main", from.handle(), "main");
  if (copy == nullptr) throw std::runtime_error(sqlite3_errmsg(connection_.handle()));
  sqlite3_backup_step(copy, -1);
  if (sqlite3_backup_finish(copy) != SQLITE_OK) {
    throw std::runtime_error(sqlite3_errmsg(connection_.handle()));
  }
}

std::vector<store::sql::Row> SharedDatabase::read(const store::sql::Statement& statement) {
  return std::move(connection_.run(statement).rows);
}

Results SharedDatabase::commit(const Operations& operations, bool keep) {
  connection_.run({"SAVEPOINT batch", {}});
  Results results;
  try {
    for (const auto* operation : operations) {
      auto& answers = results.emplace_back();
      for (const auto& statement : *operation) answers.push_back(connection_.run(statement));
    }
  } catch (const store::sqlite::SqliteError&) {
    connection_.run({"ROLLBACK TO batch", {}});
    connection_.run({"RELEASE batch", {}});
    throw;
  }
  if (!keep) connection_.run({"ROLLBACK TO batch", {}});
  connection_.run({"RELEASE batch", {}});
  return results;
}

void SharedDatabase::begin_history() {
  connection_.run({"BEGIN", {}});
  kept_ = false;
}

void SharedDatabase::end_history() { connection_.run({"ROLLBACK", {}}); }

void SharedDatabase::keep_state() {
  if (kept_) connection_.run({"RELEASE standby", {}});
  connection_.run({"SAVEPOINT standby", {}});
  kept_ = true;
}

void SharedDatabase::return_to_kept_state() {
  connection_.run({"ROLLBACK TO standby", {}});
  connection_.run({"RELEASE standby", {}});
  kept_ = false;
}

}  // namespace claviger::simulator
