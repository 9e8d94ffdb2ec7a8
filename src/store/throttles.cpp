#include "store/throttles.hpp"

#include "store/sql/statement.hpp"

namespace claviger::store {

Task<std::optional<Throttle>> Throttles::find(Digest key) {
  const auto rows = co_await driver_.read(
      sql::statement("SELECT failures, last_failure FROM throttles WHERE key = $1", key));
  if (rows.empty()) co_return std::nullopt;
  co_return Throttle{rows[0].integer(0), from_micros(rows[0].integer(1))};
}

Task<std::int64_t> Throttles::count(Digest key, Time now, Time forget_before) {
  sql::Operation operation;
  operation.push_back(sql::statement(
      "INSERT INTO throttles (key, failures, last_failure) VALUES ($1, 1, $2) "
      "ON CONFLICT (key) DO UPDATE SET "
      "failures = CASE WHEN throttles.last_failure < $3 THEN 1 ELSE throttles.failures + 1 END, "
      "last_failure = excluded.last_failure RETURNING failures",
      key, now, forget_before));
  const auto results = co_await driver_.commit(std::move(operation));
  co_return results[0].rows.at(0).integer(0);
}

Task<void> Throttles::clear(Digest key) {
  sql::Operation operation;
  operation.push_back(sql::statement("DELETE FROM throttles WHERE key = $1", key));
  co_await driver_.commit(std::move(operation));
}

}  // namespace claviger::store
