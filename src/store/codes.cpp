#include "store/codes.hpp"

#include "store/sql/statement.hpp"

namespace claviger::store {
namespace {

// How long a grant's row outlives its last token; without a family that last token is an access
// token, and none of ours lives longer than this.
constexpr auto kKeepGrant = std::chrono::hours(24);

constexpr const char* kFind =
    "SELECT selector, verifier_hash, client_id, sub, session, redirect_uri, redirect_uri_sent, "
    "scopes, nonce, code_challenge, auth_time, user_epoch, client_epoch, consent_epoch, issued_at, "
    "expires_at, failures, redeemed_at, grant_id, storage_epoch FROM codes WHERE selector = $1";

constexpr std::string_view kInsert =
    "INSERT INTO codes (selector, verifier_hash, client_id, sub, session, redirect_uri, "
    "redirect_uri_sent, scopes, nonce, code_challenge, auth_time, user_epoch, client_epoch, "
    "consent_epoch, issued_at, expires_at, failures, storage_epoch) ";
constexpr std::string_view kValues =
    "$1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, 0, $17";
constexpr std::string_view kOpen = "VALUES (";
constexpr std::string_view kClose = ")";
constexpr std::string_view kSelect = "SELECT ";
constexpr std::string_view kIfFinished = " FROM transactions WHERE id = $18 AND finished_by = $19";

template <class... Condition>
sql::Statement insert(sql::Text text, const Code& code, std::int64_t storage_epoch,
                      const Condition&... condition) {
  return sql::statement(text, code.selector, code.verifier_hash, code.client_id, code.sub,
                        code.session, code.redirect_uri, code.redirect_uri_sent,
                        sql::words_to_text(code.scopes), code.nonce, code.code_challenge,
                        code.auth_time, code.epochs.user, code.epochs.client, code.epochs.consent,
                        code.issued_at, code.expires_at, storage_epoch, condition...);
}

Code code_of(const sql::Row& row) {
  Code code;
  code.selector = row.id(0);
  code.verifier_hash = row.digest(1);
  code.client_id = row.text(2);
  code.sub = row.text(3);
  code.session = row.id(4);
  code.redirect_uri = row.text(5);
  code.redirect_uri_sent = row.integer(6) != 0;
  code.scopes = sql::text_to_words(row.text(7));
  code.nonce = row.maybe_text(8);
  code.code_challenge = row.maybe_text(9);
  code.auth_time = from_micros(row.integer(10));
  code.epochs = {row.integer(11), row.integer(12), row.integer(13)};
  code.issued_at = from_micros(row.integer(14));
  code.expires_at = from_micros(row.integer(15));
  code.failures = static_cast<int>(row.integer(16));
  if (const auto redeemed = row.maybe_integer(17)) code.redeemed_at = from_micros(*redeemed);
  code.grant = row.maybe_id(18);
  code.storage_epoch = row.integer(19);
  return code;
}

// The row decides who wins: everything later asks for this call's own mark, never for a state that
// is true for the loser as well (CI-01).
sql::Statement take(const RedeemPlan& plan, const Id& op, std::int64_t storage_epoch) {
  return sql::statement(
      "UPDATE codes SET redeemed_by = $2, redeemed_at = $3, grant_id = $4 "
      "WHERE selector = $1 AND redeemed_by IS NULL AND expires_at > $3 AND storage_epoch = $5 "
      "RETURNING client_id, sub, session, scopes, auth_time, user_epoch, client_epoch, "
      "consent_epoch",
      plan.selector, op, plan.now, plan.grant.id, storage_epoch);
}

sql::Statement insert_grant(const RedeemPlan& plan, const Id& op) {
  const Time keep_until = (plan.family ? plan.family->expires_at : plan.now) + kKeepGrant;
  return sql::statement(
      "INSERT INTO grants (id, client_id, sub, session, session_bound, scopes, auth_time, "
      "user_epoch, client_epoch, consent_epoch, created_at, revoked_because, keep_until) "
      "SELECT $3, client_id, sub, session, $4, scopes, auth_time, user_epoch, client_epoch, "
      "consent_epoch, $5, $6, $7 FROM codes WHERE selector = $1 AND redeemed_by = $2",
      plan.selector, op, plan.grant.id, plan.grant.session_bound, plan.now, "", keep_until);
}

sql::Statement insert_family(const RedeemPlan& plan, const Id& op, std::int64_t storage_epoch) {
  const auto& family = *plan.family;
  return sql::statement(
      "INSERT INTO refresh_families (id, grant_id, counter, rotated_at, mac_kid, storage_epoch, "
      "idle_expires_at, expires_at) SELECT $3, $4, $5, $6, $7, $8, $9, $10 FROM codes "
      "WHERE selector = $1 AND redeemed_by = $2",
      plan.selector, op, family.id, plan.grant.id, family.counter, family.rotated_at,
      family.mac_kid, storage_epoch, family.idle_expires_at, family.expires_at);
}

sql::Statement who_was_first(const RedeemPlan& plan, const Id& op) {
  return sql::statement(
      "SELECT redeemed_at, grant_id FROM codes WHERE selector = $1 AND redeemed_by <> $2",
      plan.selector, op);
}

Grant grant_of(const RedeemPlan& plan, const sql::Row& code) {
  Grant grant;
  grant.id = plan.grant.id;
  grant.session_bound = plan.grant.session_bound;
  grant.client_id = code.text(0);
  grant.sub = code.text(1);
  grant.session = code.id(2);
  grant.scopes = sql::text_to_words(code.text(3));
  grant.auth_time = from_micros(code.integer(4));
  grant.epochs = {code.integer(5), code.integer(6), code.integer(7)};
  grant.created_at = plan.now;
  return grant;
}

}  // namespace

Task<std::optional<Code>> Codes::find(Id selector) {
  const auto rows = co_await driver_.read(sql::statement(kFind, selector));
  if (rows.empty()) co_return std::nullopt;
  co_return code_of(rows[0]);
}

Task<Codes::Issued> Codes::issue(Code code, Id transaction, bool stored, Time now) {
  constexpr auto kAlone = sql::kJoined<kInsert, kOpen, kValues, kClose>;
  constexpr auto kWithTransaction = sql::kJoined<kInsert, kSelect, kValues, kIfFinished>;
  const auto epoch = driver_.storage_epoch();
  sql::Operation operation;
  if (stored) {
    const Id op = sql::fresh_op(random_);
    operation.push_back(
        sql::statement("UPDATE transactions SET finished_at = $2, finished_by = $3 "
                       "WHERE id = $1 AND finished_at IS NULL AND expires_at > $2",
                       transaction, now, op));
    operation.push_back(insert(kWithTransaction, code, epoch, transaction, op));
  } else {
    operation.push_back(insert(kAlone, code, epoch));
  }
  const auto results = co_await driver_.commit(std::move(operation));
  co_return results[0].changed == 1 ? Issued::issued : Issued::transaction_finished;
}

Task<Codes::Redemption> Codes::redeem(RedeemPlan plan) {
  const Id op = sql::fresh_op(random_);
  const auto epoch = driver_.storage_epoch();
  sql::Operation operation;
  operation.push_back(take(plan, op, epoch));
  operation.push_back(insert_grant(plan, op));
  if (plan.family) operation.push_back(insert_family(plan, op, epoch));
  operation.push_back(who_was_first(plan, op));
  const auto results = co_await driver_.commit(std::move(operation));
  if (!results[0].rows.empty()) co_return Redeemed{grant_of(plan, results[0].rows[0])};
  const auto& first = results.back().rows;
  if (first.empty()) co_return Gone{};
  co_return AlreadyRedeemed{from_micros(first[0].integer(0)), first[0].maybe_id(1)};
}

Task<void> Codes::count_failure(Id selector, Time now) {
  const Id op = sql::fresh_op(random_);
  sql::Operation operation;
  operation.push_back(
      sql::statement("UPDATE codes SET failures = failures + 1, "
                     "redeemed_by = CASE WHEN failures + 1 >= $4 THEN $2 ELSE redeemed_by END, "
                     "redeemed_at = CASE WHEN failures + 1 >= $4 THEN $3 ELSE redeemed_at END "
                     "WHERE selector = $1 AND redeemed_by IS NULL",
                     selector, op, now, kMaxCodeFailures));
  co_await driver_.commit(std::move(operation));
}

Task<void> Codes::burn(Id selector, Time now) {
  const Id op = sql::fresh_op(random_);
  sql::Operation operation;
  operation.push_back(
      sql::statement("UPDATE codes SET redeemed_by = $2, redeemed_at = $3 "
                     "WHERE selector = $1 AND redeemed_by IS NULL",
                     selector, op, now));
  co_await driver_.commit(std::move(operation));
}

}  // namespace claviger::store
