#include "store/server_keys.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <set>
#include <utility>

#include "store/server_key_rows.hpp"
#include "store/sql/statement.hpp"
#include "store/topics.hpp"

namespace claviger::store {
namespace {

KeyPurpose purpose_of(const std::string& word) {
  for (const auto purpose :
       {KeyPurpose::signing, KeyPurpose::refresh_mac, KeyPurpose::secret_hash}) {
    if (to_string(purpose) == word) return purpose;
  }
  throw std::runtime_error(fmt::format("a server key's purpose is unknown: {}", word));
}

constexpr std::string_view kInsert =
    "INSERT INTO server_keys (kid, purpose, alg, sealed, created_at, active_from, retires_at) ";
constexpr std::string_view kValues = "VALUES ($1, $2, $3, $4, $5, $6, $7)";
// Only after the one that was seen.
constexpr std::string_view kAfter =
    "SELECT $1, $2, $3, $4, $5, $6, $7 WHERE EXISTS (SELECT 1 FROM server_keys "
    "WHERE kid = $8 AND purpose = $2 AND alg = $3 AND retires_at = 0)";
// Only when `kid` $8 was ended at $9, and nothing without an end is left.
constexpr std::string_view kInstead =
    "SELECT $1, $2, $3, $4, $5, $6, $7 "
    "WHERE EXISTS (SELECT 1 FROM server_keys WHERE kid = $8 AND retires_at = $9) "
    "AND NOT EXISTS (SELECT 1 FROM server_keys "
    "WHERE purpose = $2 AND alg = $3 AND retires_at = 0)";

template <const std::string_view& Condition, class... More>
sql::Statement insert(const ServerKey& key, const More&... more) {
  return sql::statement(sql::kJoined<kInsert, Condition>, key.kid, to_string(key.purpose), key.alg,
                        key.sealed, key.created_at, key.active_from, key.retires_at, more...);
}

}  // namespace

ServerKey server_key_of(const sql::Row& row) {
  ServerKey key;
  key.kid = row.text(0);
  key.purpose = purpose_of(row.text(1));
  key.alg = row.text(2);
  key.sealed = row.blob(3);
  key.created_at = from_micros(row.integer(4));
  key.active_from = from_micros(row.integer(5));
  key.retires_at = from_micros(row.integer(6));
  return key;
}

Task<std::vector<ServerKey>> ServerKeys::all() {
  const auto rows = co_await driver_.read(sql::statement(kServerKeyRows));
  std::vector<ServerKey> keys;
  for (const auto& row : rows) keys.push_back(server_key_of(row));
  co_return keys;
}

Task<void> ServerKeys::rotate(std::vector<ServerKey> added, Time others_retire_at) {
  sql::Operation operation;
  std::set<std::pair<KeyPurpose, std::string>> kinds;
  for (const auto& key : added) {
    if (!kinds.emplace(key.purpose, key.alg).second) continue;
    operation.push_back(
        sql::statement("UPDATE server_keys SET retires_at = $3 "
                       "WHERE purpose = $1 AND alg = $2 AND retires_at = 0",
                       to_string(key.purpose), key.alg, others_retire_at));
  }
  for (const auto& key : added) operation.push_back(insert<kValues>(key));
  co_await driver_.commit(std::move(operation));
  driver_.announce(kKeysTopic);
}

Task<bool> ServerKeys::replace(std::string newest, ServerKey key, Time newest_retires_at) {
  sql::Operation operation;
  // Changes nothing but takes the row: of two nodes the second waits here until the first is done,
  // and then finds no newest one any more.
  operation.push_back(sql::statement(
      "UPDATE server_keys SET retires_at = 0 WHERE kid = $1 AND retires_at = 0", newest));
  operation.push_back(insert<kAfter>(key, newest));
  // Nobody but the winner made a row of this kid.
  operation.push_back(
      sql::statement("UPDATE server_keys SET retires_at = $3 WHERE kid = $1 AND retires_at = 0 "
                     "AND EXISTS (SELECT 1 FROM server_keys WHERE kid = $2)",
                     newest, key.kid, newest_retires_at));
  const auto results = co_await driver_.commit(std::move(operation));
  co_return announced(results[1].changed == 1);
}

Task<bool> ServerKeys::activate(ServerKey pending, Time now, Time others_retire_at) {
  const auto purpose = to_string(pending.purpose);
  sql::Operation operation;
  operation.push_back(
      sql::statement("UPDATE server_keys SET active_from = $2 "
                     "WHERE kid = $1 AND retires_at = 0 AND active_from > $2",
                     pending.kid, now));
  // What never signed may go at once: were it left, it would take over on its day.
  operation.push_back(sql::statement(
      "UPDATE server_keys SET retires_at = $4 WHERE purpose = $2 AND alg = $3 AND active_from > $4 "
      "AND retires_at > $4 AND EXISTS (SELECT 1 FROM server_keys "
      "WHERE kid = $1 AND active_from = $4 AND retires_at = 0)",
      pending.kid, purpose, pending.alg, now));
  operation.push_back(sql::statement(
      "UPDATE server_keys SET retires_at = $5 WHERE purpose = $2 AND alg = $3 AND kid <> $1 "
      "AND retires_at > $5 AND EXISTS (SELECT 1 FROM server_keys "
      "WHERE kid = $1 AND active_from = $4 AND retires_at = 0)",
      pending.kid, purpose, pending.alg, now, others_retire_at));
  const auto results = co_await driver_.commit(std::move(operation));
  co_return announced(results[0].changed == 1);
}

Task<bool> ServerKeys::revoke(std::string kid, ServerKey replacement, bool activate_pending,
                              Time now) {
  const auto purpose = to_string(replacement.purpose);
  sql::Operation operation;
  operation.push_back(
      sql::statement("UPDATE server_keys SET retires_at = $2 "
                     "WHERE kid = $1 AND (retires_at = 0 OR retires_at > $2)",
                     kid, now));
  if (activate_pending) {
    operation.push_back(
        sql::statement("UPDATE server_keys SET retires_at = $4 WHERE purpose = $2 AND alg = $3 "
                       "AND active_from > $4 AND retires_at > $4 "
                       "AND EXISTS (SELECT 1 FROM server_keys WHERE kid = $1 AND retires_at = $4)",
                       kid, purpose, replacement.alg, now));
    operation.push_back(
        sql::statement("UPDATE server_keys SET active_from = $4 WHERE purpose = $2 AND alg = $3 "
                       "AND active_from > $4 AND retires_at = 0 "
                       "AND EXISTS (SELECT 1 FROM server_keys WHERE kid = $1 AND retires_at = $4)",
                       kid, purpose, replacement.alg, now));
  }
  operation.push_back(insert<kInstead>(replacement, kid, now));
  const auto results = co_await driver_.commit(std::move(operation));
  co_return announced(results[0].changed == 1);
}

Task<std::size_t> ServerKeys::remove_retired(Time before) {
  sql::Operation operation;
  operation.push_back(
      sql::statement("DELETE FROM server_keys WHERE retires_at > 0 AND retires_at < $1", before));
  const auto results = co_await driver_.commit(std::move(operation));
  announced(results[0].changed > 0);
  co_return static_cast<std::size_t>(results[0].changed);
}

// Every node has the keys in its memory.
bool ServerKeys::announced(bool changed) {
  if (changed) driver_.announce(kKeysTopic);
  return changed;
}

}  // namespace claviger::store
