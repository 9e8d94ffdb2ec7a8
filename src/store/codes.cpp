#include "store/codes.hpp"

#include "store/epoch_sql.hpp"
#include "store/grant_rows.hpp"

namespace claviger::store {
namespace {

constexpr std::string_view kSelect = "SELECT ";
constexpr std::string_view kOwnColumns =
    ", selector, verifier_hash, redirect_uri, redirect_uri_sent, nonce, code_challenge, issued_at, "
    "expires_at, failures, storage_epoch";
constexpr std::string_view kOutcome = ", redeemed_at, grant_id";
constexpr std::string_view kBySelector = "FROM codes WHERE selector = $1";
constexpr std::string_view kOfCodes = " FROM codes a";
constexpr std::string_view kOfThisSelector = "WHERE a.selector = $1";
constexpr std::size_t kCodeColumnCount = kAuthorizedCount + 13;

constexpr std::string_view kInsertCode = "INSERT INTO codes (";
constexpr std::string_view kClose = ") ";
constexpr std::string_view kCodeValues =
    "$1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, "
    "0, (SELECT storage_epoch FROM store)";
constexpr std::string_view kValuesOpen = "VALUES (";
constexpr std::string_view kCodeIfFinished =
    " FROM transactions WHERE id = $21 AND finished_by = $22";
constexpr std::string_view kGrantIfFinished =
    " FROM transactions WHERE id = $21 AND finished_by = $22";

constexpr std::string_view kTakeCode =
    "UPDATE codes SET redeemed_by = $2, redeemed_at = $3, grant_id = $4 "
    "WHERE selector = $1 AND redeemed_by IS NULL AND expires_at > $3 AND ";
constexpr std::string_view kReturning = "RETURNING ";
constexpr std::string_view kFinish =
    "UPDATE transactions SET finished_at = $2, finished_by = $3 "
    "WHERE id = $1 AND finished_at IS NULL AND expires_at > $2 AND ";
constexpr std::string_view kCodes = "codes";

// What is written only if the transaction has the mark of this call; of one that was never stored
// there is no such question.
class Answer {
 public:
  Answer(const AuthorizationPlan& plan, const Id& op) : plan_(plan), op_(op) {}

  sql::Statement finish() const {
    constexpr auto kText = sql::kJoined<kFinish, kMadeInThisEpoch>;
    return sql::statement(kText, plan_.transaction, plan_.now, op_);
  }
  sql::Statement code() const;
  sql::Statement grant() const;
  sql::Statement join_session() const;

