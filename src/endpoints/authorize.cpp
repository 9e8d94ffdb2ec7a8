#include "endpoints/authorize.hpp"

#include "base/limits.hpp"
#include "base/reasons/authorize.hpp"
#include "base/reasons/endpoints.hpp"
#include "endpoints/answers.hpp"
#include "endpoints/authorize/begin.hpp"
#include "endpoints/authorize/visit.hpp"
#include "protocol/authorize/redirect_uri.hpp"
#include "protocol/authorize/request.hpp"

namespace claviger::endpoints {

namespace {

// The browser comes back from a page. Client and redirect URI are judged again as they are now
// (CI-18, RU-20).
Task<http::Response> resume(const Deps& deps, const http::Request& request, const Form& form) {
  auto transaction = co_await find_transaction(deps, request, form.get("txn"));
  if (!transaction) co_return restart_page(deps, request, transaction.error());
  auto client = co_await deps.store.clients.find_now(transaction->client_id);
  const auto allowed = protocol::judge_client_at_authorize(client.get());
  if (!allowed) co_return error_page(deps, request, allowed.error());
  auto target = protocol::match_redirect_uri(*client, transaction->redirect_uri);
  if (!target) co_return error_page(deps, request, target.error(), client.get());
  Visit visit{.facts = {}, .target = std::move(*target), .stored = true, .fresh_cookie = {}};
  visit.facts.transaction = std::move(*transaction);
  visit.facts.client = std::move(client);
  co_await load_person(deps, request, visit.facts);
  co_return co_await take_next_step(deps, request, std::move(visit));
}

}  // namespace

Task<http::Response> serve_authorize(const Deps& deps, const http::Request& request) {
  auto form = Form::parse(request.query, limits::kFormFields);
  if (!form) co_return error_page(deps, request, refuse(reason::query_malformed));
  if (form->get("txn") && !form->get("client_id")) co_return co_await resume(deps, request, *form);
  co_return co_await begin_authorization(deps, request, std::move(*form), Arrival::get);
}

Task<http::Response> serve_authorize_post(const Deps& deps, const http::Request& request) {
  auto form = Form::parse(request.body, limits::kFormFields);
  if (!form) co_return error_page(deps, request, refuse(reason::form_malformed));
  OwnPath again("/authorize");
  for (const auto& [name, value] : form->fields()) again = again.with(name, value);
  if (again.text().size() <= limits::kTargetBytes) {
    co_return http::redirect(http::Location(again));
  }
  co_return co_await begin_authorization(deps, request, std::move(*form), Arrival::post);
}

http::Response to_next_step(const Transaction& transaction) {
  return http::redirect(http::Location(OwnPath("/authorize").with("txn", transaction.id.text())));
}

Task<http::Response> answer_signed_in(const Deps& deps, const http::Request& request,
                                      Transaction transaction, User user) {
  const auto before = co_await find_signed_in(deps, request);
  auto cookies = co_await sign_in(deps, user, before);
  auto response = to_next_step(transaction);
  response.client_id = transaction.client_id;
  std::move(cookies).add_to(response);
  co_return response;
}

Task<http::Response> answer_denied(const Deps& deps, const http::Request& request,
                                   Transaction transaction, const Error& error) {
  const auto client = co_await deps.store.clients.find(transaction.client_id);
  const auto allowed = protocol::judge_client_at_authorize(client.get());
  if (!allowed) co_return error_page(deps, request, allowed.error());
  const auto target = protocol::match_redirect_uri(*client, transaction.redirect_uri);
  if (!target) co_return error_page(deps, request, target.error(), client.get());
  const Time now = deps.clock.now();
  const bool first = co_await deps.store.transactions.finish(transaction.id, now);
  if (!first) co_return restart_page(deps, request, refuse(reason::transaction_finished));
  co_return send_error(deps, request, *target, transaction.response_mode, transaction.state, error,
                       *client);
}

}  // namespace claviger::endpoints
