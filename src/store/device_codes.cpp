#include "store/device_codes.hpp"

#include "store/epoch_sql.hpp"
#include "store/grant_rows.hpp"

namespace claviger::store {
namespace {

constexpr std::string_view kSelect = "SELECT ";
// kAuthorizedColumns of a row that has no claims request.
constexpr std::string_view kAllowed =
    "client_id, sub, session, scopes, resources, '', auth_time, acr, amr, user_epoch, "
    "client_epoch, consent_epoch";
constexpr std::string_view kOwnColumns =
    ", selector, verifier_hash, user_code, requester, interval_seconds, issued_at, expires_at, "
    "last_polled_at, denied_at, redeemed_at, storage_epoch";
constexpr std::string_view kFrom = "FROM device_codes ";
constexpr std::string_view kBySelector = "WHERE selector = $1";
constexpr std::string_view kWaiting =
    "WHERE user_code = $1 AND answered_by IS NULL AND expires_at > $2 AND ";
constexpr std::string_view kDeviceCodes = "device_codes";

// As of a code: the row decides who wins, and later statements ask for this call's own mark.
constexpr std::string_view kTake =
    "UPDATE device_codes SET redeemed_by = $2, redeemed_at = $3, grant_id = $4 "
    "WHERE selector = $1 AND redeemed_by IS NULL AND sub IS NOT NULL AND expires_at > $3 "
    "AND ";
constexpr std::string_view kReturning = "RETURNING ";

constexpr std::string_view kApprove =
    "UPDATE device_codes SET answered_by = $2, sub = $4, session = $5, auth_time = $6, acr = $7, "
    "amr = $8, user_epoch = $9, client_epoch = $10, consent_epoch = $11 "
    "WHERE selector = $1 AND answered_by IS NULL AND expires_at > $3 AND ";
constexpr std::string_view kDeny =
    "UPDATE device_codes SET answered_by = $2, denied_at = $3 "
    "WHERE selector = $1 AND answered_by IS NULL AND expires_at > $3 AND ";

std::optional<DeviceCode> first_of(std::vector<sql::Row> rows) {
  if (rows.empty()) return {};
  auto& row = rows[0];
  const std::size_t own = kAuthorizedCount;
  DeviceCode code;
  code.client_id = row.text(0);
  code.scopes = sql::text_to_words(row.text(3));
  code.resources = sql::text_to_list(row.text(4));
  if (!row.is_null(1)) read_authorized(row, 0, code.approved.emplace());
  code.selector = row.id(own);
  code.verifier_hash = row.digest(own + 1);
  code.user_code = row.text(own + 2);
  code.requester = row.text(own + 3);
  code.interval = std::chrono::seconds(row.integer(own + 4));
  code.issued_at = from_micros(row.integer(own + 5));
  code.expires_at = from_micros(row.integer(own + 6));
  if (const auto polled = row.maybe_integer(own + 7)) code.last_polled_at = from_micros(*polled);
  if (const auto denied = row.maybe_integer(own + 8)) code.denied_at = from_micros(*denied);
  if (const auto redeemed = row.maybe_integer(own + 9)) code.redeemed_at = from_micros(*redeemed);
  code.storage_epoch = row.integer(own + 10);
  code.of_another_epoch = row.integer(own + 11) != 0;
  return code;
}

// The row of the consent is there even though nothing is remembered: a withdrawal needs its epoch.
sql::Statement note_consent(const Id& selector, const Id& op) {
  return sql::statement(
      "INSERT INTO consents (sub, client_id, epoch) "
      "SELECT sub, client_id, 0 FROM device_codes WHERE selector = $1 AND answered_by = $2 "
      "ON CONFLICT DO NOTHING",
      selector, op);
}

sql::Statement join_session(const Id& selector, const Id& op, Time now) {
  return sql::statement(
      "INSERT INTO session_clients (session, client_id, joined_at) "
      "SELECT session, client_id, $3 FROM device_codes WHERE selector = $1 AND redeemed_by = $2 "
      "ON CONFLICT DO NOTHING",
      selector, op, now);
}

}  // namespace

Task<std::optional<DeviceCode>> DeviceCodes::find(Id selector) {
  constexpr auto kText =
      sql::kJoined<kSelect, kAllowed, kOwnColumns, kOtherEpochColumn, kFrom, kBySelector>;
  co_return first_of(co_await driver_.read(sql::statement(kText, selector)));
}

Task<std::optional<DeviceCode>> DeviceCodes::find_waiting(std::string user_code, Time now) {
  constexpr auto kText = sql::kJoined<kSelect, kAllowed, kOwnColumns, kOtherEpochColumn, kFrom,
                                      kWaiting, kOfThisEpoch>;
  co_return first_of(co_await driver_.read(sql::statement(kText, user_code, now)));
}

Task<DeviceCodes::Added> DeviceCodes::add(DeviceCode code) {
  sql::Operation operation;
  operation.push_back(sql::statement(
      "INSERT INTO device_codes (selector, verifier_hash, user_code, client_id, scopes, resources, "
      "requester, interval_seconds, issued_at, expires_at, storage_epoch) "
      "VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, (SELECT storage_epoch FROM store)) "
      "ON CONFLICT DO NOTHING",
      code.selector, code.verifier_hash, code.user_code, code.client_id,
      sql::words_to_text(code.scopes), sql::list_to_text(code.resources), code.requester,
      code.interval.count(), code.issued_at, code.expires_at));
  const auto results = co_await driver_.commit(std::move(operation));
  co_return results[0].changed == 1 ? Added::added : Added::exists;
}

Task<bool> DeviceCodes::approve(Id selector, Authorized by, Time now) {
  constexpr auto kText = sql::kJoined<kApprove, kOfThisEpoch>;
  const Id op = sql::fresh_op(random_);
  sql::Operation operation;
  operation.push_back(sql::statement(kText, selector, op, now, by.sub, by.session, by.auth_time,
                                     by.acr, sql::words_to_text(by.amr), by.epochs.user,
                                     by.epochs.client, by.epochs.consent));
  operation.push_back(note_consent(selector, op));
  const auto results = co_await driver_.commit(std::move(operation));
  co_return results[0].changed == 1;
}

Task<bool> DeviceCodes::deny(Id selector, Time now) {
  constexpr auto kText = sql::kJoined<kDeny, kOfThisEpoch>;
  const Id op = sql::fresh_op(random_);
  sql::Operation operation;
  operation.push_back(sql::statement(kText, selector, op, now));
  const auto results = co_await driver_.commit(std::move(operation));
  co_return results[0].changed == 1;
}

Task<DeviceCodes::Polled> DeviceCodes::poll(Id selector, Time now) {
  const Id op = sql::fresh_op(random_);
  sql::Operation operation;
  operation.push_back(sql::statement(
      "UPDATE device_codes SET last_polled_at = $3, polled_by = $2 WHERE selector = $1 "
      "AND (last_polled_at IS NULL OR last_polled_at + interval_seconds * 1000000 <= $3)",
      selector, op, now));
  // DV-03: who comes too early waits anew, and longer.
  operation.push_back(
      sql::statement("UPDATE device_codes SET last_polled_at = $3, interval_seconds = "
                     "CASE WHEN interval_seconds < 60 THEN interval_seconds + 5 "
                     "ELSE interval_seconds END WHERE selector = $1 AND polled_by <> $2",
                     selector, op, now));
  const auto results = co_await driver_.commit(std::move(operation));
  co_return results[0].changed == 1 ? Polled::noted : Polled::slow_down;
}

Task<DeviceCodes::Redemption> DeviceCodes::redeem(DeviceRedeemPlan plan) {
  constexpr auto kTakeRow = sql::kJoined<kTake, kOfThisEpoch, kReturning, kAllowed>;
  constexpr auto kGrant = sql::kJoined<kInsertGrant, kAuthorizedColumns, kGrantColumns, kSelect,
                                       kAllowed, kGrantOfRow, kDeviceCodes, kIfTaken>;
  constexpr auto kFamily = sql::kJoined<kInsertFamily, kFamilyOfRow, kDeviceCodes, kIfTaken>;
  const Id op = sql::fresh_op(random_);
  sql::Operation operation;
  operation.push_back(sql::statement(kTakeRow, plan.selector, op, plan.now, plan.grant.id));
  operation.push_back(grant_of_row(kGrant, plan, op));
  if (plan.family) operation.push_back(family_of_row(kFamily, plan, op));
  operation.push_back(join_session(plan.selector, op, plan.now));
  auto results = co_await driver_.commit(std::move(operation));
  if (results[0].rows.empty()) co_return Gone{};
  co_return Redeemed{redeemed_grant(plan, results[0].rows[0])};
}

}  // namespace claviger::store
