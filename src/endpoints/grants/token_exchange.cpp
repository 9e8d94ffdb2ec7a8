#include "protocol/grants/token_exchange.hpp"

#include "base/reasons/exchange.hpp"
#include "endpoints/answers.hpp"
#include "endpoints/bearer.hpp"
#include "endpoints/grants/grants.hpp"
#include "endpoints/issuing.hpp"

namespace claviger::endpoints {

namespace {

// A token that was sent, as introspection would find it (TX-03); which of the two was wrong is all
// that the client is told.
Task<Result<LiveToken>> find_token(const Deps& deps, Secret token, const Reason& otherwise) {
  auto live = co_await find_live_token(deps, std::string(token.reveal()));
  if (!live) co_return refused(otherwise, {}, std::string(live.error().reason->id));
  co_return live;
}

// For the same person and sign-in, under the grant that the subject token came from: with that one
// it ends (TX-11).
Grant child_of(const Deps& deps, const Grant& parent, const Client& client,
               const protocol::ExchangePlan& plan) {
  const Time now = deps.clock.now();
  Grant grant;
  static_cast<Authorized&>(grant) = parent.authorized();
  grant.id = Id::make(now, deps.random);
  grant.type = GrantType::token_exchange;
  grant.client_id = client.client_id;
  grant.scopes = plan.scopes;
  grant.resources = plan.resources;
  grant.claims.clear();
  grant.epochs.client = client.epoch;
  grant.session_bound = parent.session_bound;
  grant.parent = parent.id;
  grant.act = plan.act;
  grant.created_at = now;
  return grant;
}

Task<http::Response> issue(const Deps& deps, const http::Request& request, const Client& client,
                           const Grant& parent, const protocol::ExchangePlan& plan) {
  auto grant = child_of(deps, parent, client, plan);
  grant.epochs.consent = co_await deps.store.consents.epoch(grant.sub, client.client_id);
  auto standing = co_await deps.store.standings.find(grant.sub, grant.client_id, grant.session);
  const auto open = pass_gate(standing, grant, grant.session_bound, GrantType::token_exchange);
  if (!open) co_return failure(request, open.error(), client.client_id);
  const Time keep_until = end_of_lone_grant(deps, grant.created_at);
  const bool added = co_await deps.store.grants.add(grant, keep_until);
  if (!added) {
    co_return failure(request, refuse(reason::exchange_subject_invalid), client.client_id);
  }
  TokenAnswer answer;
  answer.user = std::move(standing.user);
  answer.scopes = plan.scopes;
  answer.resources = plan.resources;
  answer.extra["issued_token_type"] = "urn:ietf:params:oauth:token-type:access_token";
  // Who got a token of whom, and for whom (TX-10).
  deps.log.write(LogLevel::info, "token.exchanged",
                 {{"client_id", client.client_id},
                  {"from_client_id", parent.client_id},
                  {"sub", grant.sub},
                  {"act", grant.act},
                  {"request_id", request.id}});
  co_return co_await answer_with_tokens(deps, request, client, grant, std::move(answer));
}

}  // namespace

Task<http::Response> exchange_token(const Deps& deps, const http::Request& request,
                                    const protocol::ExchangeRequest& asked,
                                    const protocol::AuthenticatedClient& client) {
  const auto& record = client.record();
  const auto subject =
      co_await find_token(deps, asked.subject_token, reason::exchange_subject_invalid);
  if (!subject) co_return failure(request, subject.error(), record.client_id);
  SharedClaims actor;
  if (asked.actor_token) {
    auto found = co_await find_token(deps, *asked.actor_token, reason::exchange_actor_invalid);
    if (!found) co_return failure(request, found.error(), record.client_id);
    actor = found->claims;
  }
  const auto plan =
      protocol::plan_exchange(asked, client, *subject->claims, actor.get(), deps.policy);
  if (!plan) co_return failure(request, plan.error(), record.client_id);
  co_return co_await issue(deps, request, record, *subject->grant(), *plan);
}

}  // namespace claviger::endpoints
