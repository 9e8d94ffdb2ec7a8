#include "base/reasons/access_token.hpp"
#include "endpoints/grants/grants.hpp"
#include "protocol/claims_request.hpp"
#include "protocol/grants/refresh_token.hpp"

namespace claviger::endpoints {

namespace {

// What was stored was parsed before.
std::vector<std::string> needed_acrs(const std::string& claims) {
  const auto request = protocol::parse_claims_request(claims);
  const auto* acr = request ? request->find_in_id_token("acr") : nullptr;
  std::vector<std::string> needed;
  if (acr == nullptr || !acr->essential) return needed;
  for (const auto& value : acr->values) {
    if (const auto* text = value.if_string()) needed.emplace_back(*text);
  }
  return needed;
}

}  // namespace

// Who signs out before a code is redeemed ends what it would have led to, where that is bound to
// the session.
GrantedTo granted_to(const Code& code) {
  const bool bound = protocol::refresh_due({}, code.scopes).session_bound;
  return {code.sub, code.client_id, code.session, bound, code.epochs, code.acr, code.claims};
}

GrantedTo granted_to(const Grant& grant) {
  return {grant.sub, grant.client_id, grant.session, grant.session_bound, grant.epochs, {}, {}};
}

Task<protocol::GateFacts> load_gate(const Deps& deps, GrantedTo granted, GrantType grant_type) {
  protocol::GateFacts facts;
  facts.user = co_await deps.store.users.find(granted.sub);
  facts.client = co_await deps.store.clients.find(granted.client_id);
  facts.consent_epoch = co_await deps.store.consents.epoch(granted.sub, granted.client_id);
  if (granted.session_bound) facts.session = co_await deps.store.sessions.find(granted.session);
  facts.session_bound = granted.session_bound;
  facts.epochs = granted.epochs;
  facts.grant_type = grant_type;
  facts.acr = granted.acr;
  facts.needed_acrs = needed_acrs(granted.claims);
  co_return facts;
}

Task<Result<void>> judge_ancestors(const Deps& deps, Grant grant) {
  for (auto above = grant.parent; above;) {
    const auto parent = co_await deps.store.grants.find(*above);
    if (!parent) co_return refused(reason::access_token_grant_gone);
    if (parent->revoked_at) co_return refused(reason::access_token_grant_revoked);
    const auto facts = co_await load_gate(deps, granted_to(*parent), parent->type);
    const auto open = protocol::subject_gate(facts);
    if (!open) co_return open;
    above = parent->parent;
  }
  co_return Result<void>();
}

}  // namespace claviger::endpoints
