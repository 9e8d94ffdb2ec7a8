#include "endpoints/account.hpp"

#include "base/limits.hpp"
#include "base/reasons/authorize.hpp"
#include "base/reasons/endpoints.hpp"
#include "endpoints/answers.hpp"
#include "endpoints/authorize.hpp"
#include "endpoints/logout_end.hpp"
#include "protocol/authorize/request.hpp"

namespace claviger::endpoints {

namespace {

// Two accounts of one person have one name: the user name tells them apart.
std::string account_of(const User& user) {
  const auto name = name_of(user);
  return name == user.username ? name : name + " (" + user.username + ")";
}

Task<http::Response> keep_person(const Deps& deps, const http::Request& request,
                                 Transaction transaction) {
  const Time now = deps.clock.now();
  const bool open = co_await deps.store.transactions.account_chosen(transaction.id, now);
  if (!open) co_return restart_page(deps, request, refuse(reason::transaction_finished));
  auto response = to_next_step(transaction);
  response.client_id = transaction.client_id;
  co_return response;
}

}  // namespace

std::string name_of(const User& user) {
  if (user.firstname.empty() && user.lastname.empty()) return user.username;
  const bool both = !user.firstname.empty() && !user.lastname.empty();
  return user.firstname + (both ? " " : "") + user.lastname;
}

Task<http::Response> switch_person(const Deps& deps, const http::Request& request,
                                   Transaction transaction, SignedIn person) {
  // Whoever signs in next was chosen by that.
  const Time now = deps.clock.now();
  co_await deps.store.transactions.account_chosen(transaction.id, now);
  WayOn on;
  on.path = OwnPath("/authorize").with("txn", transaction.id.text());
  on.client_id = transaction.client_id;
  co_return co_await end_session(deps, request, person.session.id, std::move(on));
}

Task<http::Response> serve_account_page(const Deps& deps, const http::Request& request) {
  const auto query = Form::parse(request.query, limits::kFormFields);
  if (!query) co_return error_page(deps, request, refuse(reason::query_malformed));
  auto transaction = co_await find_transaction(deps, request, query->get("txn"));
  if (!transaction) co_return restart_page(deps, request, transaction.error());
  const auto person = co_await find_signed_in(deps, request);
  if (!person) co_return to_next_step(*transaction);
  const auto client = co_await deps.store.clients.find(transaction->client_id);
  const auto allowed = protocol::judge_client_at_authorize(client.get());
  if (!allowed) co_return error_page(deps, request, allowed.error());

  pages::AccountView view;
  view.txn = transaction->id.text();
  view.client = client_view(*client, transaction->redirect_uri);
  view.person = account_of(person->user);
  const auto locale = locale_of(request, transaction->ui_locales);
  auto response =
      http::html_response(200, deps.pages.account(view, locale), http::Surface::page_to_client);
  response.client_id = client->client_id;
  co_return response;
}

Task<http::Response> serve_account(const Deps& deps, const http::Request& request) {
  const auto form = Form::parse(request.body, limits::kFormFields);
  if (!form) co_return error_page(deps, request, refuse(reason::form_malformed));
  auto transaction = co_await find_transaction(deps, request, form->get("txn"));
  if (!transaction) co_return restart_page(deps, request, transaction.error());
  auto person = co_await find_signed_in(deps, request);
  if (!person) co_return to_next_step(*transaction);
  const auto action = form->get("action").value_or("");
  if (action == "continue") co_return co_await keep_person(deps, request, std::move(*transaction));
  if (action == "switch") {
    co_return co_await switch_person(deps, request, std::move(*transaction), std::move(*person));
  }
  auto response = error_page(deps, request, refuse(reason::action_unknown));
  response.status = 403;
  co_return response;
}

}  // namespace claviger::endpoints
