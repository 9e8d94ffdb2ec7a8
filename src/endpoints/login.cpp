#include "endpoints/login.hpp"

#include "base/limits.hpp"
#include "base/reasons/endpoints.hpp"
#include "base/reasons/login.hpp"
#include "endpoints/answers.hpp"
#include "endpoints/authorize.hpp"
#include "endpoints/browser.hpp"
#include "endpoints/device_sign_in.hpp"
#include "endpoints/password_check.hpp"

namespace claviger::endpoints {

namespace {

Task<pages::LoginView> login_view(const Deps& deps, const Transaction& transaction) {
  const auto client = co_await deps.store.clients.find(transaction.client_id);
  pages::LoginView view;
  view.txn = transaction.id.text();
  if (client) view.client = client_view(*client, transaction.redirect_uri);
  view.username = transaction.login_hint;
  view.reauthenticate = transaction.must_login || transaction.max_age.has_value();
  view.can_sign_up = deps.policy.registration_open;
  co_return view;
}

http::Response login_page(const Deps& deps, const http::Request& request,
                          const pages::LoginView& view, const Transaction& transaction,
                          unsigned status) {
  const auto locale = locale_of(request, transaction.ui_locales);
  auto response =
      http::html_response(status, deps.pages.login(view, locale), http::Surface::page_to_client);
  response.client_id = transaction.client_id;
  return response;
}

// The same page for every cause; only the log knows which (PW-01).
Task<http::Response> ask_again(const Deps& deps, const http::Request& request,
                               Transaction transaction, std::string typed, Error error) {
  auto view = co_await login_view(deps, transaction);
  view.username = std::move(typed);
  view.failed = true;
  auto response = login_page(deps, request, view, transaction, status_of(ErrorCode::login_failed));
  response.refusal = std::move(error);
  co_return response;
}

Task<http::Response> ask_to_wait(const Deps& deps, const http::Request& request,
                                 Transaction transaction, std::string typed,
                                 std::chrono::seconds wait) {
  auto view = co_await login_view(deps, transaction);
  view.username = std::move(typed);
  view.wait_seconds = static_cast<int>(wait.count());
  auto response = login_page(deps, request, view, transaction, 429);
  response.headers.set("Retry-After", std::to_string(wait.count()));
  response.refusal = refuse(reason::login_throttled);
  co_return response;
}

}  // namespace

Task<http::Response> serve_login_page(const Deps& deps, const http::Request& request) {
  const auto query = Form::parse(request.query, limits::kFormFields);
  if (!query) co_return error_page(deps, request, refuse(reason::query_malformed));
  if (is_device_sign_in(query->get("txn"))) {
    co_return co_await serve_device_sign_in_page(deps, request, *query);
  }
  auto transaction = co_await find_transaction(deps, request, query->get("txn"));
  if (!transaction) co_return restart_page(deps, request, transaction.error());
  const auto view = co_await login_view(deps, *transaction);
  co_return login_page(deps, request, view, *transaction, 200);
}

Task<http::Response> serve_login(const Deps& deps, const http::Request& request) {
  const auto form = Form::parse(request.body, limits::kFormFields);
  if (!form) co_return error_page(deps, request, refuse(reason::form_malformed));
  if (is_device_sign_in(form->get("txn"))) {
    co_return co_await serve_device_sign_in(deps, request, *form);
  }
  auto transaction = co_await find_transaction(deps, request, form->get("txn"));
  if (!transaction) co_return restart_page(deps, request, transaction.error());
  if (form->get("action") == "cancel") {
    co_return co_await answer_denied(deps, request, std::move(*transaction),
                                     refuse(reason::login_cancelled));
  }
  std::string typed(form->get("username").value_or(""));
  if (typed.size() > limits::kUserFieldBytes) typed.clear();
  const Secret password(form->get("password").value_or(""));
  if (typed.empty() || password.empty() || password.size() > limits::kPasswordMaxBytes) {
    co_return co_await ask_again(deps, request, std::move(*transaction), typed,
                                 refuse(reason::login_incomplete));
  }
  auto checked = co_await check_password(deps, typed, password, request.client_ip);
  if (auto* user = std::get_if<User>(&checked)) {
    co_return co_await answer_signed_in(deps, request, std::move(*transaction), std::move(*user));
  }
  if (auto* wrong = std::get_if<WrongPassword>(&checked)) {
    co_return co_await ask_again(deps, request, std::move(*transaction), typed, wrong->error);
  }
  if (auto* wait = std::get_if<Wait>(&checked)) {
    co_return co_await ask_to_wait(deps, request, std::move(*transaction), typed, wait->seconds);
  }
  auto response = error_page(deps, request, refuse(reason::hashing_busy));
  response.status = 503;
  response.headers.set("Retry-After", "2");
  co_return response;
}

}  // namespace claviger::endpoints
