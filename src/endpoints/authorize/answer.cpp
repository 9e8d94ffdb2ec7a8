#include "endpoints/authorize/answer.hpp"

#include "base/reasons/authorize.hpp"
#include "base/token.hpp"
#include "crypto/digest.hpp"
#include "endpoints/answers.hpp"
#include "endpoints/issuing.hpp"
#include "endpoints/session_state.hpp"
#include "protocol/authorize/response.hpp"

namespace claviger::endpoints {

namespace {

Authorized make_authorized(const protocol::Facts& facts, std::int64_t consent_epoch) {
  const auto& transaction = facts.transaction;
  Authorized authorized;
  authorized.client_id = facts.client->client_id;
  authorized.sub = facts.user->sub;
  authorized.session = facts.session->id;
  authorized.scopes = transaction.scopes;
  authorized.resources = transaction.resources;
  authorized.claims = transaction.claims;
  authorized.auth_time = facts.session->auth_time;
  authorized.acr = facts.session->acr;
  authorized.amr = facts.session->amr;
  authorized.epochs = Epochs{facts.user->epoch, facts.client->epoch, consent_epoch};
  return authorized;
}

Code make_code(const Deps& deps, const Transaction& transaction, const Authorized& authorized,
               const OpaqueToken& token, Time now) {
  Code code;
  static_cast<Authorized&>(code) = authorized;
  code.selector = token.selector;
  code.verifier_hash = crypto::sha256(token.verifier);
  code.redirect_uri = transaction.redirect_uri;
  code.redirect_uri_sent = transaction.redirect_uri_sent;
  code.nonce = transaction.nonce;
  code.code_challenge = transaction.code_challenge;
  code.issued_at = now;
  code.expires_at = now + deps.policy.code_ttl;
  return code;
}

// Behind an access token that no code leads to. It dies with the session: nobody can refresh it.
Grant make_grant(const Deps& deps, const Authorized& authorized, Time now) {
  Grant grant;
  static_cast<Authorized&>(grant) = authorized;
  grant.id = Id::make(now, deps.random);
  grant.type = GrantType::implicit;
  grant.session_bound = true;
  grant.created_at = now;
  return grant;
}

// The epoch that the decision saw: of a consent withdrawn since then the grant carries the old one.
Task<std::int64_t> judged_consent_epoch(const Deps& deps, const protocol::Facts& facts,
                                        std::string sub) {
  if (facts.consent) co_return facts.consent->epoch;
  co_return co_await deps.store.consents.epoch(sub, facts.client->client_id);
}

Task<void> mint_access_token(const Deps& deps, const protocol::Facts& facts, const Grant& grant,
                             protocol::Answer& answer) {
  AccessTokenOrder order;
  order.sub = facts.subject;
  order.scopes = grant.scopes;
  order.resources = grant.resources;
  order.grant = grant.id;
  auto issued = co_await issue_access_token(deps, *facts.client, std::move(order));
  answer.expires_in = std::chrono::floor<std::chrono::seconds>(issued.claims->expires_at -
                                                               issued.claims->issued_at);
  answer.scopes = issued.claims->scopes;
  answer.access_token = std::move(issued.token);
}

// After the code and the access token: it vouches for both by their hashes (OIDCC-3.3.2.11).
Task<Result<void>> mint_id_token(const Deps& deps, const protocol::Facts& facts,
                                 Authorized authorized, protocol::Answer& answer) {
  IdTokenOrder order;
  order.nonce = facts.transaction.nonce;
  if (answer.access_token) order.access_token = answer.access_token->reveal();
  if (answer.code) order.code = answer.code->reveal();
  order.alone = !answer.access_token && !answer.code;
  auto minted = co_await issue_id_token(deps, *facts.client, *facts.user, std::move(authorized),
                                        std::move(order));
  if (!minted) co_return std::unexpected(std::move(minted.error()));
  answer.id_token = std::move(*minted);
  co_return Result<void>{};
}

// What is written before anything leaves.
struct Commitment {
  store::AuthorizationPlan plan;
  std::optional<Secret> code;
  Authorized authorized;
};

Commitment plan_answer(const Deps& deps, const Visit& visit, std::int64_t consent_epoch, Time now) {
  const auto& transaction = visit.facts.transaction;
  Commitment made;
  made.authorized = make_authorized(visit.facts, consent_epoch);
  if (transaction.response_type.code) {
    const auto token = OpaqueToken::make(now, deps.random);
    made.plan.code = make_code(deps, transaction, made.authorized, token, now);
    made.code = token.text();
  }
  if (transaction.response_type.token) {
    made.plan.grant = make_grant(deps, made.authorized, now);
    made.plan.grant_keep_until = end_of_lone_grant(deps, now);
  }
  made.plan.transaction = transaction.id;
  made.plan.stored = visit.stored;
  made.plan.session = visit.facts.session->id;
  made.plan.client_id = transaction.client_id;
  made.plan.now = now;
  return made;
}

}  // namespace

Task<http::Response> answer_granted(const Deps& deps, const http::Request& request, Visit visit) {
  const Time now = deps.clock.now();
  const auto& facts = visit.facts;
  const auto& transaction = facts.transaction;
  const auto consent_epoch = co_await judged_consent_epoch(deps, facts, facts.user->sub);
  // First, since nothing that can fail may stand between what is written below and the answer.
  if (!facts.client->first_used_at) {
    co_await deps.store.clients.mark_used(facts.client->client_id, now);
  }
  auto made = plan_answer(deps, visit, consent_epoch, now);
  const auto grant = made.plan.grant;
  const auto issued = co_await deps.store.codes.issue(std::move(made.plan));
  if (issued == store::Codes::Issued::transaction_finished) {
    co_return restart_page(deps, request, refuse(reason::transaction_finished));
  }
  protocol::Answer answer;
  answer.code = std::move(made.code);
  if (grant) co_await mint_access_token(deps, facts, *grant, answer);
  if (transaction.response_type.id_token) {
    const auto minted = co_await mint_id_token(deps, facts, std::move(made.authorized), answer);
    if (!minted) {
      co_return send_error(deps, request, visit.target, transaction.response_mode,
                           transaction.state, minted.error(), *facts.client);
    }
  }
  if (answer.access_token) deps.metrics->issued(GrantType::implicit, TokenKind::access_token);
  if (transaction.response_type.id_token) {
    deps.metrics->issued(GrantType::implicit, TokenKind::id_token);
  }
  if (protocol::contains(transaction.scopes, protocol::kOpenid)) {
    const auto state =
        session_state(deps, request, facts.client->client_id, transaction.redirect_uri);
    answer.session_state = state.value_or("");
  }
  auto parameters = protocol::success_parameters(answer, transaction.state, deps.policy);
  auto response =
      answer_client(deps, request, visit.target, transaction.response_mode, std::move(parameters));
  response.client_id = facts.client->client_id;
  co_return response;
}

Task<http::Response> answer_refused(const Deps& deps, const http::Request& request, Visit visit,
                                    Error error) {
  const auto& facts = visit.facts;
  if (visit.stored) {
    const Time now = deps.clock.now();
    co_await deps.store.transactions.finish(facts.transaction.id, now);
  }
  if (protocol::shows_interstitial(*facts.client, deps.policy, facts.prompt_none,
                                   facts.session.has_value())) {
    co_return error_page(deps, request, error, facts.client.get());
  }
  co_return send_error(deps, request, visit.target, facts.transaction.response_mode,
                       facts.transaction.state, error, *facts.client);
}

}  // namespace claviger::endpoints
