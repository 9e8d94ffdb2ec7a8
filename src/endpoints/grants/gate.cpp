#include "base/reasons/access_token.hpp"
#include "endpoints/grants/grants.hpp"
#include "protocol/claims_request.hpp"
#include "protocol/grants/refresh_token.hpp"

namespace claviger::endpoints {

namespace {

// What was stored was parsed before.
std::vector<std::string> needed_acrs(const std::string& claims) {
  if (claims.empty()) return {};
  const auto request = protocol::parse_claims_request(claims);
  const auto* acr = request ? request->find_in_id_token("acr") : nullptr;
  std::vector<std::string> needed;
  if (acr == nullptr || !acr->essential) return needed;
  for (const auto& value : acr->values) {
    if (const auto* text = value.if_string()) needed.emplace_back(*text);
  }
  return needed;
}

protocol::GateFacts facts_of(const store::Standing& now, const Authorized& granted,
                             bool session_bound, GrantType type) {
  protocol::GateFacts facts;
  facts.user = now.user.get();
  facts.client = now.client.get();
  facts.grant_type = type;
  facts.epochs = granted.epochs;
  facts.consent_epoch = now.consent_epoch;
  facts.session_ended = now.session_ended;
  facts.session_bound = session_bound;
  return facts;
}

}  // namespace

Result<void> pass_gate(const store::Standing& now, const Authorized& granted, bool session_bound,
                       GrantType type) {
  return protocol::subject_gate(facts_of(now, granted, session_bound, type));
}

// Who signs out before a code is redeemed ends what it would have led to, where that is bound to
// the session.
Result<void> pass_gate(const store::Standing& now, const Code& code) {
  const bool bound = protocol::refresh_due({}, code.scopes).session_bound;
  auto facts = facts_of(now, code, bound, GrantType::authorization_code);
  facts.acr = code.acr;
  facts.needed_acrs = needed_acrs(code.claims);
  return protocol::subject_gate(facts);
}

Task<Result<void>> judge_ancestors(const Deps& deps, Id above) {
  for (std::optional<Id> next = above; next;) {
    const auto found = co_await deps.store.grants.find_with_standing(*next, "");
    if (!found) co_return refused(reason::access_token_grant_gone);
    const auto& parent = found->grant;
    if (parent.revoked_at) co_return refused(reason::access_token_grant_revoked);
    const auto open = pass_gate(found->standing, parent, parent.session_bound, parent.type);
    if (!open) co_return open;
    next = parent.parent;
  }
  co_return Result<void>();
}

}  // namespace claviger::endpoints
