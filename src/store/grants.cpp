#include "store/grants.hpp"

#include "store/sql/statement.hpp"

namespace claviger::store {
namespace {

constexpr const char* kFind =
    "SELECT id, client_id, sub, session, session_bound, scopes, auth_time, user_epoch, "
    "client_epoch, consent_epoch, created_at, revoked_at, revoked_because "
    "FROM grants WHERE id = $1";
constexpr const char* kFindFamily =
    "SELECT g.id, g.client_id, g.sub, g.session, g.session_bound, g.scopes, g.auth_time, "
    "g.user_epoch, g.client_epoch, g.consent_epoch, g.created_at, g.revoked_at, "
    "g.revoked_because, f.id, f.grant_id, f.counter, f.rotated_at, f.mac_kid, f.storage_epoch, "
    "f.idle_expires_at, f.expires_at "
    "FROM refresh_families f JOIN grants g ON g.id = f.grant_id WHERE f.id = $1";

// One row, one condition: at most one of any number of calls moves the counter (I3). The family is
// of now's storage epoch from here on.
constexpr const char* kRotate =
    "UPDATE refresh_families SET counter = $2 + 1, rotated_at = $3, mac_kid = $4, "
    "idle_expires_at = $5, storage_epoch = $6 "
    "WHERE id = $1 AND counter = $2 AND idle_expires_at > $3 AND expires_at > $3 AND EXISTS "
    "(SELECT 1 FROM grants g WHERE g.id = refresh_families.grant_id AND g.revoked_at IS NULL)";
constexpr const char* kFastForward =
    "UPDATE refresh_families SET counter = $2 + 1, rotated_at = $3, mac_kid = $4, "
    "idle_expires_at = $5, storage_epoch = $6 "
    "WHERE id = $1 AND counter = $2 - 1 AND storage_epoch <> $6 "
    "AND idle_expires_at > $3 AND expires_at > $3 AND EXISTS "
    "(SELECT 1 FROM grants g WHERE g.id = refresh_families.grant_id AND g.revoked_at IS NULL)";

Grant grant_of(const sql::Row& row) {
  Grant grant;
  grant.id = row.id(0);
  grant.client_id = row.text(1);
  grant.sub = row.text(2);
  grant.session = row.id(3);
  grant.session_bound = row.integer(4) != 0;
  grant.scopes = sql::text_to_words(row.text(5));
  grant.auth_time = from_micros(row.integer(6));
  grant.epochs = {row.integer(7), row.integer(8), row.integer(9)};
  grant.created_at = from_micros(row.integer(10));
  if (const auto revoked = row.maybe_integer(11)) grant.revoked_at = from_micros(*revoked);
  grant.revoked_because = row.text(12);
  return grant;
}

RefreshFamily family_of(const sql::Row& row) {
  RefreshFamily family;
  family.id = row.id(13);
  family.grant = row.id(14);
  family.counter = row.integer(15);
  family.rotated_at = from_micros(row.integer(16));
  family.mac_kid = row.text(17);
  family.storage_epoch = row.integer(18);
  family.idle_expires_at = from_micros(row.integer(19));
  family.expires_at = from_micros(row.integer(20));
  return family;
}

sql::Operation move_counter(sql::Text text, const RotatePlan& plan, std::int64_t storage_epoch) {
  sql::Operation operation;
  operation.push_back(sql::statement(text, plan.family, plan.from, plan.now, plan.mac_kid,
                                     plan.idle_expires_at, storage_epoch));
  return operation;
}

}  // namespace

Task<std::optional<Grant>> Grants::find(Id id) {
  const auto rows = co_await driver_.read(sql::statement(kFind, id));
  if (rows.empty()) co_return std::nullopt;
  co_return grant_of(rows[0]);
}

Task<std::optional<FamilyWithGrant>> Grants::find_family(Id family) {
  const auto rows = co_await driver_.read(sql::statement(kFindFamily, family));
  if (rows.empty()) co_return std::nullopt;
  co_return FamilyWithGrant{family_of(rows[0]), grant_of(rows[0])};
}

Task<Grants::Rotation> Grants::rotate(RotatePlan plan) {
  auto operation = move_counter(kRotate, plan, driver_.storage_epoch());
  const auto results = co_await driver_.commit(std::move(operation));
  co_return results[0].changed == 1 ? Rotation::rotated : Rotation::lost;
}

Task<Grants::Rotation> Grants::fast_forward(RotatePlan plan) {
  auto operation = move_counter(kFastForward, plan, driver_.storage_epoch());
  const auto results = co_await driver_.commit(std::move(operation));
  co_return results[0].changed == 1 ? Rotation::rotated : Rotation::lost;
}

Task<bool> Grants::revoke(Id grant, std::string because, Time now) {
  sql::Operation operation;
  operation.push_back(
      sql::statement("UPDATE grants SET revoked_at = $2, revoked_because = $3 "
                     "WHERE id = $1 AND revoked_at IS NULL",
                     grant, now, because));
  const auto results = co_await driver_.commit(std::move(operation));
  co_return results[0].changed == 1;
}

Task<std::size_t> Grants::revoke_all_of_client(std::string client_id, std::string because,
                                               Time now) {
  // A rare act of an operator: it reads every grant rather than cost every redemption an index.
  sql::Operation operation;
  operation.push_back(
      sql::statement("UPDATE grants SET revoked_at = $2, revoked_because = $3 "
                     "WHERE client_id = $1 AND revoked_at IS NULL",
                     client_id, now, because));
  const auto results = co_await driver_.commit(std::move(operation));
  co_return static_cast<std::size_t>(results[0].changed);
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
