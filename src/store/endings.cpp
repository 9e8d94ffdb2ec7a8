#include "store/endings.hpp"

namespace claviger::store {
namespace {

constexpr const char* kBecauseOfSession = "session_ended";

constexpr const char* kCascade =
    "UPDATE grants SET revoked_at = $2, revoked_because = $3, revoked_by = $1 "
    "WHERE revoked_at IS NULL AND id IN (WITH RECURSIVE below (id) AS ("
    "SELECT id FROM grants WHERE revoked_by = $1 "
    "UNION SELECT g.id FROM grants g JOIN below ON g.parent = below.id) SELECT id FROM below)";

constexpr const char* kRevokeBound =
    "UPDATE grants SET revoked_at = $2, revoked_because = $3, revoked_by = $1 "
    "WHERE session_bound = 1 AND revoked_at IS NULL "
    "AND session IN (SELECT id FROM sessions WHERE ended_by = $1)";

constexpr const char* kTellClients =
    "INSERT INTO logouts (session, client_id, sub, attempts, next_attempt_at, ended_at) "
    "SELECT c.session, c.client_id, s.sub, 0, $2, $2 FROM sessions s "
    "JOIN session_clients c ON c.session = s.id WHERE s.ended_by = $1 ON CONFLICT DO NOTHING";

constexpr const char* kWithdraw =
    "UPDATE consents SET epoch = epoch + 1, granted_at = NULL, changed_by = $1 "
    "WHERE client_id IN (SELECT client_id FROM clients WHERE removed_by = $1)";

constexpr const char* kForgetScopes =
    "DELETE FROM consent_scopes WHERE (sub, client_id) IN (SELECT sub, client_id FROM consents "
    "WHERE client_id IN (SELECT client_id FROM clients WHERE removed_by = $1) "
    "AND changed_by = $1)";

}  // namespace

void add_cascade(sql::Operation& operation, const Id& op, const std::string& because, Time now) {
  operation.push_back(sql::statement(kCascade, op, now, because));
}

void add_end_of_sessions(sql::Operation& operation, const Id& op, Time now) {
  operation.push_back(sql::statement(kRevokeBound, op, now, kBecauseOfSession));
  add_cascade(operation, op, kBecauseOfSession, now);
  operation.push_back(sql::statement(kTellClients, op, now));
}

void add_removal_of_clients(sql::Operation& operation, const Id& op) {
  operation.push_back(sql::statement(kWithdraw, op));
  operation.push_back(sql::statement(kForgetScopes, op));
  operation.push_back(sql::statement("DELETE FROM clients WHERE removed_by = $1", op));
}

}  // namespace claviger::store
