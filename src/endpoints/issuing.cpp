#include "endpoints/issuing.hpp"

#include "base/base64url.hpp"
#include "base/reasons/gate.hpp"
#include "base/token.hpp"
#include "crypto/digest.hpp"
#include "endpoints/answers.hpp"
#include "endpoints/client_keys.hpp"
#include "endpoints/known_tokens.hpp"
#include "protocol/claims_request.hpp"
#include "protocol/tokens/access_token.hpp"
#include "protocol/tokens/id_token.hpp"
#include "protocol/tokens/person_claims.hpp"
#include "protocol/tokens/subject.hpp"

namespace claviger::endpoints {

namespace {

AccessTokenClaims claims_of(const Deps& deps, const Client& client, AccessTokenOrder order) {
  AccessTokenClaims claims;
  claims.sub = std::move(order.sub);
  claims.client_id = client.client_id;
  claims.scopes = std::move(order.scopes);
  claims.audience = std::move(order.resources);
  if (claims.audience.empty()) claims.audience = {deps.policy.issuer};
  claims.grant = order.grant;
  claims.act = std::move(order.act);
  claims.issued_at = deps.clock.now();
  claims.expires_at = claims.issued_at + deps.policy.access_token_ttl;
  return claims;
}

// The token itself knows whole seconds (RFC7519-2).
AccessTokenClaims as_it_says(AccessTokenClaims claims) {
  claims.issued_at = from_seconds(to_seconds(claims.issued_at));
  claims.expires_at = from_seconds(to_seconds(claims.expires_at));
  return claims;
}

SharedClaims share(AccessTokenClaims claims) {
  return std::make_shared<const AccessTokenClaims>(std::move(claims));
}

Task<IssuedAccessToken> issue_opaque(const Deps& deps, AccessTokenClaims claims) {
  const auto token = OpaqueToken::make(claims.issued_at, deps.random);
  claims.jti = token.selector.text();
  store::OpaqueAccessToken kept;
  kept.selector = token.selector;
  kept.verifier_hash = crypto::sha256(ByteView(token.verifier));
  kept.claims = claims;
  co_await deps.store.opaque_tokens.add(std::move(kept));
  co_return IssuedAccessToken{token.text(), share(std::move(claims))};
}

IssuedAccessToken issue_jwt(const Deps& deps, AccessTokenClaims claims) {
  const auto ring = deps.keys.current();
  const auto* key = ring->signing_key(deps.signing_alg, claims.issued_at);
  if (key == nullptr) throw std::runtime_error("no active signing key");
  claims.jti = base64url_encode(deps.random.bytes<16>());
  auto token = protocol::mint_access_token(claims, *key, deps.policy);
  auto said = share(as_it_says(std::move(claims)));
  deps.known_tokens.add(token.reveal(), ring, said);
  return {std::move(token), std::move(said)};
}

// A sign-in from which nothing is issued to a browser has none: an assertion's, an exchange's.
std::optional<std::string> session_name(const Deps& deps, const Client& client, const Id& session) {
  if (session == Id{}) return {};
  return protocol::sid_for(session, client.client_id, deps.sid_key);
}

// What was stored was parsed before; were it not, the token would only tell less.
std::vector<protocol::WantedClaim> wanted_in_id_token(const Authorized& authorized) {
  auto request = protocol::parse_claims_request(authorized.claims);
  if (!request) return {};
  return std::move(request->id_token);
}

protocol::IdTokenFacts facts_of(const Deps& deps, const Client& client, const User& user,
                                const Authorized& authorized, IdTokenOrder order) {
  protocol::IdTokenFacts facts;
  facts.sub = protocol::subject_for(client, authorized.sub, deps.pairwise_key);
  facts.acr = authorized.acr;
  facts.amr = authorized.amr;
  facts.auth_time = authorized.auth_time;
  facts.nonce = std::move(order.nonce);
  facts.sid = session_name(deps, client, authorized.session);
  facts.access_token = std::move(order.access_token);
  facts.code = std::move(order.code);
  // Beside an access token the claims of the scopes are UserInfo's (OIDCC-5.4).
  const auto& scopes = order.alone ? authorized.scopes : protocol::Scopes{};
  facts.claims =
      protocol::person_claims(user, scopes, wanted_in_id_token(authorized), client, deps.policy);
  return facts;
}

AccessTokenOrder order_of(const Deps& deps, const Client& client, const Grant& grant,
                          const TokenAnswer& answer) {
  AccessTokenOrder order;
  order.sub = protocol::subject_for(client, grant.sub, deps.pairwise_key);
  order.scopes = answer.scopes;
  order.resources = answer.resources;
  order.grant = grant.id;
  order.act = grant.act;
  return order;
}

Task<Result<std::string>> id_token_beside(const Deps& deps, const Client& client,
                                          const Grant& grant, const TokenAnswer& answer,
                                          std::string access_token) {
  if (!answer.user) co_return refused(reason::gate_user_gone);
  IdTokenOrder order;
  order.nonce = answer.nonce;
  order.access_token = std::move(access_token);
  co_return co_await issue_id_token(deps, client, *answer.user, grant, std::move(order));
}

void count_tokens(const Deps& deps, const Grant& grant, const TokenAnswer& answer) {
  const auto by = answer.refreshed ? GrantType::refresh_token : grant.type;
  deps.metrics->issued(by, TokenKind::access_token);
  if (answer.refresh) deps.metrics->issued(by, TokenKind::refresh_token);
  if (protocol::contains(answer.scopes, protocol::kOpenid)) {
    deps.metrics->issued(by, TokenKind::id_token);
  }
}

}  // namespace

Time end_of_lone_grant(const Deps& deps, Time created_at) {
  return created_at + deps.policy.access_token_ttl + std::chrono::minutes(1);
}

Task<IssuedAccessToken> issue_access_token(const Deps& deps, const Client& client,
                                           AccessTokenOrder order) {
  auto claims = claims_of(deps, client, std::move(order));
  if (client.metadata.access_token_format == AccessTokenFormat::opaque) {
    co_return co_await issue_opaque(deps, std::move(claims));
  }
  co_return issue_jwt(deps, std::move(claims));
}

Task<Result<std::string>> issue_id_token(const Deps& deps, const Client& client, const User& user,
                                         const Authorized& authorized, IdTokenOrder order) {
  const auto alg = protocol::id_token_alg(client);
  const auto facts = facts_of(deps, client, user, authorized, std::move(order));
  const auto& protection = client.metadata.id_token;
  std::shared_ptr<const crypto::JwkSet> recipient;
  if (!protection.encrypted_alg.empty()) {
    recipient = co_await find_client_keys(deps, client, "");
  }
  const Time now = deps.clock.now();
  const auto claims = protocol::id_token_claims(facts, client, alg, deps.policy, now);
  const auto ring = deps.keys.current();
  co_return protocol::protect(claims, protection, alg, "JWT", *ring, recipient.get(), deps.random,
                              now);
}

Task<http::Response> answer_with_tokens(const Deps& deps, const http::Request& request,
                                        const Client& client, const Grant& grant,
                                        TokenAnswer answer) {
  auto order = order_of(deps, client, grant, answer);
  const auto access = co_await issue_access_token(deps, client, std::move(order));
  auto body = begun_success();
  body.text("access_token", access.token.reveal());
  if (answer.refresh) body.text("refresh_token", answer.refresh->reveal());
  body.text("token_type", "Bearer")
      .number("expires_in", deps.policy.access_token_ttl.count())
      .text("scope", protocol::to_text(answer.scopes));
  if (protocol::contains(answer.scopes, protocol::kOpenid)) {
    std::string token(access.token.reveal());
    const auto id_token = co_await id_token_beside(deps, client, grant, answer, std::move(token));
    if (!id_token) co_return failure(request, id_token.error(), client.client_id);
    body.text("id_token", *id_token);
  }
  for (const auto& [name, value] : answer.extra) body.value(name, value);
  auto response = finished(std::move(body));
  response.client_id = client.client_id;
  count_tokens(deps, grant, answer);
  if (deps.log.shows(LogLevel::info)) {
    deps.log.write(
        LogLevel::info, "token.issued",
        {{"client_id", client.client_id}, {"sub", grant.sub}, {"grant", grant.id.text()}});
  }
  co_return response;
}

}  // namespace claviger::endpoints
