// Rows of grants, and the columns that they share with what they come from.
#pragma once
#include "store/codes.hpp"
#include "store/sql/statement.hpp"

namespace claviger::store {

inline constexpr std::string_view kAuthorizedColumns =
    "client_id, sub, session, scopes, resources, claims, auth_time, acr, amr, user_epoch, "
    "client_epoch, consent_epoch";
inline constexpr std::size_t kAuthorizedCount = 12;

// The values of kAuthorizedColumns.
void append_authorized(sql::Statement& statement, const Authorized& authorized);
void read_authorized(sql::Row& row, std::size_t first, Authorized& into);

inline constexpr std::string_view kInsertGrant = "INSERT INTO grants (";
inline constexpr std::string_view kGrantColumns =
    ", id, type, session_bound, parent, act, created_at, revoked_because, keep_until) ";
// As $1 to $20, for kInsertGrant kAuthorizedColumns kGrantColumns.
inline constexpr std::string_view kGrantValues =
    "$1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20";
void append_grant(sql::Statement& statement, const Grant& grant, Time keep_until);

inline constexpr std::string_view kInsertFamily =
    "INSERT INTO refresh_families (id, grant_id, counter, rotated_at, mac_kid, storage_epoch, "
    "idle_expires_at, expires_at) ";

// What a redemption makes of the row that it took: nothing unless the row has its mark `op`. The
// texts end in kIfTaken, and before it in the name of the table where the row stands.
inline constexpr std::string_view kGrantOfRow = ", $3, $4, $5, NULL, $6, $7, $8, $9 FROM ";
inline constexpr std::string_view kFamilyOfRow =
    "SELECT $3, $4, $5, $6, $7, (SELECT storage_epoch FROM store), $8, $9 FROM ";
inline constexpr std::string_view kIfTaken = " WHERE selector = $1 AND redeemed_by = $2";
sql::Statement grant_of_row(sql::Text text, const RedeemPlan& plan, const Id& op);
sql::Statement family_of_row(sql::Text text, const RedeemPlan& plan, const Id& op);
// The grant that the winner made, from the row's kAuthorizedColumns.
Grant redeemed_grant(const RedeemPlan& plan, sql::Row& row);

}  // namespace claviger::store
