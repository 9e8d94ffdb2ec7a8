#include "store/postgres/incarnation.hpp"

#include <charconv>

#include "store/sql/statement.hpp"

namespace claviger::store::postgres {
namespace {

// Both may be asked by any role. The last checkpoint's timeline would be the old one for a while
// after a promotion; the log that is written to is never behind.
constexpr std::string_view kAsk =
    "SELECT system_identifier::text, substr(pg_walfile_name(pg_current_wal_lsn()), 1, 8) "
    "FROM pg_control_system()";

// The loser of two nodes waits for the row and finds it done. The server's own clock, since whoever
// asks first may be any node.
constexpr std::string_view kRaise =
    "UPDATE store SET incarnation = $1, "
    "storage_epoch = CASE WHEN incarnation = '' THEN storage_epoch ELSE storage_epoch + 1 END, "
    "epoch_since = CASE WHEN incarnation = '' THEN epoch_since "
    "ELSE CAST(extract(epoch FROM clock_timestamp()) * 1000000 AS bigint) END "
    "WHERE incarnation <> $1";
constexpr std::string_view kLook = "SELECT storage_epoch, incarnation FROM store";

struct Answer {
  std::vector<sql::StatementResult> results;
  std::optional<Refused> refused;
};

Task<Answer> run(Link& link, std::vector<const sql::Statement*> statements) {
  Answer answer;
  for (const auto* statement : statements) {
    answer.refused = co_await link.prepare(*statement);
    if (answer.refused) co_return answer;
  }
  const auto exchange = co_await link.exchange(std::move(statements));
  if (!exchange.lost.empty()) throw LinkLost(exchange.lost);
  for (const auto& result : exchange.results) {
    answer.refused = refusal_of(*result);
    if (answer.refused) co_return answer;
    answer.results.push_back(rows_of(*result));
  }
  co_return answer;
}

// "7711088322570933742:2"
std::string incarnation_of(const sql::Row& row) {
  const auto& hex = row.text(1);
  std::uint32_t timeline = 0;
  std::from_chars(hex.data(), hex.data() + hex.size(), timeline, 16);
  return row.text(0) + ":" + std::to_string(timeline);
}

// Empty when the database has no such functions or keeps them to itself: then an operator has to
// say when it is another one.
Task<std::string> ask(Link& link) {
  const sql::Statement question{kAsk, {}};
  std::vector<const sql::Statement*> one{&question};
  const auto answer = co_await run(link, std::move(one));
  if (!answer.refused) co_return incarnation_of(answer.results.at(0).rows.at(0));
  if (!answer.refused->is_our_fault()) throw LinkLost(answer.refused->sentence);
  co_return "";
}

}  // namespace

Task<Recognised> recognise(Link& link) {
  Recognised recognised;
  recognised.incarnation = co_await ask(link);
  const sql::Statement raise{kRaise, {recognised.incarnation}};
  const sql::Statement look{kLook, {}};
  const bool asks = !recognised.incarnation.empty();
  std::vector<const sql::Statement*> statements{&look};
  if (asks) statements.push_back(&raise);
  statements.push_back(&look);
  const auto answer = co_await run(link, std::move(statements));
  if (answer.refused) throw LinkLost(answer.refused->sentence);
  const auto& before = answer.results.front().rows.at(0);
  recognised.storage_epoch = answer.results.back().rows.at(0).integer(0);
  recognised.raised = asks && !before.text(1).empty() && answer.results.at(1).changed == 1;
  co_return recognised;
}

}  // namespace claviger::store::postgres
