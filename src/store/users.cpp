#include "store/users.hpp"

#include <algorithm>

#include "store/endings.hpp"
#include "store/topics.hpp"
#include "store/user_rows.hpp"

namespace claviger::store {
namespace {

constexpr std::string_view kSelect = "SELECT ";
constexpr std::string_view kFrom = ", password_hash FROM users ";
constexpr std::string_view kBySub = "WHERE sub = $1";
// The user name goes first: somebody's user name may be another's email.
constexpr std::string_view kByLogin =
    "WHERE username_key = $1 OR email_key = $2 "
    "ORDER BY CASE WHEN username_key = $1 THEN 0 ELSE 1 END LIMIT 1";
constexpr std::string_view kBehind = "WHERE sub > $1 ORDER BY sub LIMIT $2";

// Only the call that changed the user ends sessions: those that began before its change.
constexpr const char* kEndSessions =
    "UPDATE sessions SET ended_at = $2, ended_by = $3 WHERE sub = $1 AND ended_at IS NULL AND "
    "EXISTS "
    "(SELECT 1 FROM users WHERE sub = $1 AND changed_by = $3)";

void end_sessions(sql::Operation& operation, const std::string& sub, const Id& op, Time now) {
  operation.push_back(sql::statement(kEndSessions, sub, now, op));
  add_end_of_sessions(operation, op, now);
}

std::optional<std::string> unique(std::string email_key) {
  if (email_key.empty()) return {};
  return email_key;
}

User user_of(sql::Row& row) {
  auto user = read_user(row, 0);
  user.password_hash = row.take_text(kUserColumnCount);
  return user;
}

std::optional<User> first_of(std::vector<sql::Row> rows) {
  if (rows.empty()) return {};
  return user_of(rows[0]);
}

}  // namespace

Task<std::optional<User>> Users::find(std::string sub) {
  constexpr auto kText = sql::kJoined<kSelect, kUserColumns, kFrom, kBySub>;
  co_return first_of(co_await driver_.read(sql::statement(kText, sub)));
}

Task<std::optional<User>> Users::find_by_login(std::string username_key, std::string email_key) {
  constexpr auto kText = sql::kJoined<kSelect, kUserColumns, kFrom, kByLogin>;
  co_return first_of(co_await driver_.read(sql::statement(kText, username_key, email_key)));
}

Task<std::vector<User>> Users::list(std::string after_sub, std::size_t limit) {
  constexpr auto kText = sql::kJoined<kSelect, kUserColumns, kFrom, kBehind>;
  auto rows = co_await driver_.read(sql::statement(kText, after_sub, limit));
  std::vector<User> users;
  for (auto& row : rows) users.push_back(user_of(row));
  co_return users;
}

Task<Users::Added> Users::add(User user, std::string username_key, std::string email_key) {
  const auto unique_email = unique(std::move(email_key));
  const Time updated_at = std::max(user.created_at, user.updated_at);
  sql::Operation operation;
  operation.push_back(sql::statement(
      "INSERT INTO users (sub, username, username_key, email, email_key, firstname, lastname, "
      "phone, password_hash, disabled, epoch, created_at, updated_at, email_verified, "
      "phone_verified, claims) VALUES "
      "($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16) "
      "ON CONFLICT DO NOTHING",
      user.sub, user.username, username_key, user.email, unique_email, user.firstname,
      user.lastname, user.phone, user.password_hash, user.disabled, user.epoch, user.created_at,
      updated_at, user.email_verified, user.phone_verified, boost::json::serialize(user.claims)));
  const auto results = co_await driver_.commit(std::move(operation));
  co_return results[0].changed == 1 ? Added::added : Added::exists;
}

Task<Users::Changed> Users::set_claims(User user, std::string email_key, Time now) {
  const auto unique_email = unique(std::move(email_key));
  sql::Operation operation;
  operation.push_back(sql::statement(
      "UPDATE users SET email = $2, email_key = $3, firstname = $4, lastname = $5, phone = $6, "
      "email_verified = $7, phone_verified = $8, claims = $9, updated_at = $10 WHERE sub = $1 "
      "AND NOT EXISTS (SELECT 1 FROM users o WHERE o.email_key = $3 AND o.sub <> $1)",
      user.sub, user.email, unique_email, user.firstname, user.lastname, user.phone,
      user.email_verified, user.phone_verified, boost::json::serialize(user.claims), now));
  operation.push_back(sql::statement("SELECT 1 FROM users WHERE sub = $1", user.sub));
  const auto results = co_await driver_.commit(std::move(operation));
  if (results[0].changed == 1) co_return Changed::changed;
  co_return results[1].rows.empty() ? Changed::unknown : Changed::taken;
}

Task<bool> Users::set_password(std::string sub, std::string phc, Time now) {
  const Id op = sql::fresh_op(random_);
  sql::Operation operation;
  operation.push_back(sql::statement(
      "UPDATE users SET password_hash = $2, epoch = epoch + 1, changed_by = $3 WHERE sub = $1", sub,
      phc, op));
  end_sessions(operation, sub, op, now);
  const auto results = co_await driver_.commit(std::move(operation));
  driver_.announce(kLogoutsTopic);
  co_return results[0].changed == 1;
}

Task<bool> Users::rehash(std::string sub, std::string old_phc, std::string new_phc) {
  sql::Operation operation;
  operation.push_back(
      sql::statement("UPDATE users SET password_hash = $3 WHERE sub = $1 AND password_hash = $2",
                     sub, old_phc, new_phc));
  const auto results = co_await driver_.commit(std::move(operation));
  co_return results[0].changed == 1;
}

Task<bool> Users::set_disabled(std::string sub, bool disabled, Time now) {
  const Id op = sql::fresh_op(random_);
  sql::Operation operation;
  operation.push_back(sql::statement(
      "UPDATE users SET disabled = $2, epoch = epoch + $2, changed_by = $3 WHERE sub = $1", sub,
      disabled, op));
  if (disabled) end_sessions(operation, sub, op, now);
  const auto results = co_await driver_.commit(std::move(operation));
  if (disabled) driver_.announce(kLogoutsTopic);
  co_return results[0].changed == 1;
}

}  // namespace claviger::store
