#include "store/grants.hpp"

#include "store/endings.hpp"
#include "store/grant_rows.hpp"

namespace claviger::store {
namespace {

constexpr std::string_view kSelect = "SELECT ";
constexpr std::string_view kOwnColumns =
    ", a.id, a.type, a.session_bound, a.parent, a.act, a.created_at, a.revoked_at, "
    "a.revoked_because";
constexpr std::string_view kById = " FROM grants a WHERE a.id = $1";
constexpr std::string_view kDenied =
    ", CASE WHEN EXISTS (SELECT 1 FROM denied_tokens d WHERE d.jti = $2) THEN 1 ELSE 0 END";
constexpr std::string_view kOfGrants = " FROM grants a";
constexpr std::string_view kOfThisId = "WHERE a.id = $1";
constexpr std::string_view kFamilyColumns =
    ", f.id, f.grant_id, f.counter, f.rotated_at, f.mac_kid, f.storage_epoch, "
    "f.idle_expires_at, f.expires_at, t.storage_epoch, t.epoch_since";
constexpr std::string_view kOfFamilies =
    " FROM refresh_families f JOIN grants a ON a.id = f.grant_id CROSS JOIN store t";
constexpr std::string_view kOfThisFamily = "WHERE f.id = $1";
constexpr std::size_t kGrantColumnCount = kAuthorizedCount + 8;
constexpr std::size_t kFamilyColumnCount = 8;

// One row, one condition: at most one of any number of calls moves the counter (I3). The family is
// of now's storage epoch from here on: the row's word on it, not what this process knew when it
// began.
constexpr const char* kRotate =
    "UPDATE refresh_families SET counter = $2 + 1, rotated_at = $3, mac_kid = $4, "
    "idle_expires_at = $5, storage_epoch = (SELECT storage_epoch FROM store) "
    "WHERE id = $1 AND counter = $2 AND idle_expires_at > $3 AND expires_at > $3 AND EXISTS "
    "(SELECT 1 FROM grants g WHERE g.id = refresh_families.grant_id AND g.revoked_at IS NULL)";
constexpr const char* kFastForward =
    "UPDATE refresh_families SET counter = $2 + 1, rotated_at = $3, mac_kid = $4, "
    "idle_expires_at = $5, storage_epoch = (SELECT storage_epoch FROM store) "
    "WHERE id = $1 AND counter = $2 - 1 AND storage_epoch <> (SELECT storage_epoch FROM store) "
    "AND $6 < (SELECT epoch_since FROM store) "
    "AND idle_expires_at > $3 AND expires_at > $3 AND EXISTS "
    "(SELECT 1 FROM grants g WHERE g.id = refresh_families.grant_id AND g.revoked_at IS NULL)";

// A grant and those it was exchanged from are marked before it is added: under their locks no
// revocation can miss it, and they stay for as long as there is something to revoke (TX-11).
constexpr const char* kMarkParents =
    "UPDATE grants SET parent_by = $2, "
    "keep_until = CASE WHEN keep_until < $3 THEN $3 ELSE keep_until END "
    "WHERE revoked_at IS NULL AND id IN (WITH RECURSIVE above (id, parent) AS ("
    "SELECT id, parent FROM grants WHERE id = $1 AND revoked_at IS NULL "
    "UNION SELECT g.id, g.parent FROM grants g JOIN above ON g.id = above.parent) "
    "SELECT id FROM above)";
constexpr std::string_view kValuesOpen = "VALUES (";
constexpr std::string_view kValuesClose = ")";
constexpr std::string_view kIfMarked = " FROM grants WHERE id = $21 AND parent_by = $22";

Grant grant_of(sql::Row& row) {
  Grant grant;
  read_authorized(row, 0, grant);
  const std::size_t own = kAuthorizedCount;
  grant.id = row.id(own);
  const auto type = parse_grant_type(row.text(own + 1));
  if (!type) throw std::logic_error("a grant's type is unknown");
  grant.type = *type;
  grant.session_bound = row.integer(own + 2) != 0;
  grant.parent = row.maybe_id(own + 3);
  grant.act = row.take_text(own + 4);
  grant.created_at = from_micros(row.integer(own + 5));
  if (const auto revoked = row.maybe_integer(own + 6)) grant.revoked_at = from_micros(*revoked);
  grant.revoked_because = row.take_text(own + 7);
  return grant;
}

RefreshFamily family_of(sql::Row& row) {
  const std::size_t first = kGrantColumnCount;
  RefreshFamily family;
  family.id = row.id(first);
  family.grant = row.id(first + 1);
  family.counter = row.integer(first + 2);
  family.rotated_at = from_micros(row.integer(first + 3));
  family.mac_kid = row.take_text(first + 4);
  family.storage_epoch = row.integer(first + 5);
  family.idle_expires_at = from_micros(row.integer(first + 6));
  family.expires_at = from_micros(row.integer(first + 7));
  return family;
}

sql::Statement move_counter(sql::Text text, const RotatePlan& plan) {
  return sql::statement(text, plan.family, plan.from, plan.now, plan.mac_kid, plan.idle_expires_at);
}

}  // namespace

Task<std::optional<Grant>> Grants::find(Id id) {
  constexpr auto kText =
      sql::kJoined<kSelect, sql::kOf<'a', kAuthorizedColumns>, kOwnColumns, kById>;
  auto rows = co_await driver_.read(sql::statement(kText, id));
  if (rows.empty()) co_return std::nullopt;
  co_return grant_of(rows[0]);
}

Task<std::unique_ptr<GrantWithStanding>> Grants::find_with_standing(Id id, std::string jti) {
  constexpr auto kText =
      sql::kJoined<kSelect, sql::kOf<'a', kAuthorizedColumns>, kOwnColumns, kDenied,
                   kStandingColumns, kOfGrants, kStandingJoins, kOfThisId>;
  auto rows = co_await driver_.read(sql::statement(kText, id, jti));
  if (rows.empty()) co_return nullptr;
  auto& row = rows[0];
  auto found = std::make_unique<GrantWithStanding>();
  found->grant = grant_of(row);
  found->denied = row.integer(kGrantColumnCount) != 0;
  found->standing =
      co_await read_standing(clients_, row, kGrantColumnCount + 1, found->grant.client_id);
  co_return found;
}

Task<std::unique_ptr<FamilyWithGrant>> Grants::find_family(Id family) {
  constexpr auto kText =
      sql::kJoined<kSelect, sql::kOf<'a', kAuthorizedColumns>, kOwnColumns, kFamilyColumns,
                   kStandingColumns, kOfFamilies, kStandingJoins, kOfThisFamily>;
  constexpr std::size_t kEpoch = kGrantColumnCount + kFamilyColumnCount;
  auto rows = co_await driver_.read(sql::statement(kText, family));
  if (rows.empty()) co_return nullptr;
  auto& row = rows[0];
  auto found = std::make_unique<FamilyWithGrant>();
  found->family = family_of(row);
  found->grant = grant_of(row);
  found->epoch = {row.integer(kEpoch), from_micros(row.integer(kEpoch + 1))};
  found->standing = co_await read_standing(clients_, row, kEpoch + 2, found->grant.client_id);
  co_return found;
}

Task<bool> Grants::add(Grant grant, Time keep_until) {
  constexpr auto kAlone = sql::kJoined<kInsertGrant, kAuthorizedColumns, kGrantColumns, kValuesOpen,
                                       kGrantValues, kValuesClose>;
  constexpr auto kUnderParent = sql::kJoined<kInsertGrant, kAuthorizedColumns, kGrantColumns,
                                             kSelect, kGrantValues, kIfMarked>;
  sql::Operation operation;
  if (grant.parent) {
    const Id op = sql::fresh_op(random_);
    operation.push_back(sql::statement(kMarkParents, *grant.parent, op, keep_until));
    auto insert = sql::statement(kUnderParent);
    append_grant(insert, grant, keep_until);
    sql::append(insert, *grant.parent, op);
    operation.push_back(std::move(insert));
  } else {
    auto insert = sql::statement(kAlone);
    append_grant(insert, grant, keep_until);
    operation.push_back(std::move(insert));
  }
  const auto results = co_await driver_.commit(std::move(operation));
  co_return results.back().changed == 1;
}

Task<Grants::Rotation> Grants::rotate(RotatePlan plan) {
  sql::Operation operation;
  operation.push_back(move_counter(kRotate, plan));
  const auto results = co_await driver_.commit(std::move(operation));
  co_return results[0].changed == 1 ? Rotation::rotated : Rotation::lost;
}

Task<Grants::Rotation> Grants::fast_forward(RotatePlan plan) {
  sql::Operation operation;
  operation.push_back(move_counter(kFastForward, plan));
  sql::append(operation[0], plan.now - kFastForwardTime);
  const auto results = co_await driver_.commit(std::move(operation));
  co_return results[0].changed == 1 ? Rotation::rotated : Rotation::lost;
}

Task<bool> Grants::revoke(Id grant, std::string because, Time now) {
  const Id op = sql::fresh_op(random_);
  sql::Operation operation;
  operation.push_back(
      sql::statement("UPDATE grants SET revoked_at = $2, revoked_because = $3, revoked_by = $4 "
                     "WHERE id = $1 AND revoked_at IS NULL",
                     grant, now, because, op));
  add_cascade(operation, op, because, now);
  const auto results = co_await driver_.commit(std::move(operation));
  co_return results[0].changed == 1;
}

Task<std::size_t> Grants::revoke_all_of_client(std::string client_id, std::string because,
                                               Time now) {
  // A rare act of an operator: it reads every grant rather than cost every redemption an index.
  const Id op = sql::fresh_op(random_);
  sql::Operation operation;
  operation.push_back(
      sql::statement("UPDATE grants SET revoked_at = $2, revoked_because = $3, revoked_by = $4 "
                     "WHERE client_id = $1 AND revoked_at IS NULL",
                     client_id, now, because, op));
  add_cascade(operation, op, because, now);
  const auto results = co_await driver_.commit(std::move(operation));
  co_return static_cast<std::size_t>(results[0].changed);
}

Task<std::size_t> Grants::revoke_since(Time since, std::string because, Time now) {
  const Id op = sql::fresh_op(random_);
  sql::Operation operation;
  operation.push_back(
      sql::statement("UPDATE grants SET revoked_at = $2, revoked_because = $3, revoked_by = $4 "
                     "WHERE revoked_at IS NULL AND (created_at >= $1 OR id IN "
                     "(SELECT grant_id FROM refresh_families WHERE rotated_at >= $1))",
                     since, now, because, op));
  add_cascade(operation, op, because, now);
  const auto results = co_await driver_.commit(std::move(operation));
  co_return static_cast<std::size_t>(results[0].changed);
}

Task<std::int64_t> Grants::count_live_families(Time now) {
  const auto rows = co_await driver_.read(
      sql::statement("SELECT count(*) FROM refresh_families f JOIN grants g ON g.id = f.grant_id "
                     "WHERE g.revoked_at IS NULL AND f.expires_at > $1 AND f.idle_expires_at > $1",
                     now));
  co_return rows.at(0).integer(0);
}

Task<void> Grants::deny_token(std::string jti, Time until) {
  sql::Operation operation;
  operation.push_back(
      sql::statement("INSERT INTO denied_tokens (jti, expires_at) VALUES ($1, $2) "
                     "ON CONFLICT (jti) DO UPDATE SET expires_at = excluded.expires_at "
                     "WHERE excluded.expires_at > denied_tokens.expires_at",
                     jti, until));
  co_await driver_.commit(std::move(operation));
}

Task<bool> Grants::is_denied(std::string jti) {
  const auto rows =
      co_await driver_.read(sql::statement("SELECT 1 FROM denied_tokens WHERE jti = $1", jti));
  co_return !rows.empty();
}

}  // namespace claviger::store
