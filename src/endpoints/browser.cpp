#include "endpoints/browser.hpp"

#include "base/base64url.hpp"
#include "base/reasons/authorize.hpp"
#include "base/reasons/endpoints.hpp"
#include "crypto/digest.hpp"
#include "endpoints/session_state.hpp"
#include "protocol/acr.hpp"

namespace claviger::endpoints {

namespace {

constexpr std::size_t kCookieChars = 43;  // 32 bytes in base64url

// A cookie of another length than ours is none: it is neither hashed nor looked up.
std::optional<std::string_view> own_cookie(const http::Request& request, const std::string& name) {
  const auto value = request.cookie(name);
  return value && value->size() == kCookieChars ? value : std::nullopt;
}

http::Cookie make_cookie(const Deps& deps, const std::string& name, std::string value) {
  http::Cookie cookie;
  cookie.name = name;
  cookie.value = std::move(value);
  cookie.secure = deps.cookies.secure;
  return cookie;
}

http::Cookie session_cookie(const Deps& deps, std::string value) {
  auto cookie = make_cookie(deps, deps.cookies.session, std::move(value));
  if (deps.cookies.same_site_none) cookie.same_site = http::SameSite::none;
  return cookie;
}

std::string random_value(const Deps& deps) {
  const auto bytes = deps.random.bytes<32>();
  return base64url_encode(bytes);
}

}  // namespace

Browser identify_browser(const Deps& deps, const http::Request& request) {
  Browser browser;
  if (const auto value = own_cookie(request, deps.cookies.browser)) {
    browser.hash = crypto::sha256(*value);
    return browser;
  }
  auto cookie = make_cookie(deps, deps.cookies.browser, random_value(deps));
  browser.hash = crypto::sha256(cookie.value);
  browser.fresh = std::move(cookie);
  return browser;
}

bool began(const Deps& deps, const http::Request& request, const Transaction& transaction) {
  const auto value = own_cookie(request, deps.cookies.browser);
  return value && crypto::constant_time_equal(crypto::sha256(*value), transaction.browser_hash);
}

Task<std::optional<SignedIn>> find_signed_in(const Deps& deps, const http::Request& request) {
  const auto cookie = own_cookie(request, deps.cookies.session);
  if (!cookie) co_return std::nullopt;
  const Time now = deps.clock.now();
  const Digest hash = crypto::sha256(*cookie);
  auto found = co_await deps.store.sessions.find_live_with_user(hash, now);
  if (!found) co_return std::nullopt;
  auto& [session, user] = *found;
  if (!user || user->disabled || user->epoch != session.user_epoch) co_return std::nullopt;
  // At most one write a minute for a session that is in use.
  const Time idle = std::min(now + deps.session_policy.idle, session.expires_at);
  if (idle - session.idle_expires_at > std::chrono::minutes(1)) {
    co_await deps.store.sessions.touch(session.id, idle);
  }
  co_return SignedIn{std::move(session), std::move(*user)};
}

void SignInCookies::add_to(http::Response& response) && {
  response.cookies.push_back(std::move(session));
  response.cookies.push_back(std::move(op_state));
}

namespace {

Session new_session(const Deps& deps, const User& user, const store::Sessions::SignIn& sign_in,
                    Time now) {
  Session session;
  session.id = Id::make(now, deps.random);
  session.cookie_hash = sign_in.cookie_hash;
  session.sub = user.sub;
  session.user_epoch = user.epoch;
  session.auth_time = sign_in.auth_time;
  session.acr = sign_in.acr;
  session.amr = sign_in.amr;
  session.created_at = now;
  session.idle_expires_at = sign_in.idle_expires_at;
  session.expires_at = now + deps.session_policy.lifetime;
  return session;
}

}  // namespace

Task<SignInCookies> sign_in(const Deps& deps, const User& user,
                            const std::optional<SignedIn>& before) {
  const Time now = deps.clock.now();
  SignInCookies cookies{session_cookie(deps, random_value(deps)), fresh_op_state(deps)};
  store::Sessions::SignIn fresh;
  fresh.cookie_hash = crypto::sha256(cookies.session.value);
  fresh.auth_time = now;
  fresh.acr = protocol::kAcrPassword;
  fresh.amr = {std::string(protocol::kAmrPassword)};
  fresh.idle_expires_at = now + deps.session_policy.idle;
  auto session = new_session(deps, user, fresh, now);
  if (before && before->user.sub == user.sub) {
    const bool kept =
        co_await deps.store.sessions.reauthenticate(before->session.id, std::move(fresh));
    if (kept) co_return cookies;
  }
  std::optional<Id> replaces;
  if (before) replaces = before->session.id;
  co_await deps.store.sessions.start(std::move(session), replaces);
  if (replaces) deps.logout_due();
  co_return cookies;
}

http::Cookie signed_out_cookie(const Deps& deps) {
  auto cookie = session_cookie(deps, "");
  cookie.max_age = std::chrono::seconds(0);
  return cookie;
}

void add_signed_out_cookies(const Deps& deps, http::Response& response) {
  response.cookies.push_back(signed_out_cookie(deps));
  response.cookies.push_back(fresh_op_state(deps));
}

Task<Result<Transaction>> find_transaction(const Deps& deps, const http::Request& request,
                                           std::optional<std::string_view> txn) {
  const auto id = txn ? Id::parse(*txn) : std::nullopt;
  if (!id) co_return refused(reason::transaction_malformed);
  auto transaction = co_await deps.store.transactions.find(*id);
  if (!transaction) co_return refused(reason::transaction_unknown);
  if (!began(deps, request, *transaction)) co_return refused(reason::transaction_foreign);
  if (transaction->of_another_epoch) co_return refused(reason::transaction_other_epoch);
  if (transaction->finished_at) co_return refused(reason::transaction_finished);
  if (transaction->expires_at <= deps.clock.now()) co_return refused(reason::transaction_expired);
  co_return std::move(*transaction);
}

}  // namespace claviger::endpoints
