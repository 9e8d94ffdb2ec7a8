#include "protocol/grants/jwt_bearer.hpp"

#include "base/reasons/assertion.hpp"
#include "endpoints/answers.hpp"
#include "endpoints/client_keys.hpp"
#include "endpoints/grants/grants.hpp"
#include "endpoints/issuing.hpp"
#include "protocol/grants/client_credentials.hpp"

namespace claviger::endpoints {

namespace {

// Proven, and sent for the first time.
Task<Result<protocol::AssertionClaims>> prove(const Deps& deps, const Client& client,
                                              std::string assertion) {
  const auto head = protocol::peek_assertion(assertion);
  if (!head) co_return refused(reason::assertion_unsound);
  const auto published = co_await find_client_keys(deps, client, head->kid);
  const Time now = deps.clock.now();
  auto claims =
      protocol::judge_grant_assertion(assertion, client, published.get(), deps.policy, now);
  if (!claims) co_return claims;
  using Remembered = store::Replays::Remembered;
  const auto remembered = co_await deps.store.replays.remember(
      claims->replay_key, claims->keep_until, claims->usable_from);
  if (remembered == Remembered::other_epoch) co_return refused(reason::assertion_other_epoch);
  if (remembered != Remembered::first) co_return refused(reason::assertion_replayed);
  co_return claims;
}

// No sign-in stands behind it, so there is no session, and nothing is said of how somebody came.
Grant make_grant(const Deps& deps, const Client& client, const User& user,
                 const protocol::Scopes& scopes, std::vector<std::string> resources) {
  Grant grant;
  grant.created_at = deps.clock.now();
  grant.id = Id::make(grant.created_at, deps.random);
  grant.type = GrantType::jwt_bearer;
  grant.client_id = client.client_id;
  grant.sub = user.sub;
  grant.scopes = scopes;
  grant.resources = std::move(resources);
  grant.auth_time = grant.created_at;
  grant.epochs.user = user.epoch;
  grant.epochs.client = client.epoch;
  return grant;
}

}  // namespace

Task<http::Response> redeem_assertion(const Deps& deps, const http::Request& request,
                                      const protocol::AssertionRequest& asked,
                                      const protocol::AuthenticatedClient& client) {
  const auto& record = client.record();
  const auto allowed = protocol::judge_assertion_client(record);
  if (!allowed) co_return failure(request, allowed.error(), record.client_id);
  auto resources = protocol::judge_targets(asked.resources, deps.policy);
  if (!resources) co_return failure(request, resources.error(), record.client_id);
  const auto claims = co_await prove(deps, record, asked.assertion);
  if (!claims) co_return failure(request, claims.error(), record.client_id);

  const auto user = co_await deps.store.users.find(claims->sub);
  if (!user) co_return failure(request, refuse(reason::assertion_subject), record.client_id);
  // The epoch first: a withdrawal that comes between the two reads then ends what is made here.
  const auto epoch = co_await deps.store.consents.epoch(user->sub, record.client_id);
  const auto consent = co_await deps.store.consents.find(user->sub, record.client_id);
  const auto scopes = protocol::judge_assertion_scope(asked.scope, consent, record, deps.policy);
  if (!scopes) co_return failure(request, scopes.error(), record.client_id);
  auto grant = make_grant(deps, record, *user, *scopes, std::move(*resources));
  grant.epochs.consent = epoch;
  auto standing = co_await deps.store.standings.find(grant.sub, grant.client_id, grant.session);
  const auto open = pass_gate(standing, grant, grant.session_bound, GrantType::jwt_bearer);
  if (!open) co_return failure(request, open.error(), record.client_id);
  const Time keep_until = end_of_lone_grant(deps, grant.created_at);
  co_await deps.store.grants.add(grant, keep_until);
  TokenAnswer answer;
  answer.user = std::move(standing.user);
  answer.scopes = grant.scopes;
  answer.resources = grant.resources;
  co_return co_await answer_with_tokens(deps, request, record, grant, std::move(answer));
}

}  // namespace claviger::endpoints
