#include "endpoints/device_sign_in.hpp"

#include "base/base64url.hpp"
#include "base/limits.hpp"
#include "base/reasons/device.hpp"
#include "base/reasons/endpoints.hpp"
#include "base/reasons/login.hpp"
#include "crypto/digest.hpp"
#include "endpoints/answers.hpp"
#include "endpoints/browser.hpp"
#include "endpoints/password_check.hpp"

namespace claviger::endpoints {

namespace {

// In place of a transaction's id, which never has a point: "device", then what binds the form to
// the browser, then the code.
constexpr std::string_view kWord = "device";
constexpr std::size_t kTypedMost = 32;

std::string csrf_token(const Digest& browser) {
  return base64url_encode(crypto::hmac_sha256(browser, as_bytes("device sign-in")));
}

// Nothing: it is none, or of another browser (login CSRF, RFC9700-4.7).
std::optional<std::string> typed_in(const Browser& browser, std::string_view txn) {
  if (browser.fresh || !txn.starts_with(kWord) || txn.size() <= kWord.size()) return {};
  const auto rest = txn.substr(kWord.size() + 1);
  const auto point = rest.find('.');
  if (point == std::string_view::npos) return {};
  const std::string expected = csrf_token(browser.hash);
  if (!crypto::constant_time_equal(as_bytes(expected), as_bytes(rest.substr(0, point)))) return {};
  const auto typed = rest.substr(point + 1);
  return std::string(typed.size() <= kTypedMost ? typed : "");
}

http::Response page(const Deps& deps, const http::Request& request, Browser browser,
                    std::string_view typed, pages::LoginView view, unsigned status) {
  view.txn = std::string(kWord) + "." + csrf_token(browser.hash) + "." + std::string(typed);
  auto response =
      http::html_response(status, deps.pages.login(view, locale_of(request)), http::Surface::page);
  if (browser.fresh) response.cookies.push_back(std::move(*browser.fresh));
  return response;
}

http::Response to_device(std::string_view typed) {
  const OwnPath path("/device");
  return http::redirect(http::Location(typed.empty() ? path : path.with("user_code", typed)));
}

// One attempt of somebody whose form is known to be this browser's.
struct Attempt {
  const Deps& deps;
  const http::Request& request;
  Browser browser;
  std::string typed;
  std::string username;
};

Task<http::Response> finish(const Attempt& attempt, User user) {
  const auto before = co_await find_signed_in(attempt.deps, attempt.request);
  auto cookies = co_await sign_in(attempt.deps, user, before);
  auto response = to_device(attempt.typed);
  std::move(cookies).add_to(response);
  co_return response;
}

// The same page for every cause; only the log knows which (PW-01).
http::Response ask_again(const Attempt& attempt, Error error) {
  pages::LoginView view;
  view.username = attempt.username;
  view.failed = true;
  auto response = page(attempt.deps, attempt.request, attempt.browser, attempt.typed,
                       std::move(view), status_of(ErrorCode::login_failed));
  response.refusal = std::move(error);
  return response;
}

http::Response ask_to_wait(const Attempt& attempt, std::chrono::seconds wait) {
  pages::LoginView view;
  view.username = attempt.username;
  view.wait_seconds = static_cast<int>(wait.count());
  auto response =
      page(attempt.deps, attempt.request, attempt.browser, attempt.typed, std::move(view), 429);
  response.headers.set("Retry-After", std::to_string(wait.count()));
  response.refusal = refuse(reason::login_throttled);
  return response;
}

Task<http::Response> check(const Attempt& attempt, Secret password) {
  const auto& [deps, request, browser, typed, username] = attempt;
  if (username.empty() || password.empty() || password.size() > limits::kPasswordMaxBytes) {
    co_return ask_again(attempt, refuse(reason::login_incomplete));
  }
  auto checked = co_await check_password(deps, username, password, request.client_ip);
  if (auto* user = std::get_if<User>(&checked)) {
    co_return co_await finish(attempt, std::move(*user));
  }
  if (auto* wrong = std::get_if<WrongPassword>(&checked)) {
    co_return ask_again(attempt, wrong->error);
  }
  if (auto* wait = std::get_if<Wait>(&checked)) co_return ask_to_wait(attempt, wait->seconds);
  auto response = error_page(deps, request, refuse(reason::hashing_busy));
  response.status = 503;
  response.headers.set("Retry-After", "2");
  co_return response;
}

}  // namespace

http::Response to_device_sign_in(std::string_view typed) {
  auto path = OwnPath("/login").with("txn", kWord);
  if (!typed.empty()) path = path.with("user_code", typed);
  return http::redirect(http::Location(path));
}

bool is_device_sign_in(std::optional<std::string_view> txn) {
  return txn && (*txn == kWord || txn->starts_with("device."));
}

Task<http::Response> serve_device_sign_in_page(const Deps& deps, const http::Request& request,
                                               const Form& query) {
  auto typed = std::string(query.get("user_code").value_or(""));
  if (typed.size() > kTypedMost) typed.clear();
  co_return page(deps, request, identify_browser(deps, request), typed, {}, 200);
}

Task<http::Response> serve_device_sign_in(const Deps& deps, const http::Request& request,
                                          const Form& form) {
  const auto browser = identify_browser(deps, request);
  const auto typed = typed_in(browser, form.get("txn").value_or(""));
  if (!typed) {
    auto response = error_page(deps, request, refuse(reason::device_csrf));
    response.status = 403;
    co_return response;
  }
  if (form.get("action") == "cancel") co_return http::redirect(http::Location(OwnPath("/")));
  std::string username(form.get("username").value_or(""));
  if (username.size() > limits::kUserFieldBytes) username.clear();
  const Attempt attempt{deps, request, browser, *typed, std::move(username)};
  const Secret password(form.get("password").value_or(""));
  co_return co_await check(attempt, password);
}

}  // namespace claviger::endpoints
