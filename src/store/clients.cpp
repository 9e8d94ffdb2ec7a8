#include "store/clients.hpp"

#include <fmt/format.h>

#include "store/client_metadata.hpp"
#include "store/endings.hpp"
#include "store/topics.hpp"

namespace claviger::store {
namespace {

constexpr std::string_view kColumns =
    "client_id, name, auth_method, secret_hash, secret_kid, previous_secret_hash, "
    "previous_secret_until, secret_expires_at, redirect_uris, post_logout_redirect_uris, scopes, "
    "grant_types, profile, application_type, registered_by, require_pkce, disabled, epoch, "
    "created_at, response_types, sealed_secret, previous_secret_kid, version, first_used_at, "
    "registration_token_hash, metadata";
constexpr std::string_view kSelect = "SELECT ";
constexpr std::string_view kFindTail = " FROM clients WHERE client_id = $1";
constexpr std::string_view kListTail =
    " FROM clients WHERE client_id > $1 ORDER BY client_id LIMIT $2";
constexpr std::string_view kInsert = "INSERT INTO clients (";
constexpr std::string_view kInsertTail =
    ") VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, "
    "$19, $20, $21, $22, $23, $24, $25, $26) ON CONFLICT DO NOTHING";

std::string to_text(const std::vector<ResponseType>& types) {
  std::vector<std::string> list;
  for (const auto type : types) list.push_back(to_string(type));
  return sql::list_to_text(list);
}

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
  client.response_types.clear();
  for (const auto& words : sql::text_to_list(row.text(19))) {
    client.response_types.push_back(known(parse_response_type(words), "response_type"));
  }
  client.sealed_secret = row.blob(20);
  client.previous_secret_kid = row.text(21);
  client.version = row.integer(22);
  if (const auto used = row.maybe_integer(23)) client.first_used_at = from_micros(*used);
  client.registration_token_hash = row.maybe_digest(24);
  client.metadata = text_to_metadata(row.text(25));
  return client;
}

}  // namespace

Task<SharedClient> Clients::find(std::string client_id) {
  auto kept = cache_.find(client_id);
  if (kept) co_return kept;
  co_return co_await read(std::move(client_id));
}

Task<SharedClient> Clients::find_at(std::string client_id, Stamp stamp) {
  auto kept = cache_.find(client_id);
  if (kept && kept->version == stamp.version && kept->epoch == stamp.epoch) co_return kept;
  co_return co_await read(std::move(client_id));
}

Task<SharedClient> Clients::find_now(std::string client_id) {
  if (!driver_.is_shared()) co_return co_await find(std::move(client_id));
  const auto rows = co_await driver_.read(
      sql::statement("SELECT version, epoch FROM clients WHERE client_id = $1", client_id));
  if (rows.empty()) co_return nullptr;
  const Stamp stamp{rows[0].integer(0), rows[0].integer(1)};
  co_return co_await find_at(std::move(client_id), stamp);
}

Task<SharedClient> Clients::read(std::string client_id) {
  constexpr auto kText = sql::kJoined<kSelect, kColumns, kFindTail>;
  const auto before = cache_.moment();
  const auto rows = co_await driver_.read(sql::statement(kText, client_id));
  if (rows.empty()) co_return nullptr;
  auto client = std::make_shared<const Client>(client_of(rows[0]));
  cache_.put(client, before);
  co_return client;
}

Task<sql::OperationResult> Clients::change(sql::Operation operation) {
  try {
    auto results = co_await driver_.commit(std::move(operation));
    give_up_records();
    co_return results;
  } catch (...) {
    give_up_records();  // whether it was committed nobody may know
    throw;
  }
}

void Clients::give_up_records() {
  cache_.forget();
  if (driver_.is_shared()) driver_.announce(kClientsTopic);
}

