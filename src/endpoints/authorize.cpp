#include "endpoints/authorize.hpp"

#include "base/limits.hpp"
#include "base/reasons/authorize.hpp"
#include "base/reasons/endpoints.hpp"
#include "base/token.hpp"
#include "crypto/digest.hpp"
#include "endpoints/answers.hpp"
#include "protocol/authorize/next_step.hpp"
#include "protocol/authorize/redirect_uri.hpp"
#include "protocol/authorize/request.hpp"
#include "protocol/authorize/response.hpp"

namespace claviger::endpoints {

namespace {

// Everything known when the next step is decided.
struct Visit {
  protocol::Facts facts;
  RedirectTarget target;
  bool stored = false;  // is the transaction in the store yet?
  std::optional<http::Cookie> fresh_cookie;
};

Task<void> load_person(const Deps& deps, const http::Request& request, protocol::Facts& facts) {
  auto signed_in = co_await find_signed_in(deps, request);
  if (!signed_in) co_return;
  facts.consent = co_await deps.store.consents.find(signed_in->user.sub, facts.client.client_id);
  facts.session = std::move(signed_in->session);
  facts.user = std::move(signed_in->user);
}

Code make_code(const Deps& deps, const Transaction& transaction, const Client& client,
               const protocol::IssueCode& issue, const OpaqueToken& token,
               std::int64_t consent_epoch, Time now) {
  Code code;
  code.selector = token.selector;
  code.verifier_hash = crypto::sha256(token.verifier);
  code.client_id = client.client_id;
  code.sub = issue.user.sub;
  code.session = issue.session.id;
  code.redirect_uri = transaction.redirect_uri;
  code.redirect_uri_sent = transaction.redirect_uri_sent;
  code.scopes = transaction.scopes;
  code.nonce = transaction.nonce;
  code.code_challenge = transaction.code_challenge;
  code.auth_time = issue.session.auth_time;
  code.epochs = Epochs{issue.user.epoch, client.epoch, consent_epoch};
  code.issued_at = now;
  code.expires_at = now + deps.policy.code_ttl;
  code.storage_epoch = deps.store.storage_epoch();
  return code;
}

// The epoch that the decision saw: of a consent withdrawn since then the grant carries the old one.
Task<std::int64_t> judged_consent_epoch(const Deps& deps, const protocol::Facts& facts,
                                        std::string sub) {
  if (facts.consent) co_return facts.consent->epoch;
  co_return co_await deps.store.consents.epoch(sub, facts.client.client_id);
}

Task<http::Response> answer_with_code(const Deps& deps, const http::Request& request, Visit visit,
                                      protocol::IssueCode issue) {
  const Time now = deps.clock.now();
  const auto& transaction = visit.facts.transaction;
  const auto consent_epoch = co_await judged_consent_epoch(deps, visit.facts, issue.user.sub);
  const auto token = OpaqueToken::make(now, deps.random);
  auto code = make_code(deps, transaction, visit.facts.client, issue, token, consent_epoch, now);
  store::AuthorizationPlan plan;
  plan.code = std::move(code);
  plan.transaction = transaction.id;
  plan.stored = visit.stored;
  plan.session = issue.session.id;
  plan.client_id = transaction.client_id;
  plan.now = now;
  const auto issued = co_await deps.store.codes.issue(std::move(plan));
  if (issued == store::Codes::Issued::transaction_finished) {
    co_return restart_page(deps, request, refuse(reason::transaction_finished));
  }
  const auto parameters =
      protocol::success_parameters(token.text(), transaction.state, deps.policy);
  auto response = http::redirect(http::Location(visit.target, parameters));
  response.client_id = visit.facts.client.client_id;
  co_return response;
}

Task<http::Response> answer_with_error(const Deps& deps, const http::Request& request, Visit visit,
                                       Error error) {
  const auto& facts = visit.facts;
  if (visit.stored) {
    const Time now = deps.clock.now();
    co_await deps.store.transactions.finish(facts.transaction.id, now);
  }
  if (protocol::shows_interstitial(facts.client, deps.policy, facts.prompt_none,
                                   facts.session.has_value())) {
    co_return error_page(deps, request, error, &facts.client);
  }
  co_return send_error(deps, request, visit.target, facts.transaction.state, error, facts.client);
}

// Keeps the transaction, if it isn't kept yet, and sends the browser to the page that asks.
Task<http::Response> ask(const Deps& deps, Visit visit, OwnPath page) {
  const Id id = visit.facts.transaction.id;
  if (!visit.stored) co_await deps.store.transactions.add(std::move(visit.facts.transaction));
  auto response = http::redirect(http::Location(page.with("txn", id.text())));
  response.client_id = visit.facts.client.client_id;
  if (visit.fresh_cookie) response.cookies.push_back(std::move(*visit.fresh_cookie));
  co_return response;
}

Task<http::Response> go_on(const Deps& deps, const http::Request& request, Visit visit) {
  auto step = protocol::decide_next_step(visit.facts, deps.clock.now());
  if (auto* issue = std::get_if<protocol::IssueCode>(&step)) {
    co_return co_await answer_with_code(deps, request, std::move(visit), std::move(*issue));
  }
  if (auto* sent = std::get_if<protocol::SentToClient>(&step)) {
    co_return co_await answer_with_error(deps, request, std::move(visit), std::move(sent->error));
  }
  if (auto* shown = std::get_if<protocol::ShownToUser>(&step)) {
    co_return restart_page(deps, request, shown->error);
  }
  const bool login = std::holds_alternative<protocol::AskLogin>(step);
  const OwnPath page = login ? OwnPath("/login") : OwnPath("/consent");
  co_return co_await ask(deps, std::move(visit), page);
}

// The browser comes back from a page. Client and redirect URI are judged again as they are now
// (CI-18, RU-20).
Task<http::Response> resume(const Deps& deps, const http::Request& request, const Form& form) {
  auto transaction = co_await find_transaction(deps, request, form.get("txn"));
  if (!transaction) co_return restart_page(deps, request, transaction.error());
  auto client = co_await deps.store.clients.find(transaction->client_id);
  const auto allowed = protocol::judge_client_at_authorize(client);
  if (!allowed) co_return error_page(deps, request, allowed.error());
  auto target = protocol::match_redirect_uri(*client, transaction->redirect_uri);
  if (!target) co_return error_page(deps, request, target.error(), &*client);
  Visit visit{.facts = {}, .target = std::move(*target), .stored = true, .fresh_cookie = {}};
  visit.facts.transaction = std::move(*transaction);
  visit.facts.client = std::move(*client);
  co_await load_person(deps, request, visit.facts);
  co_return co_await go_on(deps, request, std::move(visit));
}

// A refusal before anything was stored, when client and redirect URI are proven.
Task<http::Response> refuse_request(const Deps& deps, const http::Request& request,
                                    const Form& form, const Client& client,
                                    const RedirectTarget& target, Error error) {
  const auto signed_in = co_await find_signed_in(deps, request);
  const bool prompt_none = form.get("prompt").value_or("") == "none";
  if (protocol::shows_interstitial(client, deps.policy, prompt_none, signed_in.has_value())) {
    co_return error_page(deps, request, error, &client);
  }
  co_return send_error(deps, request, target, protocol::state_of(form), error, client);
}

}  // namespace

Task<http::Response> serve_authorize(const Deps& deps, const http::Request& request) {
  const auto form = Form::parse(request.query, limits::kFormFields);
  if (!form) co_return error_page(deps, request, refuse(reason::query_malformed));
  if (form->get("txn") && !form->get("client_id")) co_return co_await resume(deps, request, *form);

  const auto addressee = protocol::parse_addressee(*form);
  if (!addressee) co_return error_page(deps, request, addressee.error());
  auto client = co_await deps.store.clients.find(addressee->client_id);
  const auto allowed = protocol::judge_client_at_authorize(client);
  if (!allowed) co_return error_page(deps, request, allowed.error());
  auto target = protocol::match_redirect_uri(*client, addressee->redirect_uri);
  if (!target) co_return error_page(deps, request, target.error(), &*client);

  const auto asked = protocol::parse_authorization_request(*form, *client, deps.policy);
  if (!asked) {
    co_return co_await refuse_request(deps, request, *form, *client, *target, asked.error());
  }
  auto browser = identify_browser(deps, request);
  const Time now = deps.clock.now();
  Visit visit{
      .facts = {}, .target = std::move(*target), .stored = false, .fresh_cookie = browser.fresh};
  visit.facts.transaction =
      protocol::make_transaction(*asked, *client, visit.target, !addressee->redirect_uri.empty(),
                                 Id::make(now, deps.random), browser.hash, deps.policy, now);
  visit.facts.client = std::move(*client);
  visit.facts.prompt_none = asked->prompt.none;
  co_await load_person(deps, request, visit.facts);
  co_return co_await go_on(deps, request, std::move(visit));
}

Task<http::Response> serve_authorize_post(const Deps& deps, const http::Request& request) {
  const auto form = Form::parse(request.body, limits::kFormFields);
  if (!form) co_return error_page(deps, request, refuse(reason::form_malformed));
  OwnPath again("/authorize");
  for (const auto& [name, value] : form->fields()) again = again.with(name, value);
  if (again.text().size() > limits::kTargetBytes) {
    co_return error_page(deps, request, refuse(reason::target_too_long));
  }
  co_return http::redirect(http::Location(again));
}

http::Response to_next_step(const Transaction& transaction) {
  return http::redirect(http::Location(OwnPath("/authorize").with("txn", transaction.id.text())));
}

Task<http::Response> answer_denied(const Deps& deps, const http::Request& request,
                                   Transaction transaction, const Error& error) {
  const auto client = co_await deps.store.clients.find(transaction.client_id);
  const auto allowed = protocol::judge_client_at_authorize(client);
  if (!allowed) co_return error_page(deps, request, allowed.error());
  const auto target = protocol::match_redirect_uri(*client, transaction.redirect_uri);
  if (!target) co_return error_page(deps, request, target.error(), &*client);
  const Time now = deps.clock.now();
  const bool first = co_await deps.store.transactions.finish(transaction.id, now);
  if (!first) co_return restart_page(deps, request, refuse(reason::transaction_finished));
  co_return send_error(deps, request, *target, transaction.state, error, *client);
}

}  // namespace claviger::endpoints
