#include "store/consents.hpp"

#include "store/sql/statement.hpp"

namespace claviger::store {
namespace {

constexpr std::string_view kSelect =
    "SELECT c.sub, c.client_id, c.epoch, c.granted_at, s.scope FROM consents c "
    "LEFT JOIN consent_scopes s ON s.sub = c.sub AND s.client_id = c.client_id "
    "WHERE c.granted_at IS NOT NULL AND c.sub = $1 ";
constexpr std::string_view kOfClient = "AND c.client_id = $2 ";
constexpr std::string_view kOrder = "ORDER BY c.client_id, s.scope";

// The rows of one consent stand together, one for each scope.
std::vector<Consent> consents_of(const std::vector<sql::Row>& rows) {
  std::vector<Consent> consents;
  for (const auto& row : rows) {
    if (consents.empty() || consents.back().client_id != row.text(1)) {
      consents.push_back(
          {row.text(0), row.text(1), {}, row.integer(2), from_micros(row.integer(3))});
    }
    if (auto scope = row.maybe_text(4)) consents.back().scopes.push_back(std::move(*scope));
  }
  return consents;
}

}  // namespace

Task<std::optional<Consent>> Consents::find(std::string sub, std::string client_id) {
  constexpr auto kText = sql::kJoined<kSelect, kOfClient, kOrder>;
  const auto rows = co_await driver_.read(sql::statement(kText, sub, client_id));
  auto consents = consents_of(rows);
  if (consents.empty()) co_return std::nullopt;
  co_return std::move(consents[0]);
}

Task<std::int64_t> Consents::epoch(std::string sub, std::string client_id) {
  const auto rows = co_await driver_.read(sql::statement(
      "SELECT epoch FROM consents WHERE sub = $1 AND client_id = $2", sub, client_id));
  co_return rows.empty() ? 0 : rows[0].integer(0);
}

Task<std::vector<Consent>> Consents::list(std::string sub) {
  constexpr auto kText = sql::kJoined<kSelect, kOrder>;
  const auto rows = co_await driver_.read(sql::statement(kText, sub));
  co_return consents_of(rows);
}

Task<bool> Consents::withdraw(std::string sub, std::string client_id, Time) {
  const Id op = sql::fresh_op(random_);
  sql::Operation operation;
  operation.push_back(
      sql::statement("UPDATE consents SET epoch = epoch + 1, granted_at = NULL, changed_by = $3 "
                     "WHERE sub = $1 AND client_id = $2",
                     sub, client_id, op));
  operation.push_back(sql::statement(
      "DELETE FROM consent_scopes WHERE sub = $1 AND client_id = $2 AND EXISTS "
      "(SELECT 1 FROM consents WHERE sub = $1 AND client_id = $2 AND changed_by = $3)",
      sub, client_id, op));
  const auto results = co_await driver_.commit(std::move(operation));
  co_return results[0].changed == 1;
}

}  // namespace claviger::store
