#include "store/server_keys.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <set>
#include <utility>

#include "store/sql/statement.hpp"

namespace claviger::store {
namespace {

KeyPurpose purpose_of(const std::string& word) {
  for (const auto purpose :
       {KeyPurpose::signing, KeyPurpose::refresh_mac, KeyPurpose::secret_hash}) {
    if (to_string(purpose) == word) return purpose;
  }
  throw std::logic_error(fmt::format("a server key's purpose is unknown: {}", word));
}

ServerKey key_of(const sql::Row& row) {
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

}  // namespace

Task<std::vector<ServerKey>> ServerKeys::all() {
  const auto rows = co_await driver_.read(sql::statement(
      "SELECT kid, purpose, alg, sealed, created_at, active_from, retires_at FROM server_keys "
      "ORDER BY created_at, kid"));
  std::vector<ServerKey> keys;
  for (const auto& row : rows) keys.push_back(key_of(row));
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
  for (const auto& key : added) {
    operation.push_back(
        sql::statement("INSERT INTO server_keys (kid, purpose, alg, sealed, created_at, "
                       "active_from, retires_at) VALUES ($1, $2, $3, $4, $5, $6, $7)",
                       key.kid, to_string(key.purpose), key.alg, key.sealed, key.created_at,
                       key.active_from, key.retires_at));
  }
  co_await driver_.commit(std::move(operation));
}

Task<std::size_t> ServerKeys::remove_retired(Time before) {
  sql::Operation operation;
  operation.push_back(
      sql::statement("DELETE FROM server_keys WHERE retires_at > 0 AND retires_at < $1", before));
  const auto results = co_await driver_.commit(std::move(operation));
  co_return static_cast<std::size_t>(results[0].changed);
}

}  // namespace claviger::store
