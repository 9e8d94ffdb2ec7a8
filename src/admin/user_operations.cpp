#include "admin/arguments.hpp"
#include "admin/nouns.hpp"
#include "admin/show.hpp"
#include "base/base64url.hpp"
#include "base/reasons/admin.hpp"
#include "protocol/registration/user.hpp"
#include "protocol/registration/user_claims.hpp"

namespace claviger::admin {

namespace json = boost::json;

namespace {

constexpr std::int64_t kMostListed = 1000;

// By sub, user name or email. The sub first: somebody may have chosen another's sub as a name.
Task<Result<User>> find_user(const Deps& deps, std::string who) {
  auto user = co_await deps.store.users.find(who);
  if (!user) {
    const auto username_key = protocol::fold_username(who).value_or("");
    const auto email_key = protocol::fold_email(who);
    user = co_await deps.store.users.find_by_login(username_key, email_key);
  }
  if (!user) co_return refused(reason::admin_user_unknown, "", who);
  co_return std::move(*user);
}

Task<Result<std::string>> hash(const Deps& deps, Secret password) {
  const auto normal = protocol::normalise_password(password).value_or(Secret());
  auto work = [normal, cost = deps.password_cost] { return crypto::hash_password(normal, cost); };
  auto phc = co_await run_on(deps.hashing, std::move(work));
  if (!phc) co_return refused(reason::admin_hashing_busy);
  co_return std::move(*phc);
}

Answer set_disabled(const Deps& deps, json::object arguments, bool disabled) {
  Arguments in(std::move(arguments), {"user"});
  auto who = in.text("user");
  if (in.fault()) co_return std::unexpected(*in.fault());
  auto user = co_await find_user(deps, std::move(who));
  if (!user) co_return std::unexpected(user.error());
  const bool done = co_await deps.store.users.set_disabled(user->sub, disabled, deps.clock.now());
  if (!done) co_return refused(reason::admin_user_unknown, "", user->sub);
  user->disabled = disabled;
  co_return show(*user);
}

}  // namespace

// {username, email?, firstname?, lastname?, phone?, claims?, password} -> the record. `claims` has
// the standard claims by their names; what it says goes before the other members.
Answer user_add(const Deps& deps, json::object arguments) {
  Arguments in(std::move(arguments),
               {"username", "email", "firstname", "lastname", "phone", "claims", "password"});
  const auto claims = in.maybe_object("claims");
  if (in.fault()) co_return std::unexpected(*in.fault());
  const json::value said =
      in.only({"username", "email", "firstname", "lastname", "phone", "password"});
  auto asked = protocol::parse_user_registration(said);
  if (!asked) co_return std::unexpected(asked.error());
  const auto set = protocol::set_user_claims(claims, protocol::Vouched::by_operator, asked->user);
  if (!set) co_return std::unexpected(set.error());
  const auto judged = protocol::judge_user_registration(*asked);
  if (!judged) co_return std::unexpected(judged.error());
  const auto phc = co_await hash(deps, asked->password);
  if (!phc) co_return std::unexpected(phc.error());
  User user = asked->user;
  user.sub = base64url_encode(deps.random.bytes<16>());
  user.password_hash = *phc;
  user.created_at = deps.clock.now();
  user.updated_at = user.created_at;
  const auto username_key = protocol::fold_username(user.username).value_or("");
  const auto email_key = protocol::fold_email(user.email);
  const auto added = co_await deps.store.users.add(user, username_key, email_key);
  if (added == store::Users::Added::exists) {
    co_return refused(reason::admin_user_exists, "", user.username);
  }
  co_return show(user);
}

// {user, claims} -> the record. Claims that are not named stay; null takes one away.
Answer user_set_claims(const Deps& deps, json::object arguments) {
  Arguments in(std::move(arguments), {"user", "claims"});
  auto who = in.text("user");
  const auto claims = in.maybe_object("claims");
  if (in.fault()) co_return std::unexpected(*in.fault());
  auto user = co_await find_user(deps, std::move(who));
  if (!user) co_return std::unexpected(user.error());
  const auto set = protocol::set_user_claims(claims, protocol::Vouched::by_operator, *user);
  if (!set) co_return std::unexpected(set.error());
  const auto judged = protocol::judge_user_record(*user);
  if (!judged) co_return std::unexpected(judged.error());
  const auto email_key = protocol::fold_email(user->email);
  const Time now = deps.clock.now();
  const auto changed = co_await deps.store.users.set_claims(*user, email_key, now);
  if (changed == store::Users::Changed::unknown) {
    co_return refused(reason::admin_user_unknown, "", user->sub);
  }
  if (changed == store::Users::Changed::taken) {
    co_return refused(reason::admin_user_exists, "", user->email);
  }
  user->updated_at = now;
  co_return show(*user);
}

// {after?, limit?} -> {users: [...], next?}; `next` is the `after` of the following page.
Answer user_list(const Deps& deps, json::object arguments) {
  Arguments in(std::move(arguments), {"after", "limit"});
  const std::string after = in.maybe_text("after").value_or("");
  const auto limit = static_cast<std::size_t>(in.maybe_number("limit", kMostListed).value_or(100));
  if (in.fault()) co_return std::unexpected(*in.fault());
  const auto users = co_await deps.store.users.list(after, limit);
  json::array shown;
  for (const auto& user : users) shown.push_back(show(user));
  json::object answer{{"users", std::move(shown)}};
  if (limit > 0 && users.size() == limit) answer["next"] = users.back().sub;
  co_return answer;
}

// {user, password} -> the record. The user's sessions and grants end.
Answer user_passwd(const Deps& deps, json::object arguments) {
  Arguments in(std::move(arguments), {"user", "password"});
  auto who = in.text("user");
  const auto password = in.maybe_secret("password").value_or(Secret());
  if (in.fault()) co_return std::unexpected(*in.fault());
  const auto user = co_await find_user(deps, std::move(who));
  if (!user) co_return std::unexpected(user.error());
  const auto judged = protocol::judge_user_registration({*user, password});
  if (!judged) co_return std::unexpected(judged.error());
  const auto phc = co_await hash(deps, password);
  if (!phc) co_return std::unexpected(phc.error());
  const bool done = co_await deps.store.users.set_password(user->sub, *phc, deps.clock.now());
  if (!done) co_return refused(reason::admin_user_unknown, "", user->sub);
  co_return show(*user);
}

// {user} -> the record. Sessions and grants end at once.
Answer user_disable(const Deps& deps, json::object arguments) {
  co_return co_await set_disabled(deps, std::move(arguments), true);
}

// {user} -> the record.
Answer user_enable(const Deps& deps, json::object arguments) {
  co_return co_await set_disabled(deps, std::move(arguments), false);
}

}  // namespace claviger::admin
