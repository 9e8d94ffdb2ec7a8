#include "store/leases.hpp"

#include "store/sql/statement.hpp"

namespace claviger::store {

Task<std::optional<Lease>> Leases::acquire(std::string name, Id holder, Time now, Time until) {
  sql::Operation operation;
  operation.push_back(sql::statement(
      "INSERT INTO leases (name, holder, fence, until) VALUES ($1, $2, 1, $4) "
      "ON CONFLICT (name) DO UPDATE SET fence = leases.fence + "
      "CASE WHEN leases.holder = excluded.holder THEN 0 ELSE 1 END, "
      "holder = excluded.holder, until = excluded.until "
      "WHERE leases.until <= $3 OR leases.until > $5 OR leases.holder = excluded.holder "
      "RETURNING fence",
      name, holder, now, until, until + kUnbelievable));
  const auto results = co_await driver_.commit(std::move(operation));
  if (results[0].rows.empty()) co_return std::nullopt;
  const auto fence = results[0].rows[0].integer(0);
  co_return Lease{std::move(name), holder, fence, until};
}

Task<bool> Leases::release(std::string name, Id holder, Time now) {
  sql::Operation operation;
  operation.push_back(
      sql::statement("UPDATE leases SET until = $3 WHERE name = $1 AND holder = $2 AND until > $3",
                     name, holder, now));
  const auto results = co_await driver_.commit(std::move(operation));
  co_return results[0].changed == 1;
}

Task<std::vector<Lease>> Leases::list() {
  const auto rows = co_await driver_.read(
      sql::statement("SELECT name, holder, fence, until FROM leases ORDER BY name"));
  std::vector<Lease> leases;
  for (const auto& row : rows) {
    leases.push_back({row.text(0), row.id(1), row.integer(2), from_micros(row.integer(3))});
  }
  co_return leases;
}

}  // namespace claviger::store
