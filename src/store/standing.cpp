#include "store/standing.hpp"

#include "store/sql/statement.hpp"
#include "store/user_rows.hpp"

namespace claviger::store {
namespace {

constexpr std::string_view kComma = ", ";
static_assert(kStandingColumns.starts_with(sql::kJoined<kComma, sql::kOf<'u', kUserColumns>>),
              "read_user reads them");

constexpr std::string_view kNobody = "SELECT 0";
constexpr std::string_view kOfNoRow =
    " FROM store LEFT JOIN users u ON u.sub = $1 LEFT JOIN clients k ON k.client_id = $2 "
    "LEFT JOIN consents n ON n.sub = $1 AND n.client_id = $2 LEFT JOIN sessions s ON s.id = $3";

}  // namespace

Task<Standing> read_standing(Clients& clients, sql::Row& row, std::size_t first,
                             std::string client_id) {
  Standing standing;
  if (!row.is_null(first)) standing.user = std::make_shared<const User>(read_user(row, first));
  const std::size_t behind = first + kUserColumnCount;
  standing.consent_epoch = row.maybe_integer(behind + 2).value_or(0);
  standing.session_ended = !row.is_null(behind + 3);
  if (row.is_null(behind)) co_return standing;
  const Clients::Stamp stamp{row.integer(behind), row.integer(behind + 1)};
  standing.client = co_await clients.find_at(std::move(client_id), stamp);
  co_return standing;
}

Task<Standing> Standings::find(std::string sub, std::string client_id, Id session) {
  constexpr auto kText = sql::kJoined<kNobody, kStandingColumns, kOfNoRow>;
  auto rows = co_await driver_.read(sql::statement(kText, sub, client_id, session));
  co_return co_await read_standing(clients_, rows.at(0), 1, std::move(client_id));
}

Task<Standings::Alone> Standings::find_alone(std::string client_id, std::string jti) {
  const auto rows = co_await driver_.read(sql::statement(
      "SELECT CASE WHEN EXISTS (SELECT 1 FROM denied_tokens WHERE jti = $2) THEN 1 ELSE 0 END, "
      "k.version, k.epoch FROM store LEFT JOIN clients k ON k.client_id = $1",
      client_id, jti));
  const auto& row = rows.at(0);
  Alone alone{{}, row.integer(0) != 0};
  if (row.is_null(1)) co_return alone;
  const Clients::Stamp stamp{row.integer(1), row.integer(2)};
  alone.client = co_await clients_.find_at(std::move(client_id), stamp);
  co_return alone;
}

}  // namespace claviger::store
