#include "endpoints/consent.hpp"

#include "base/limits.hpp"
#include "base/reasons/authorize.hpp"
#include "base/reasons/endpoints.hpp"
#include "endpoints/account.hpp"
#include "endpoints/answers.hpp"
#include "endpoints/authorize.hpp"
#include "endpoints/browser.hpp"
#include "protocol/authorize/consent.hpp"
#include "protocol/authorize/redirect_uri.hpp"
#include "protocol/authorize/request.hpp"

namespace claviger::endpoints {

namespace {

Task<http::Response> approve(const Deps& deps, const http::Request& request,
                             Transaction transaction, SignedIn person) {
  const auto client = co_await deps.store.clients.find(transaction.client_id);
  const auto allowed = protocol::judge_client_at_authorize(client.get());
  if (!allowed) co_return error_page(deps, request, allowed.error());
  // Anybody on the device can be behind a native client's redirect: such a consent counts once.
  const bool remember = !protocol::is_native_use(*client, transaction.redirect_uri);
  auto allowed_scopes = protocol::scopes_to_allow(transaction, *client, deps.policy);
  const Time now = deps.clock.now();
  const bool approved = co_await deps.store.transactions.approve(
      transaction.id, person.user.sub, remember, now, std::move(allowed_scopes));
  if (!approved) co_return restart_page(deps, request, refuse(reason::transaction_finished));
  auto response = to_next_step(transaction);
  response.client_id = transaction.client_id;
  co_return response;
}

}  // namespace

Task<http::Response> serve_consent_page(const Deps& deps, const http::Request& request) {
  const auto query = Form::parse(request.query, limits::kFormFields);
  if (!query) co_return error_page(deps, request, refuse(reason::query_malformed));
  auto transaction = co_await find_transaction(deps, request, query->get("txn"));
  if (!transaction) co_return restart_page(deps, request, transaction.error());
  const auto person = co_await find_signed_in(deps, request);
  if (!person) co_return to_next_step(*transaction);
  const auto client = co_await deps.store.clients.find(transaction->client_id);
  const auto allowed = protocol::judge_client_at_authorize(client.get());
  if (!allowed) co_return error_page(deps, request, allowed.error());

  pages::ConsentView view;
  view.txn = transaction->id.text();
  view.client = client_view(*client, transaction->redirect_uri);
  view.person = name_of(person->user);
  for (const auto& scope : protocol::scopes_to_allow(*transaction, *client, deps.policy)) {
    view.scopes.push_back({scope});
  }
  const auto locale = locale_of(request, transaction->ui_locales);
  auto response =
      http::html_response(200, deps.pages.consent(view, locale), http::Surface::page_to_client);
  response.client_id = client->client_id;
  co_return response;
}

Task<http::Response> serve_consent(const Deps& deps, const http::Request& request) {
  const auto form = Form::parse(request.body, limits::kFormFields);
  if (!form) co_return error_page(deps, request, refuse(reason::form_malformed));
  auto transaction = co_await find_transaction(deps, request, form->get("txn"));
  if (!transaction) co_return restart_page(deps, request, transaction.error());
  auto person = co_await find_signed_in(deps, request);
  if (!person) co_return to_next_step(*transaction);
  const auto action = form->get("action").value_or("");
  if (action == "approve") {
    co_return co_await approve(deps, request, std::move(*transaction), std::move(*person));
  }
  if (action == "deny") {
    co_return co_await answer_denied(deps, request, std::move(*transaction),
                                     refuse(reason::consent_denied));
  }
  if (action == "switch") {
    co_return co_await switch_person(deps, request, std::move(*transaction), std::move(*person));
  }
  auto response = error_page(deps, request, refuse(reason::action_unknown));
  response.status = 403;
  co_return response;
}

}  // namespace claviger::endpoints
