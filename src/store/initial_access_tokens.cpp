#include "store/initial_access_tokens.hpp"

#include "store/epoch_sql.hpp"
#include "store/sql/statement.hpp"

namespace claviger::store {
namespace {

constexpr std::string_view kSelect =
    "SELECT selector, verifier_hash, profile, uses_left, created_at, expires_at";
constexpr std::string_view kFrom = "FROM initial_access_tokens ";
constexpr std::string_view kBySelector = "WHERE selector = $1";
constexpr std::string_view kInOrder = "ORDER BY selector";
constexpr std::string_view kUse =
    "UPDATE initial_access_tokens SET uses_left = uses_left - 1 "
    "WHERE selector = $1 AND uses_left > 0 AND expires_at > $2 AND ";

InitialAccessToken token_of(const sql::Row& row) {
  InitialAccessToken token;
  token.selector = row.id(0);
  token.verifier_hash = row.digest(1);
  if (const auto word = row.maybe_text(2)) {
    token.profile = parse_profile(*word);
    if (!token.profile) throw std::logic_error("an initial access token's profile is unknown");
  }
  token.uses_left = row.integer(3);
  token.created_at = from_micros(row.integer(4));
  token.expires_at = from_micros(row.integer(5));
  token.of_another_epoch = row.integer(6) != 0;
  return token;
}

}  // namespace

Task<void> InitialAccessTokens::add(InitialAccessToken token) {
  std::optional<std::string_view> profile;
  if (token.profile) profile = to_string(*token.profile);
  sql::Operation operation;
  operation.push_back(sql::statement(
      "INSERT INTO initial_access_tokens (selector, verifier_hash, profile, "
      "uses_left, created_at, expires_at, storage_epoch) VALUES ($1, $2, $3, $4, $5, "
      "$6, (SELECT storage_epoch FROM store))",
      token.selector, token.verifier_hash, profile, token.uses_left, token.created_at,
      token.expires_at));
  co_await driver_.commit(std::move(operation));
}

Task<std::optional<InitialAccessToken>> InitialAccessTokens::find(Id selector) {
  constexpr auto kText = sql::kJoined<kSelect, kMadeInOtherEpochColumn, kFrom, kBySelector>;
  const auto rows = co_await driver_.read(sql::statement(kText, selector));
  if (rows.empty()) co_return std::nullopt;
  co_return token_of(rows[0]);
}

Task<std::vector<InitialAccessToken>> InitialAccessTokens::list() {
  constexpr auto kText = sql::kJoined<kSelect, kMadeInOtherEpochColumn, kFrom, kInOrder>;
  const auto rows = co_await driver_.read(sql::statement(kText));
  std::vector<InitialAccessToken> tokens;
  for (const auto& row : rows) tokens.push_back(token_of(row));
  co_return tokens;
}

Task<bool> InitialAccessTokens::use(Id selector, Time now) {
  constexpr auto kText = sql::kJoined<kUse, kMadeInThisEpoch>;
  sql::Operation operation;
  operation.push_back(sql::statement(kText, selector, now));
  const auto results = co_await driver_.commit(std::move(operation));
  co_return results[0].changed == 1;
}

Task<bool> InitialAccessTokens::remove(Id selector) {
  sql::Operation operation;
  operation.push_back(
      sql::statement("DELETE FROM initial_access_tokens WHERE selector = $1", selector));
  const auto results = co_await driver_.commit(std::move(operation));
  co_return results[0].changed == 1;
}

}  // namespace claviger::store
