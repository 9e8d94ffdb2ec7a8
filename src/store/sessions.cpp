#include "store/sessions.hpp"

#include "store/endings.hpp"
#include "store/user_rows.hpp"

namespace claviger::store {
namespace {

constexpr std::string_view kSelect = "SELECT ";
constexpr std::string_view kColumns =
    "id, cookie_hash, sub, user_epoch, auth_time, created_at, idle_expires_at, expires_at, "
    "ended_at, acr, amr";
constexpr std::size_t kColumnCount = 11;
constexpr std::string_view kFrom = " FROM sessions ";
constexpr std::string_view kById = "WHERE id = $1";
constexpr std::string_view kLive =
    "WHERE cookie_hash = $1 AND ended_at IS NULL AND idle_expires_at > $2 AND expires_at > $2";
constexpr std::string_view kComma = ", ";
constexpr std::string_view kWithUser = " FROM sessions a LEFT JOIN users u ON u.sub = a.sub ";

Session session_of(sql::Row& row) {
  Session session;
  session.id = row.id(0);
  session.cookie_hash = row.digest(1);
  session.sub = row.take_text(2);
  session.user_epoch = row.integer(3);
  session.auth_time = from_micros(row.integer(4));
  session.created_at = from_micros(row.integer(5));
  session.idle_expires_at = from_micros(row.integer(6));
  session.expires_at = from_micros(row.integer(7));
  if (const auto ended = row.maybe_integer(8)) session.ended_at = from_micros(*ended);
  session.acr = row.take_text(9);
  session.amr = sql::text_to_words(row.text(10));
  return session;
}

std::optional<Session> first_of(std::vector<sql::Row> rows) {
  if (rows.empty()) return {};
  return session_of(rows[0]);
}

// One that expired is marked as well: what is bound to it survives expiry, but not a logout.
sql::Statement end_session(const Id& id, const Id& op, Time now) {
  return sql::statement(
      "UPDATE sessions SET ended_at = $2, ended_by = $3 WHERE id = $1 AND ended_at IS NULL "
      "RETURNING CASE WHEN idle_expires_at > $2 AND expires_at > $2 THEN 1 ELSE 0 END",
      id, now, op);
}

}  // namespace

Task<std::optional<Session>> Sessions::find(Id id) {
  constexpr auto kText = sql::kJoined<kSelect, kColumns, kFrom, kById>;
  co_return first_of(co_await driver_.read(sql::statement(kText, id)));
}

Task<std::optional<Session>> Sessions::find_live(Digest cookie_hash, Time now) {
  constexpr auto kText = sql::kJoined<kSelect, kColumns, kFrom, kLive>;
  co_return first_of(co_await driver_.read(sql::statement(kText, cookie_hash, now)));
}

Task<std::optional<SessionWithUser>> Sessions::find_live_with_user(Digest cookie_hash, Time now) {
  constexpr auto kText = sql::kJoined<kSelect, sql::kOf<'a', kColumns>, kComma,
                                      sql::kOf<'u', kUserColumns>, kWithUser, kLive>;
  auto rows = co_await driver_.read(sql::statement(kText, cookie_hash, now));
  if (rows.empty()) co_return std::nullopt;
  SessionWithUser found{session_of(rows[0]), {}};
  if (!rows[0].is_null(kColumnCount)) found.user = read_user(rows[0], kColumnCount);
  co_return found;
}

Task<std::int64_t> Sessions::count_live(Time now) {
  const auto rows = co_await driver_.read(
      sql::statement("SELECT count(*) FROM sessions WHERE expires_at > $1 AND idle_expires_at > $1 "
                     "AND ended_at IS NULL",
                     now));
  co_return rows.at(0).integer(0);
}

Task<void> Sessions::start(Session session, std::optional<Id> replaces) {
  sql::Operation operation;
  operation.push_back(
      sql::statement("INSERT INTO sessions (id, cookie_hash, sub, user_epoch, auth_time, "
                     "created_at, idle_expires_at, expires_at, acr, amr) "
                     "VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)",
                     session.id, session.cookie_hash, session.sub, session.user_epoch,
                     session.auth_time, session.created_at, session.idle_expires_at,
                     session.expires_at, session.acr, sql::words_to_text(session.amr)));
  if (replaces) {
    const Id op = sql::fresh_op(random_);
    operation.push_back(end_session(*replaces, op, session.created_at));
    add_end_of_sessions(operation, op, session.created_at);
  }
  co_await driver_.commit(std::move(operation));
}

Task<bool> Sessions::reauthenticate(Id id, SignIn again) {
  sql::Operation operation;
  operation.push_back(sql::statement(
      "UPDATE sessions SET cookie_hash = $2, auth_time = $3, idle_expires_at = $4, acr = $5, "
      "amr = $6 "
      "WHERE id = $1 AND ended_at IS NULL AND idle_expires_at > $3 AND expires_at > $3",
      id, again.cookie_hash, again.auth_time, again.idle_expires_at, again.acr,
      sql::words_to_text(again.amr)));
  const auto results = co_await driver_.commit(std::move(operation));
  co_return results[0].changed == 1;
}

Task<void> Sessions::touch(Id id, Time idle_expires_at) {
  // Two touches may arrive in the wrong order: the later expiry stays.
  sql::Operation operation;
  operation.push_back(
      sql::statement("UPDATE sessions SET idle_expires_at = $2 "
                     "WHERE id = $1 AND ended_at IS NULL AND idle_expires_at < $2",
                     id, idle_expires_at));
  co_await driver_.commit(std::move(operation));
}

Task<bool> Sessions::end(Id id, Time now) {
  const Id op = sql::fresh_op(random_);
  sql::Operation operation;
  operation.push_back(end_session(id, op, now));
  add_end_of_sessions(operation, op, now);
  const auto results = co_await driver_.commit(std::move(operation));
  co_return !results[0].rows.empty() && results[0].rows[0].integer(0) == 1;
}

Task<std::vector<std::string>> Sessions::clients(Id id) {
  const auto rows = co_await driver_.read(sql::statement(
      "SELECT client_id FROM session_clients WHERE session = $1 ORDER BY client_id", id));
  std::vector<std::string> clients;
  for (const auto& row : rows) clients.push_back(row.text(0));
  co_return clients;
}

}  // namespace claviger::store
