#include "store/logouts.hpp"

#include "store/sql/statement.hpp"

namespace claviger::store {

Task<std::vector<DueLogout>> Logouts::due(Time now, std::size_t limit) {
  const auto rows = co_await driver_.read(
      sql::statement("SELECT session, client_id, sub, attempts, ended_at FROM logouts "
                     "WHERE next_attempt_at <= $1 ORDER BY next_attempt_at LIMIT $2",
                     now, limit));
  std::vector<DueLogout> due;
  for (const auto& row : rows) {
    due.push_back({row.id(0), row.text(1), row.text(2), static_cast<int>(row.integer(3)),
                   from_micros(row.integer(4))});
  }
  co_return due;
}

Task<bool> Logouts::take(DueLogout logout, Time next) {
  sql::Operation operation;
  operation.push_back(
      sql::statement("UPDATE logouts SET attempts = attempts + 1, next_attempt_at = $4 "
                     "WHERE session = $1 AND client_id = $2 AND attempts = $3",
                     logout.session, logout.client_id, logout.attempts, next));
  const auto results = co_await driver_.commit(std::move(operation));
  co_return results[0].changed == 1;
}

Task<void> Logouts::done(Id session, std::string client_id) {
  sql::Operation operation;
  operation.push_back(sql::statement("DELETE FROM logouts WHERE session = $1 AND client_id = $2",
                                     session, client_id));
  co_await driver_.commit(std::move(operation));
}

}  // namespace claviger::store
