#include "store/replays.hpp"

#include "store/sql/statement.hpp"

namespace claviger::store {

Task<bool> Replays::remember(Digest key, Time until) {
  // A row that is over its time but not yet swept still counts: whoever makes ids makes new ones.
  sql::Operation operation;
  operation.push_back(sql::statement(
      "INSERT INTO replays (key, expires_at) VALUES ($1, $2) ON CONFLICT DO NOTHING", key, until));
  const auto results = co_await driver_.commit(std::move(operation));
  co_return results[0].changed == 1;
}

}  // namespace claviger::store
