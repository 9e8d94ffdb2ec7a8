#include "store/transactions.hpp"

#include <fmt/format.h>

#include "store/epoch_sql.hpp"
#include "store/sql/statement.hpp"

namespace claviger::store {
namespace {

constexpr std::string_view kFind =
    "SELECT id, browser_hash, client_id, redirect_uri, redirect_uri_sent, scopes, state, nonce, "
    "code_challenge, login_hint, ui_locales, must_login, must_consent, max_age, created_at, "
    "expires_at, consented_sub, finished_at, response_type, response_mode, claims, acr_values, "
    "resources, hinted_sub, select_account, wants_account";
constexpr std::string_view kById = "FROM transactions WHERE id = $1";

constexpr std::string_view kApprove =
    "UPDATE transactions SET consented_sub = $2, approved_by = $3 "
    "WHERE id = $1 AND finished_at IS NULL AND expires_at > $4 AND ";
constexpr std::string_view kAccountChosen =
    "UPDATE transactions SET select_account = 0 "
    "WHERE id = $1 AND finished_at IS NULL AND expires_at > $2 AND ";
constexpr std::string_view kFinish =
    "UPDATE transactions SET finished_at = $2 WHERE id = $1 AND finished_at IS NULL AND ";

template <class T>
T known(std::optional<T> parsed, const char* column) {
  if (!parsed) throw std::logic_error(fmt::format("a transaction's {} is unknown", column));
  return *parsed;
}

Transaction transaction_of(const sql::Row& row) {
  Transaction transaction;
  transaction.id = row.id(0);
  transaction.browser_hash = row.digest(1);
  transaction.client_id = row.text(2);
  transaction.redirect_uri = row.text(3);
  transaction.redirect_uri_sent = row.integer(4) != 0;
  transaction.scopes = sql::text_to_words(row.text(5));
  transaction.state = row.maybe_text(6);
  transaction.nonce = row.maybe_text(7);
  transaction.code_challenge = row.maybe_text(8);
  transaction.login_hint = row.text(9);
  transaction.ui_locales = row.text(10);
  transaction.must_login = row.integer(11) != 0;
  transaction.must_consent = row.integer(12) != 0;
  transaction.max_age = row.maybe_integer(13);
  transaction.created_at = from_micros(row.integer(14));
  transaction.expires_at = from_micros(row.integer(15));
  transaction.consented_sub = row.maybe_text(16);
  if (const auto finished = row.maybe_integer(17)) transaction.finished_at = from_micros(*finished);
  transaction.response_type = known(parse_response_type(row.text(18)), "response_type");
  transaction.response_mode = known(parse_response_mode(row.text(19)), "response_mode");
  transaction.claims = row.text(20);
  transaction.acr_values = sql::text_to_words(row.text(21));
  transaction.resources = sql::text_to_list(row.text(22));
  transaction.hinted_sub = row.maybe_text(23);
  transaction.select_account = row.integer(24) != 0;
  transaction.wants_account = row.integer(25) != 0;
  transaction.of_another_epoch = row.integer(26) != 0;
  return transaction;
}

// The row is there even when nothing is remembered: a withdrawal needs its epoch.
sql::Statement note_consent(const Id& id, const std::string& sub, const Id& op) {
  return sql::statement(
      "INSERT INTO consents (sub, client_id, epoch) "
      "SELECT $2, client_id, 0 FROM transactions WHERE id = $1 AND approved_by = $3 "
      "ON CONFLICT DO NOTHING",
      id, sub, op);
}

sql::Statement remember_consent(const Id& id, const std::string& sub, const Id& op, Time now) {
  return sql::statement(
      "INSERT INTO consents (sub, client_id, epoch, granted_at) "
      "SELECT $2, client_id, 0, $4 FROM transactions WHERE id = $1 AND approved_by = $3 "
      "ON CONFLICT (sub, client_id) DO UPDATE SET granted_at = excluded.granted_at",
      id, sub, op, now);
}

sql::Statement remember_scope(const Id& id, const std::string& sub, const Id& op,
                              const std::string& scope) {
  return sql::statement(
      "INSERT INTO consent_scopes (sub, client_id, scope) "
      "SELECT $2, client_id, $4 FROM transactions WHERE id = $1 AND approved_by = $3 "
      "ON CONFLICT DO NOTHING",
      id, sub, op, scope);
}

}  // namespace

Task<std::optional<Transaction>> Transactions::find(Id id) {
  constexpr auto kText = sql::kJoined<kFind, kMadeInOtherEpochColumn, kById>;
  const auto rows = co_await driver_.read(sql::statement(kText, id));
  if (rows.empty()) co_return std::nullopt;
  co_return transaction_of(rows[0]);
}

Task<void> Transactions::add(Transaction transaction) {
  sql::Operation operation;
  operation.push_back(sql::statement(
      "INSERT INTO transactions (id, browser_hash, client_id, redirect_uri, redirect_uri_sent, "
      "scopes, state, nonce, code_challenge, login_hint, ui_locales, must_login, must_consent, "
      "max_age, created_at, expires_at, response_type, response_mode, claims, acr_values, "
      "resources, hinted_sub, select_account, wants_account, storage_epoch) VALUES "
      "($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, "
      "$21, $22, $23, $24, (SELECT storage_epoch FROM store))",
      transaction.id, transaction.browser_hash, transaction.client_id, transaction.redirect_uri,
      transaction.redirect_uri_sent, sql::words_to_text(transaction.scopes), transaction.state,
      transaction.nonce, transaction.code_challenge, transaction.login_hint, transaction.ui_locales,
      transaction.must_login, transaction.must_consent, transaction.max_age, transaction.created_at,
      transaction.expires_at, to_string(transaction.response_type),
      to_string(transaction.response_mode), transaction.claims,
      sql::words_to_text(transaction.acr_values), sql::list_to_text(transaction.resources),
      transaction.hinted_sub, transaction.select_account, transaction.wants_account));
  co_await driver_.commit(std::move(operation));
}

Task<bool> Transactions::approve(Id id, std::string sub, bool remember, Time now,
                                 std::vector<std::string> also) {
  constexpr auto kText = sql::kJoined<kApprove, kMadeInThisEpoch>;
  // Read beforehand is only what never changes after add(): which scopes were asked for.
  const auto transaction = co_await find(id);
  if (!transaction) co_return false;
  const Id op = sql::fresh_op(random_);
  sql::Operation operation;
  operation.push_back(sql::statement(kText, id, sub, op, now));
  if (remember) {
    operation.push_back(remember_consent(id, sub, op, now));
    also.insert(also.end(), transaction->scopes.begin(), transaction->scopes.end());
    for (const auto& scope : also) operation.push_back(remember_scope(id, sub, op, scope));
  } else {
    operation.push_back(note_consent(id, sub, op));
  }
  const auto results = co_await driver_.commit(std::move(operation));
  co_return results[0].changed == 1;
}

Task<bool> Transactions::account_chosen(Id id, Time now) {
  constexpr auto kText = sql::kJoined<kAccountChosen, kMadeInThisEpoch>;
  sql::Operation operation;
  operation.push_back(sql::statement(kText, id, now));
  const auto results = co_await driver_.commit(std::move(operation));
  co_return results[0].changed == 1;
}

Task<bool> Transactions::finish(Id id, Time now) {
  constexpr auto kText = sql::kJoined<kFinish, kMadeInThisEpoch>;
  sql::Operation operation;
  operation.push_back(sql::statement(kText, id, now));
  const auto results = co_await driver_.commit(std::move(operation));
  co_return results[0].changed == 1;
}

}  // namespace claviger::store
