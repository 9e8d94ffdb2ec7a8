#include "store/replays.hpp"

#include "store/sql/statement.hpp"

namespace claviger::store {

Task<Replays::Remembered> Replays::remember(Digest key, Time until, Time usable_from) {
  // A row that is over its time but not yet swept still counts: whoever makes ids makes new ones.
  sql::Operation operation;
  operation.push_back(
      sql::statement("INSERT INTO replays (key, expires_at) SELECT $1, $2 FROM store "
                     "WHERE epoch_since <= $3 ON CONFLICT DO NOTHING",
                     key, until, usable_from));
  operation.push_back(sql::statement("SELECT 1 FROM store WHERE epoch_since > $1", usable_from));
  const auto results = co_await driver_.commit(std::move(operation));
  if (results[0].changed == 1) co_return Remembered::first;
  co_return results[1].rows.empty() ? Remembered::seen_before : Remembered::other_epoch;
}

}  // namespace claviger::store
