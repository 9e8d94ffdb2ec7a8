#include "endpoints/grants/grants.hpp"

namespace claviger::endpoints {

GrantedTo granted_to(const Code& code) {
  return {code.sub, code.client_id, code.session, false, code.epochs};
}

GrantedTo granted_to(const Grant& grant) {
  return {grant.sub, grant.client_id, grant.session, grant.session_bound, grant.epochs};
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
  co_return facts;
}

}  // namespace claviger::endpoints
