#include "store/store.hpp"

#include <algorithm>
#include <array>

#include "store/sql/statement.hpp"

namespace claviger::store {
namespace {

using std::chrono::hours;

// How long a row outlives its own end, and why.
constexpr Duration kKeepCode = hours(24);          // a replay is recognised and revokes (CI-01)
constexpr Duration kKeepTransaction = hours(1);    // the restart page can still say what happened
constexpr Duration kKeepFamily = hours(24);        // a late token is told from garbage
constexpr Duration kKeepSession = hours(24);       // codes and access tokens of its last moment
constexpr Duration kKeepThrottle = hours(7 * 24);  // longer than any wait that is computed from it

// The least id made at `time`. Ids stand in the order of time, so what is older than a row can be
// while it is of use lies before this one, and no index on the expiry is needed.
Bytes least_id_at(Time time) {
  Bytes id(16, 0);
  const auto ms = static_cast<std::uint64_t>(std::max<std::int64_t>(to_micros(time) / 1000, 0));
  for (std::size_t i = 0; i < 6; ++i) id[i] = static_cast<std::uint8_t>(ms >> (8 * (5 - i)));
  return id;
}

sql::Statement sweep_codes(Time now, std::size_t limit) {
  const Time before = now - kKeepCode;
  return sql::statement(
      "DELETE FROM codes WHERE selector IN (SELECT selector FROM codes "
      "WHERE selector < $1 AND expires_at < $2 ORDER BY selector LIMIT $3)",
      least_id_at(before), before, limit);
}

sql::Statement sweep_transactions(Time now, std::size_t limit) {
  const Time before = now - kKeepTransaction;
  return sql::statement(
      "DELETE FROM transactions WHERE id IN (SELECT id FROM transactions "
      "WHERE id < $1 AND expires_at < $2 ORDER BY id LIMIT $3)",
      least_id_at(before), before, limit);
}

sql::Statement sweep_families(Time now, std::size_t limit) {
  return sql::statement(
      "DELETE FROM refresh_families WHERE id IN (SELECT id FROM refresh_families "
      "WHERE expires_at < $1 ORDER BY expires_at LIMIT $2)",
      now - kKeepFamily, limit);
}

sql::Statement sweep_grants(Time now, std::size_t limit) {
  return sql::statement(
      "DELETE FROM grants WHERE id IN (SELECT id FROM grants "
      "WHERE keep_until < $1 ORDER BY keep_until LIMIT $2)",
      now, limit);
}

// An ended session stays until the last grant that is bound to it is gone.
sql::Statement sweep_sessions(Time now, std::size_t limit) {
  return sql::statement(
      "DELETE FROM sessions WHERE id IN (SELECT id FROM sessions WHERE expires_at < $1 "
      "AND NOT EXISTS (SELECT 1 FROM grants "
      "WHERE grants.session = sessions.id AND grants.session_bound = 1) "
      "ORDER BY expires_at LIMIT $2)",
      now - kKeepSession, limit);
}

sql::Statement sweep_denied_tokens(Time now, std::size_t limit) {
  return sql::statement(
      "DELETE FROM denied_tokens WHERE jti IN (SELECT jti FROM denied_tokens "
      "WHERE expires_at < $1 ORDER BY expires_at LIMIT $2)",
      now, limit);
}

sql::Statement sweep_throttles(Time now, std::size_t limit) {
  return sql::statement(
      "DELETE FROM throttles WHERE key IN (SELECT key FROM throttles "
      "WHERE last_failure < $1 ORDER BY last_failure LIMIT $2)",
      now - kKeepThrottle, limit);
}

}  // namespace

Store::Store(std::unique_ptr<sql::Driver> driver, Random& random)
    : clients(*driver, random),
      users(*driver, random),
      sessions(*driver),
      transactions(*driver, random),
      consents(*driver, random),
      codes(*driver, random),
      grants(*driver),
      server_keys(*driver),
      throttles(*driver),
      driver_(std::move(driver)) {}

Task<std::size_t> Store::sweep(Time now, std::size_t limit) {
  static constexpr std::array kKinds{sweep_codes,    sweep_transactions, sweep_families,
                                     sweep_grants,   sweep_sessions,     sweep_denied_tokens,
                                     sweep_throttles};
  std::size_t swept = 0;
  // A transaction for each kind, so that none of them keeps requests waiting for long (SQ-11).
  for (const auto kind : kKinds) {
    sql::Operation operation;
    operation.push_back(kind(now, limit));
    const auto results = co_await driver_->commit(std::move(operation));
    swept += static_cast<std::size_t>(results[0].changed);
  }
  co_return swept;
}

}  // namespace claviger::store
