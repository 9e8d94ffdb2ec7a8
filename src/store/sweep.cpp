#include <algorithm>
#include <array>

#include "store/sql/statement.hpp"
#include "store/store.hpp"

namespace claviger::store {
namespace {

using std::chrono::hours;

// How long a row outlives its own end, and why.
constexpr Duration kKeepCode = hours(24);          // a replay is recognised and revokes (CI-01)
constexpr Duration kKeepTransaction = hours(1);    // the restart page can still say what happened
constexpr Duration kKeepFamily = hours(24);        // a late token is told from garbage
constexpr Duration kKeepSession = hours(24);       // codes and access tokens of its last moment
constexpr Duration kKeepDeviceCode = hours(1);     // a late poll is told from garbage
constexpr Duration kKeepLogout = hours(24);        // nobody is told of older ones any more
constexpr Duration kKeepInitial = hours(30 * 24);  // an operator can see what was used
constexpr Duration kKeepThrottle = hours(7 * 24);  // longer than any wait that is computed from it
constexpr Duration kKeepNode = hours(24);          // an operator can see which one died

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

sql::Statement sweep_logout_requests(Time now, std::size_t limit) {
  return sql::statement(
      "DELETE FROM logout_requests WHERE id IN (SELECT id FROM logout_requests "
      "WHERE id < $1 AND expires_at < $2 ORDER BY id LIMIT $3)",
      least_id_at(now), now, limit);
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
constexpr std::string_view kOldSessions =
    "(SELECT id FROM sessions WHERE expires_at < $1 AND NOT EXISTS (SELECT 1 FROM grants "
    "WHERE grants.session = sessions.id AND grants.session_bound = 1) "
    "ORDER BY expires_at LIMIT $2)";
constexpr std::string_view kSessionsIn = "DELETE FROM sessions WHERE id IN ";
constexpr std::string_view kClientsOfSessionsIn = "DELETE FROM session_clients WHERE session IN ";

sql::Operation sweep_sessions(Time now, std::size_t limit) {
  constexpr auto kClients = sql::kJoined<kClientsOfSessionsIn, kOldSessions>;
  constexpr auto kSessions = sql::kJoined<kSessionsIn, kOldSessions>;
  const Time before = now - kKeepSession;
  sql::Operation operation;
  operation.push_back(sql::statement(kClients, before, limit));
  operation.push_back(sql::statement(kSessions, before, limit));
  return operation;
}

sql::Statement sweep_logouts(Time now, std::size_t limit) {
  return sql::statement(
      "DELETE FROM logouts WHERE (session, client_id) IN (SELECT session, client_id FROM logouts "
      "WHERE ended_at < $1 ORDER BY ended_at LIMIT $2)",
      now - kKeepLogout, limit);
}

sql::Statement sweep_device_codes(Time now, std::size_t limit) {
  const Time before = now - kKeepDeviceCode;
  return sql::statement(
      "DELETE FROM device_codes WHERE selector IN (SELECT selector FROM device_codes "
      "WHERE selector < $1 AND expires_at < $2 ORDER BY selector LIMIT $3)",
      least_id_at(before), before, limit);
}

sql::Statement sweep_opaque_tokens(Time now, std::size_t limit) {
  return sql::statement(
      "DELETE FROM opaque_tokens WHERE selector IN (SELECT selector FROM opaque_tokens "
      "WHERE expires_at < $1 ORDER BY expires_at LIMIT $2)",
      now, limit);
}

sql::Statement sweep_replays(Time now, std::size_t limit) {
  return sql::statement(
      "DELETE FROM replays WHERE key IN (SELECT key FROM replays "
      "WHERE expires_at < $1 ORDER BY expires_at LIMIT $2)",
      now, limit);
}

sql::Statement sweep_initial_access_tokens(Time now, std::size_t limit) {
  return sql::statement(
      "DELETE FROM initial_access_tokens WHERE selector IN (SELECT selector "
      "FROM initial_access_tokens WHERE expires_at < $1 OR (uses_left = 0 AND created_at < $1) "
      "ORDER BY selector LIMIT $2)",
      now - kKeepInitial, limit);
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

sql::Statement sweep_nodes(Time now, std::size_t limit) {
  return sql::statement(
      "DELETE FROM nodes WHERE id IN (SELECT id FROM nodes WHERE seen_at < $1 ORDER BY id LIMIT "
      "$2)",
      now - kKeepNode, limit);
}

template <sql::Statement (*Kind)(Time, std::size_t)>
sql::Operation alone(Time now, std::size_t limit) {
  sql::Operation operation;
  operation.push_back(Kind(now, limit));
  return operation;
}

}  // namespace

Task<std::size_t> Store::sweep(Time now, std::size_t limit) {
  static constexpr std::array kKinds{alone<sweep_codes>,
                                     alone<sweep_transactions>,
                                     alone<sweep_families>,
                                     alone<sweep_grants>,
                                     sweep_sessions,
                                     alone<sweep_denied_tokens>,
                                     alone<sweep_throttles>,
                                     alone<sweep_logouts>,
                                     alone<sweep_logout_requests>,
                                     alone<sweep_device_codes>,
                                     alone<sweep_opaque_tokens>,
                                     alone<sweep_replays>,
                                     alone<sweep_initial_access_tokens>,
                                     alone<sweep_nodes>};
  std::size_t swept = 0;
  // A transaction for each kind, so that none of them keeps requests waiting for long (SQ-11).
  for (const auto kind : kKinds) {
    auto operation = kind(now, limit);
    const auto results = co_await driver_->commit(std::move(operation));
    for (const auto& result : results) swept += static_cast<std::size_t>(result.changed);
  }
  co_return swept;
}

}  // namespace claviger::store