void Clients::hear(std::string_view topic) {
  if (!topic.empty() && topic != kClientsTopic) return;
  cache_.forget();
  cache_.listens();
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
      to_micros(client.created_at), client.created_at, to_text(client.response_types),
      client.sealed_secret, client.previous_secret_kid, client.version, client.first_used_at,
      client.registration_token_hash, metadata_to_text(client.metadata)));
  const auto results = co_await driver_.commit(std::move(operation));
  co_return results[0].changed == 1 ? Added::added : Added::exists;
}

Task<bool> Clients::update(Client client) {
  sql::Operation operation;
  operation.push_back(sql::statement(
      "UPDATE clients SET name = $3, auth_method = $4, redirect_uris = $5, "
      "post_logout_redirect_uris = $6, scopes = $7, grant_types = $8, response_types = $9, "
      "profile = $10, application_type = $11, require_pkce = $12, registration_token_hash = $13, "
      "metadata = $14, version = version + 1 WHERE client_id = $1 AND version = $2",
      client.client_id, client.version, client.name, to_string(client.auth_method),
      sql::list_to_text(client.redirect_uris), sql::list_to_text(client.post_logout_redirect_uris),
      sql::words_to_text(client.scopes), to_text(client.grant_types),
      to_text(client.response_types), to_string(client.profile), to_string(client.application_type),
      client.require_pkce, client.registration_token_hash, metadata_to_text(client.metadata)));
  const auto results = co_await change(std::move(operation));
  co_return results[0].changed == 1;
}

Task<void> Clients::mark_used(std::string client_id, Time now) {
  sql::Operation operation;
  operation.push_back(sql::statement(
      "UPDATE clients SET first_used_at = $2 WHERE client_id = $1 AND first_used_at IS NULL",
      client_id, now));
  co_await change(std::move(operation));
}

Task<bool> Clients::remove(std::string client_id) {
  const Id op = sql::fresh_op(random_);
  sql::Operation operation;
  operation.push_back(
      sql::statement("UPDATE clients SET removed_by = $2 WHERE client_id = $1", client_id, op));
  add_removal_of_clients(operation, op);
  const auto results = co_await change(std::move(operation));
  co_return results[0].changed == 1;
}

Task<std::size_t> Clients::purge_unused(Time before, std::size_t limit) {
  const Id op = sql::fresh_op(random_);
  sql::Operation operation;
  // Asked twice: between the two somebody may have used it.
  operation.push_back(sql::statement(
      "UPDATE clients SET removed_by = $3 WHERE first_used_at IS NULL AND client_id IN "
      "(SELECT client_id FROM clients WHERE registered_by = 'self' AND first_used_at IS NULL "
      "AND created_at < $1 ORDER BY created_at LIMIT $2)",
      before, limit, op));
  add_removal_of_clients(operation, op);
  const auto results = co_await change(std::move(operation));
  co_return static_cast<std::size_t>(results[0].changed);
}

Task<std::int64_t> Clients::count_self_registered() {
  const auto rows = co_await driver_.read(
      sql::statement("SELECT count(*) FROM clients WHERE registered_by = 'self'"));
  co_return rows.at(0).integer(0);
}

Task<bool> Clients::rotate_secret(std::string client_id, Digest hash, std::string kid, Bytes sealed,
                                  Time old_until) {
  sql::Operation operation;
  operation.push_back(
      sql::statement("UPDATE clients SET previous_secret_hash = secret_hash, "
                     "previous_secret_kid = secret_kid, previous_secret_until = $5, "
                     "secret_hash = $2, secret_kid = $3, sealed_secret = $4, "
                     "version = version + 1 WHERE client_id = $1",
                     client_id, hash, kid, sealed, old_until));
  const auto results = co_await change(std::move(operation));
  co_return results[0].changed == 1;
}

Task<bool> Clients::set_disabled(std::string client_id, bool disabled, Time) {
  sql::Operation operation;
  operation.push_back(
      sql::statement("UPDATE clients SET disabled = $2, epoch = epoch + $2, version = version + 1 "
                     "WHERE client_id = $1",
                     client_id, disabled));
  const auto results = co_await change(std::move(operation));
  co_return results[0].changed == 1;
}

}  // namespace claviger::store
