#include "store/clients.hpp"

#include <fmt/format.h>

#include "store/sql/statement.hpp"

namespace claviger::store {
namespace {

constexpr std::string_view kColumns =
    "client_id, name, auth_method, secret_hash, secret_kid, previous_secret_hash, "
    "previous_secret_until, secret_expires_at, redirect_uris, post_logout_redirect_uris, scopes, "
    "grant_types, profile, application_type, registered_by, require_pkce, disabled, epoch, "
    "created_at";
constexpr std::string_view kSelect = "SELECT ";
constexpr std::string_view kFindTail = " FROM clients WHERE client_id = $1";
constexpr std::string_view kListTail =
    " FROM clients WHERE client_id > $1 ORDER BY client_id LIMIT $2";
constexpr std::string_view kInsert = "INSERT INTO clients (";
constexpr std::string_view kInsertTail =
    ") VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, "
    "$19) ON CONFLICT DO NOTHING";

std::string to_text(const std::vector<GrantType>& types) {
  std::vector<std::string> words;
  for (const auto type : types) words.emplace_back(to_string(type));
  return sql::words_to_text(words);
}

// A word that no release of ours wrote means that the row is not ours to judge.
template <class T>
T known(std::optional<T> parsed, std::string_view column) {
  if (!parsed) throw std::logic_error(fmt::format("a client's {} is unknown", column));
  return *parsed;
}

Client client_of(const sql::Row& row) {
  Client client;
  client.client_id = row.text(0);
  client.name = row.text(1);
  client.auth_method = known(parse_auth_method(row.text(2)), "auth_method");
  client.secret_hash = row.maybe_digest(3);
  client.secret_kid = row.text(4);
  client.previous_secret_hash = row.maybe_digest(5);
  client.previous_secret_until = from_micros(row.integer(6));
  client.secret_expires_at = from_micros(row.integer(7));
  client.redirect_uris = sql::text_to_list(row.text(8));
  client.post_logout_redirect_uris = sql::text_to_list(row.text(9));
  client.scopes = sql::text_to_words(row.text(10));
  client.grant_types.clear();
  for (const auto& word : sql::text_to_words(row.text(11))) {
    client.grant_types.push_back(known(parse_grant_type(word), "grant_type"));
  }
  client.profile = known(parse_profile(row.text(12)), "profile");
  client.application_type = known(parse_application_type(row.text(13)), "application_type");
  client.registered_by = known(parse_registered_by(row.text(14)), "registered_by");
  client.require_pkce = row.integer(15) != 0;
  client.disabled = row.integer(16) != 0;
  client.epoch = row.integer(17);
  client.created_at = from_micros(row.integer(18));
  return client;
}

}  // namespace

Task<std::optional<Client>> Clients::find(std::string client_id) {
  constexpr auto kText = sql::kJoined<kSelect, kColumns, kFindTail>;
  const auto rows = co_await driver_.read(sql::statement(kText, client_id));
  if (rows.empty()) co_return std::nullopt;
  co_return client_of(rows[0]);
}

Task<std::vector<Client>> Clients::list(std::string after, std::size_t limit) {
  constexpr auto kText = sql::kJoined<kSelect, kColumns, kListTail>;
  const auto rows = co_await driver_.read(sql::statement(kText, after, limit));
  std::vector<Client> clients;
  for (const auto& row : rows) clients.push_back(client_of(row));
  co_return clients;
}

Task<Clients::Added> Clients::add(Client client) {
  constexpr auto kText = sql::kJoined<kInsert, kColumns, kInsertTail>;
  sql::Operation operation;
  operation.push_back(sql::statement(
      kText, client.client_id, client.name, to_string(client.auth_method), client.secret_hash,
      client.secret_kid, client.previous_secret_hash, client.previous_secret_until,
      client.secret_expires_at, sql::list_to_text(client.redirect_uris),
      sql::list_to_text(client.post_logout_redirect_uris), sql::words_to_text(client.scopes),
      to_text(client.grant_types), to_string(client.profile), to_string(client.application_type),
      to_string(client.registered_by), client.require_pkce, client.disabled,
      to_micros(client.created_at), client.created_at));
  const auto results = co_await driver_.commit(std::move(operation));
  co_return results[0].changed == 1 ? Added::added : Added::exists;
}

Task<bool> Clients::remove(std::string client_id) {
  const Id op = sql::fresh_op(random_);
  sql::Operation operation;
  operation.push_back(
      sql::statement("UPDATE clients SET removed_by = $2 WHERE client_id = $1", client_id, op));
  operation.push_back(
      sql::statement("UPDATE consents SET epoch = epoch + 1, granted_at = NULL, changed_by = $2 "
                     "WHERE client_id = $1 AND EXISTS "
                     "(SELECT 1 FROM clients WHERE client_id = $1 AND removed_by = $2)",
                     client_id, op));
  operation.push_back(
      sql::statement("DELETE FROM consent_scopes WHERE (sub, client_id) IN "
                     "(SELECT sub, client_id FROM consents WHERE client_id = $1 "
                     "AND changed_by = $2)",
                     client_id, op));
  operation.push_back(sql::statement("DELETE FROM clients WHERE client_id = $1 AND removed_by = $2",
                                     client_id, op));
  const auto results = co_await driver_.commit(std::move(operation));
  co_return results[0].changed == 1;
}

Task<bool> Clients::rotate_secret(std::string client_id, Digest hash, std::string kid,
                                  Time old_until) {
  sql::Operation operation;
  operation.push_back(
      sql::statement("UPDATE clients SET previous_secret_hash = secret_hash, "
                     "previous_secret_until = $4, secret_hash = $2, secret_kid = $3 "
                     "WHERE client_id = $1",
                     client_id, hash, kid, old_until));
  const auto results = co_await driver_.commit(std::move(operation));
  co_return results[0].changed == 1;
}

Task<bool> Clients::set_disabled(std::string client_id, bool disabled, Time) {
  sql::Operation operation;
  operation.push_back(
      sql::statement("UPDATE clients SET disabled = $2, epoch = epoch + $2 WHERE client_id = $1",
                     client_id, disabled));
  const auto results = co_await driver_.commit(std::move(operation));
  co_return results[0].changed == 1;
}

}  // namespace claviger::store
