#include "base/base64url.hpp"
#include "endpoints/answers.hpp"
#include "endpoints/grants/grants.hpp"
#include "protocol/tokens/access_token.hpp"

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

http::Response token_response(const Deps& deps, const Grant& grant, const protocol::Scopes& scopes,
                              const std::optional<Secret>& refresh) {
  const Time now = deps.clock.now();
  const auto ring = deps.keys.current();
  const auto* key = ring->signing_key(deps.signing_alg, now);
  if (key == nullptr) throw std::runtime_error("no active signing key");
  protocol::AccessTokenClaims claims;
  claims.sub = grant.sub;
  claims.client_id = grant.client_id;
  claims.scopes = scopes;
  claims.jti = base64url_encode(deps.random.bytes<16>());
  claims.grant = grant.id;
  claims.issued_at = now;
  claims.expires_at = now + deps.policy.access_token_ttl;
  const auto access = protocol::mint_access_token(claims, *key, deps.policy);

  boost::json::object members{{"access_token", access.reveal()}};
  if (refresh) members["refresh_token"] = refresh->reveal();
  members["token_type"] = "Bearer";
  members["expires_in"] = deps.policy.access_token_ttl.count();
  members["scope"] = protocol::to_text(scopes);
  auto response = success(std::move(members));
  response.client_id = grant.client_id;
  deps.log.write(LogLevel::info, "token.issued",
                 {{"client_id", grant.client_id}, {"sub", grant.sub}, {"grant", grant.id.text()}});
  return response;
}

}  // namespace claviger::endpoints
