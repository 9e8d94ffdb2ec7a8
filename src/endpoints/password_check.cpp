#include "endpoints/password_check.hpp"

#include "base/reasons/login.hpp"
#include "endpoints/hashing.hpp"

namespace claviger::endpoints {

namespace {

// How long a failure counts: twice the longest wait after the last one, the slate is clean.
Time forget_before(const Deps& deps, Time now) { return now - 2 * deps.login_policy.longest_wait; }

Task<std::optional<User>> find_by_login(const Deps& deps, const std::string& login) {
  const auto folded = protocol::fold_username(login);
  if (!folded) co_return std::nullopt;
  co_return co_await deps.store.users.find_by_login(*folded, protocol::fold_email(login));
}

// Counts the try before it is made, so that many at once can't share one free failure. Zero: go on.
Task<std::chrono::seconds> count_try(const Deps& deps, Digest key) {
  const Time now = deps.clock.now();
  const auto before = co_await deps.store.throttles.find(key);
  const std::int64_t known = before ? before->failures : 0;
  if (before) {
    const auto wait = protocol::login_wait(known, before->last_failure, deps.login_policy, now);
    if (wait.count() > 0) co_return wait;
  }
  const auto counted = co_await deps.store.throttles.count(key, now, forget_before(deps, now));
  const bool others_came_between = counted > known + 1;
  if (others_came_between) co_return protocol::login_wait(counted - 1, now, deps.login_policy, now);
  co_return std::chrono::seconds(0);
}

// Hashes again when the configured cost has changed since (PW-14).
Task<void> refresh_hash(const Deps& deps, const User& user, Secret password, std::string source) {
  if (!crypto::needs_rehash(user.password_hash, deps.password_cost)) co_return;
  auto hash = [password, cost = deps.password_cost] {
    return crypto::hash_password(password, cost);
  };
  const auto phc = co_await run_hash(deps, std::move(hash), std::move(source));
  if (phc) co_await deps.store.users.rehash(user.sub, user.password_hash, *phc);
}

LoginResult result_of(const PasswordCheck& checked) {
  if (std::holds_alternative<User>(checked)) return LoginResult::success;
  if (std::holds_alternative<Wait>(checked)) return LoginResult::throttled;
  if (std::holds_alternative<Busy>(checked)) return LoginResult::busy;
  return LoginResult::failure;
}

Task<PasswordCheck> check(const Deps& deps, std::string login, Secret password,
                          std::string source) {
  const auto user = co_await find_by_login(deps, login);
  const Digest key = protocol::throttle_key(user ? user->sub : "?" + login, source);
  const auto wait = co_await count_try(deps, key);
  if (wait.count() > 0) co_return Wait{wait};

  const auto normal = protocol::normalise_password(password);
  const bool has_hash = user && !user->password_hash.empty();
  const std::string phc = has_hash ? user->password_hash : crypto::decoy_hash(deps.password_cost);
  auto verify = [phc, tried = normal.value_or(Secret("-"))] {
    return crypto::verify_password(phc, tried);
  };
  const auto verified = co_await run_hash(deps, std::move(verify), source);
  if (!verified) co_return Busy{};

  if (!user) co_return WrongPassword{refuse(reason::login_unknown_user)};
  if (!has_hash) co_return WrongPassword{refuse(reason::login_no_password)};
  if (!*verified || !normal) co_return WrongPassword{refuse(reason::login_wrong_password)};
  if (user->disabled) co_return WrongPassword{refuse(reason::login_user_disabled)};
  co_await deps.store.throttles.clear(key);
  co_await refresh_hash(deps, *user, *normal, std::move(source));
  co_return *user;
}

}  // namespace

Task<PasswordCheck> check_password(const Deps& deps, std::string login, Secret password,
                                   std::string source) {
  auto checked = co_await check(deps, std::move(login), std::move(password), std::move(source));
  deps.metrics->signed_in(result_of(checked));
  co_return checked;
}

}  // namespace claviger::endpoints