 private:
  const AuthorizationPlan& plan_;
  const Id& op_;
};

sql::Statement Answer::code() const {
  constexpr auto kAlone = sql::kJoined<kInsertCode, kAuthorizedColumns, kOwnColumns, kClose,
                                       kValuesOpen, kCodeValues, kClose>;
  constexpr auto kIfWon = sql::kJoined<kInsertCode, kAuthorizedColumns, kOwnColumns, kClose,
                                       kSelect, kCodeValues, kCodeIfFinished>;
  const auto& code = *plan_.code;
  auto insert = plan_.stored ? sql::statement(kIfWon) : sql::statement(kAlone);
  append_authorized(insert, code);
  sql::append(insert, code.selector, code.verifier_hash, code.redirect_uri, code.redirect_uri_sent,
              code.nonce, code.code_challenge, code.issued_at, code.expires_at);
  if (plan_.stored) sql::append(insert, plan_.transaction, op_);
  return insert;
}

sql::Statement Answer::grant() const {
  constexpr auto kAlone = sql::kJoined<kInsertGrant, kAuthorizedColumns, kGrantColumns, kValuesOpen,
                                       kGrantValues, kClose>;
  constexpr auto kIfWon = sql::kJoined<kInsertGrant, kAuthorizedColumns, kGrantColumns, kSelect,
                                       kGrantValues, kGrantIfFinished>;
  auto insert = plan_.stored ? sql::statement(kIfWon) : sql::statement(kAlone);
  append_grant(insert, *plan_.grant, plan_.grant_keep_until);
  if (plan_.stored) sql::append(insert, plan_.transaction, op_);
  return insert;
}

sql::Statement Answer::join_session() const {
  if (!plan_.stored) {
    return sql::statement(
        "INSERT INTO session_clients (session, client_id, joined_at) VALUES ($1, $2, $3) "
        "ON CONFLICT DO NOTHING",
        plan_.session, plan_.client_id, plan_.now);
  }
  return sql::statement(
      "INSERT INTO session_clients (session, client_id, joined_at) "
      "SELECT $1, $2, $3 FROM transactions WHERE id = $4 AND finished_by = $5 "
      "ON CONFLICT DO NOTHING",
      plan_.session, plan_.client_id, plan_.now, plan_.transaction, op_);
}

Code code_of(sql::Row& row) {
  Code code;
  read_authorized(row, 0, code);
  const std::size_t own = kAuthorizedCount;
  code.selector = row.id(own);
  code.verifier_hash = row.digest(own + 1);
  code.redirect_uri = row.take_text(own + 2);
  code.redirect_uri_sent = row.integer(own + 3) != 0;
  code.nonce = row.maybe_text(own + 4);
  code.code_challenge = row.maybe_text(own + 5);
  code.issued_at = from_micros(row.integer(own + 6));
  code.expires_at = from_micros(row.integer(own + 7));
  code.failures = static_cast<int>(row.integer(own + 8));
  code.storage_epoch = row.integer(own + 9);
  if (const auto redeemed = row.maybe_integer(own + 10)) code.redeemed_at = from_micros(*redeemed);
  code.grant = row.maybe_id(own + 11);
  code.of_another_epoch = row.integer(own + 12) != 0;
  return code;
}

// The row decides who wins: everything later asks for this call's own mark, never for a state that
// is true for the loser as well (CI-01).
sql::Statement take(const RedeemPlan& plan, const Id& op) {
  constexpr auto kText = sql::kJoined<kTakeCode, kOfThisEpoch, kReturning, kAuthorizedColumns>;
  return sql::statement(kText, plan.selector, op, plan.now, plan.grant.id);
}

sql::Statement who_was_first(const RedeemPlan& plan, const Id& op) {
  return sql::statement(
      "SELECT redeemed_at, grant_id FROM codes WHERE selector = $1 AND redeemed_by <> $2",
      plan.selector, op);
}

}  // namespace

Task<std::optional<Code>> Codes::find(Id selector) {
  constexpr auto kText = sql::kJoined<kSelect, kAuthorizedColumns, kOwnColumns, kOutcome,
                                      kOtherEpochColumn, kBySelector>;
  auto rows = co_await driver_.read(sql::statement(kText, selector));
  if (rows.empty()) co_return std::nullopt;
  co_return code_of(rows[0]);
}

Task<std::unique_ptr<CodeWithStanding>> Codes::find_with_standing(Id selector) {
  constexpr auto kText =
      sql::kJoined<kSelect, sql::kOf<'a', kAuthorizedColumns>, sql::kOf<'a', kOwnColumns>,
                   sql::kOf<'a', kOutcome>, kOtherEpochColumn, kStandingColumns, kOfCodes,
                   kStandingJoins, kOfThisSelector>;
  auto rows = co_await driver_.read(sql::statement(kText, selector));
  if (rows.empty()) co_return nullptr;
  auto found = std::make_unique<CodeWithStanding>();
  found->code = code_of(rows[0]);
  found->standing =
      co_await read_standing(clients_, rows[0], kCodeColumnCount, found->code.client_id);
  co_return found;
}

Task<Codes::Issued> Codes::issue(AuthorizationPlan plan) {
  const Id op = sql::fresh_op(random_);
  const Answer answer(plan, op);
  sql::Operation operation;
  if (plan.stored) operation.push_back(answer.finish());
  if (plan.code) operation.push_back(answer.code());
  if (plan.grant) operation.push_back(answer.grant());
  operation.push_back(answer.join_session());
  const auto results = co_await driver_.commit(std::move(operation));
  const bool won = !plan.stored || results[0].changed == 1;
  co_return won ? Issued::issued : Issued::transaction_finished;
}

Task<Codes::Redemption> Codes::redeem(RedeemPlan plan) {
  constexpr auto kGrant = sql::kJoined<kInsertGrant, kAuthorizedColumns, kGrantColumns, kSelect,
                                       kAuthorizedColumns, kGrantOfRow, kCodes, kIfTaken>;
  constexpr auto kFamily = sql::kJoined<kInsertFamily, kFamilyOfRow, kCodes, kIfTaken>;
  const Id op = sql::fresh_op(random_);
  sql::Operation operation;
  operation.push_back(take(plan, op));
  operation.push_back(grant_of_row(kGrant, plan, op));
  if (plan.family) operation.push_back(family_of_row(kFamily, plan, op));
  operation.push_back(who_was_first(plan, op));
  auto results = co_await driver_.commit(std::move(operation));
  if (!results[0].rows.empty()) co_return Redeemed{redeemed_grant(plan, results[0].rows[0])};
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
