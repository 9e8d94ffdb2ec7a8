#include "endpoints/signup.hpp"

#include "base/base64url.hpp"
#include "base/limits.hpp"
#include "base/reasons/endpoints.hpp"
#include "base/reasons/signup.hpp"
#include "endpoints/answers.hpp"
#include "endpoints/authorize.hpp"
#include "endpoints/browser.hpp"
#include "endpoints/hashing.hpp"

namespace claviger::endpoints {

namespace {

// What was typed stands in the form again, but for what is too long to be any of it.
std::string typed(const std::string& value) {
  return value.size() <= limits::kUserFieldBytes ? value : std::string{};
}

Task<http::Response> sign_up_page(const Deps& deps, const http::Request& request,
                                  Transaction transaction, User user,
                                  std::optional<Error> problem) {
  const auto client = co_await deps.store.clients.find(transaction.client_id);
  pages::SignUpView view;
  view.txn = transaction.id.text();
  if (client) view.client = client_view(*client, transaction.redirect_uri);
  view.username = typed(user.username);
  view.email = typed(user.email);
  view.firstname = typed(user.firstname);
  view.lastname = typed(user.lastname);
  if (problem) view.problem = problem->reason->id;
  const auto locale = locale_of(request, transaction.ui_locales);
  auto response = http::html_response(problem ? 422 : 200, deps.pages.sign_up(view, locale),
                                      http::Surface::page_to_client);
  response.client_id = transaction.client_id;
  response.refusal = std::move(problem);
  co_return response;
}

http::Response closed_page(const Deps& deps, const http::Request& request) {
  auto response = error_page(deps, request, refuse(reason::registration_closed));
  response.status = 403;
  return response;
}

http::Response busy_page(const Deps& deps, const http::Request& request) {
  auto response = error_page(deps, request, refuse(reason::hashing_busy));
  response.status = 503;
  response.headers.set("Retry-After", "2");
  return response;
}

// Nothing: the hashing queue is full. The user comes back with an empty `sub` when somebody else
// has the name or the email.
Task<std::optional<User>> add_user(const Deps& deps, const http::Request& request,
                                   protocol::UserRegistration asked) {
  const auto username_key = protocol::fold_username(asked.user.username).value_or("");
  const auto email_key = protocol::fold_email(asked.user.email);
  const auto known = co_await deps.store.users.find_by_login(username_key, email_key);
  if (known) co_return User{};
  const auto password = protocol::normalise_password(asked.password).value_or(Secret());
  auto hash = [password, cost = deps.password_cost] {
    return crypto::hash_password(password, cost);
  };
  const auto phc = co_await run_hash(deps, std::move(hash), request.client_ip);
  if (!phc) co_return std::nullopt;
  User user = std::move(asked.user);
  user.sub = base64url_encode(deps.random.bytes<16>());
  user.password_hash = *phc;
  user.created_at = deps.clock.now();
  const auto added = co_await deps.store.users.add(user, username_key, email_key);
  if (added == store::Users::Added::exists) co_return User{};
  deps.log.write(LogLevel::notice, "user.registered",
                 {{"sub", user.sub}, {"ip", request.client_ip}});
  co_return user;
}

}  // namespace

Task<http::Response> serve_sign_up_page(const Deps& deps, const http::Request& request) {
  const auto query = Form::parse(request.query, limits::kFormFields);
  if (!query) co_return error_page(deps, request, refuse(reason::query_malformed));
  if (!deps.policy.registration_open) co_return closed_page(deps, request);
  auto transaction = co_await find_transaction(deps, request, query->get("txn"));
  if (!transaction) co_return restart_page(deps, request, transaction.error());
  User nobody;
  co_return co_await sign_up_page(deps, request, std::move(*transaction), std::move(nobody), {});
}

Task<http::Response> serve_sign_up(const Deps& deps, const http::Request& request) {
  const auto form = Form::parse(request.body, limits::kFormFields);
  if (!form) co_return error_page(deps, request, refuse(reason::form_malformed));
  if (!deps.policy.registration_open) co_return closed_page(deps, request);
  auto transaction = co_await find_transaction(deps, request, form->get("txn"));
  if (!transaction) co_return restart_page(deps, request, transaction.error());
  if (form->get("action") == "cancel") {
    co_return co_await answer_denied(deps, request, std::move(*transaction),
                                     refuse(reason::signup_cancelled));
  }
  auto asked = protocol::parse_user_registration(*form);
  if (!asked) co_return error_page(deps, request, asked.error());
  const auto judged = protocol::judge_user_registration(*asked);
  if (!judged) {
    co_return co_await sign_up_page(deps, request, std::move(*transaction), std::move(asked->user),
                                    judged.error());
  }
  const User wanted = asked->user;
  auto user = co_await add_user(deps, request, std::move(*asked));
  if (!user) co_return busy_page(deps, request);
  if (user->sub.empty()) {
    // The same answer as an enumerator's question can't be had from a form that asks for a name:
    // it is said plainly, and the route's rate makes asking slow (PW-03).
    co_return co_await sign_up_page(deps, request, std::move(*transaction), wanted,
                                    refuse(reason::signup_taken));
  }
  co_return co_await answer_signed_in(deps, request, std::move(*transaction), std::move(*user));
}

}  // namespace claviger::endpoints
