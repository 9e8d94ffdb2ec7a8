#include "store/logout_requests.hpp"

#include "store/sql/statement.hpp"

namespace claviger::store {
namespace {

LogoutRequest request_of(const sql::Row& row) {
  LogoutRequest request;
  request.id = row.id(0);
  request.client_id = row.text(1);
  request.post_logout_redirect_uri = row.text(2);
  request.state = row.maybe_text(3);
  if (auto sub = row.maybe_text(4)) {
    request.hint = HintedSession{std::move(*sub), row.maybe_text(5)};
  }
  request.ui_locales = row.text(6);
  request.created_at = from_micros(row.integer(7));
  request.expires_at = from_micros(row.integer(8));
  return request;
}

}  // namespace

Task<std::optional<LogoutRequest>> LogoutRequests::find(Id id) {
  const auto rows = co_await driver_.read(sql::statement(
      "SELECT id, client_id, post_logout_redirect_uri, state, hinted_sub, hinted_sid, ui_locales, "
      "created_at, expires_at FROM logout_requests WHERE id = $1",
      id));
  if (rows.empty()) co_return std::nullopt;
  co_return request_of(rows[0]);
}

Task<void> LogoutRequests::add(LogoutRequest request) {
  std::optional<std::string> sub;
  std::optional<std::string> sid;
  if (request.hint) {
    sub = request.hint->sub;
    sid = request.hint->sid;
  }
  sql::Operation operation;
  operation.push_back(sql::statement(
      "INSERT INTO logout_requests (id, client_id, post_logout_redirect_uri, state, hinted_sub, "
      "hinted_sid, ui_locales, created_at, expires_at) "
      "VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
      request.id, request.client_id, request.post_logout_redirect_uri, request.state, sub, sid,
      request.ui_locales, request.created_at, request.expires_at));
  co_await driver_.commit(std::move(operation));
}

}  // namespace claviger::store
