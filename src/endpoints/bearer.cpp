#include "endpoints/bearer.hpp"

#include <fmt/format.h>

#include "base/limits.hpp"
#include "base/reasons/access_token.hpp"
#include "base/reasons/bearer.hpp"
#include "base/reasons/endpoints.hpp"
#include "base/reasons/gate.hpp"
#include "base/token.hpp"
#include "crypto/digest.hpp"
#include "endpoints/answers.hpp"
#include "endpoints/grants/grants.hpp"
#include "endpoints/known_tokens.hpp"
#include "http/authorization_header.hpp"
#include "protocol/tokens/access_token.hpp"
#include "protocol/tokens/subject.hpp"

namespace claviger::endpoints {

namespace {

using Read = Result<SharedClaims>;

Task<Read> read_opaque(const Deps& deps, OpaqueToken token) {
  auto kept = co_await deps.store.opaque_tokens.find(token.selector);
  const auto shown = crypto::sha256(ByteView(token.verifier));
  if (!kept || !crypto::constant_time_equal(shown, kept->verifier_hash)) {
    co_return refused(reason::access_token_invalid);
  }
  if (deps.clock.now() >= kept->claims.expires_at) co_return refused(reason::access_token_expired);
  co_return std::make_shared<const AccessTokenClaims>(std::move(kept->claims));
}

Task<Read> read_token(const Deps& deps, const std::string& token) {
  const auto opaque = OpaqueToken::parse(token);
  if (opaque) co_return co_await read_opaque(deps, *opaque);
  const auto ring = deps.keys.current();
  const Time now = deps.clock.now();
  auto known = deps.known_tokens.find(token, ring, now);
  if (known) co_return std::move(known);
  auto verified = protocol::verify_access_token(token, *ring, deps.policy, now);
  if (!verified) co_return std::unexpected(std::move(verified.error()));
  auto claims = std::make_shared<const AccessTokenClaims>(std::move(*verified));
  deps.known_tokens.add(token, ring, claims);
  co_return claims;
}

// A token that no person stands behind: its client has to be what it was. Another client of the
// same name is not: whoever had it before means nothing to this one (AD-04).
Result<void> judge_client_alone(const LiveToken& live) {
  protocol::GateFacts facts;
  facts.client = live.client.get();
  facts.grant_type = GrantType::client_credentials;
  facts.has_person = false;
  if (live.client) facts.epochs.client = live.client->epoch;
  auto open = protocol::subject_gate(facts);
  if (!open) return open;
  if (to_seconds(live.claims->issued_at) < to_seconds(live.client->created_at)) {
    return refused(reason::gate_client_epoch);
  }
  return {};
}

// What the gate says of it now, and whether it is denied: one read for all of it.
struct Asked {
  Result<void> open;
  bool denied = false;
};

Task<Asked> ask_gate_alone(const Deps& deps, LiveToken& live) {
  auto alone = co_await deps.store.standings.find_alone(live.claims->client_id, live.claims->jti);
  live.client = std::move(alone.client);
  co_return Asked{judge_client_alone(live), alone.denied};
}

// Nothing: there is no such grant any more.
Task<std::optional<Asked>> ask_gate(const Deps& deps, LiveToken& live) {
  const auto& claims = *live.claims;
  if (!claims.grant) co_return co_await ask_gate_alone(deps, live);
  live.behind = co_await deps.store.grants.find_with_standing(*claims.grant, claims.jti);
  if (!live.behind) co_return std::nullopt;
  const auto& [grant, denied, standing] = *live.behind;
  live.client = standing.client;
  Asked asked{pass_gate(standing, grant, grant.session_bound, grant.type), denied};
  if (asked.open && grant.parent) asked.open = co_await judge_ancestors(deps, *grant.parent);
  co_return asked;
}

std::string subject_of(const Deps& deps, const LiveToken& live) {
  const auto* grant = live.grant();
  if (grant == nullptr) return {};
  if (!live.client) return grant->sub;
  return protocol::subject_for(*live.client, grant->sub, deps.pairwise_key);
}

// The one token that came, by whichever way.
Result<std::string> presented_token(const http::Request& request, const Form* body) {
  const auto query = Form::parse(request.query, limits::kFormFields);
  if (query && query->get("access_token")) return refused(reason::api_token_in_query);
  const auto header = request.headers.find("authorization");
  const auto in_body = body != nullptr ? body->get("access_token") : std::nullopt;
  if (in_body && (header || body->repeated("access_token"))) return refused(reason::bearer_twice);
  if (in_body) return std::string(*in_body);
  if (!header) return refused(reason::api_no_token);
  const auto token = http::parse_bearer(*header);
  if (!token) return refused(reason::api_bad_header);
  return std::string(*token);
}

}  // namespace

Task<Result<LiveToken>> find_live_token(const Deps& deps, std::string token) {
  auto claims = co_await read_token(deps, token);
  if (!claims) co_return std::unexpected(claims.error());
  LiveToken live;
  live.claims = std::move(*claims);
  const auto asked = co_await ask_gate(deps, live);
  if (!asked) co_return refused(reason::access_token_grant_gone);
  const auto behind = protocol::judge_grant_behind_token(
      *live.claims, live.grant(), subject_of(deps, live), asked->denied, asked->open);
  if (!behind) co_return std::unexpected(behind.error());
  co_return live;
}

Task<Result<LiveToken>> find_holder(const Deps& deps, const http::Request& request,
                                    const Form* body) {
  auto token = presented_token(request, body);
  if (!token) co_return std::unexpected(token.error());
  auto live = co_await find_live_token(deps, std::move(*token));
  if (!live) co_return live;
  const auto for_us = protocol::judge_audience(*live->claims, deps.policy);
  if (!for_us) co_return std::unexpected(for_us.error());
  co_return live;
}

// A request without any token gets the bare challenge (RFC6750-3.1). It says where this resource is
// described, so that a client that knows nothing else finds its way here (RFC9728-5.1).
http::Response challenge(const Deps& deps, const http::Request& request, const Error& error) {
  auto response = failure(request, error);
  std::string value = fmt::format("Bearer realm=\"{}\"", deps.policy.issuer);
  if (error.reason != &reason::api_no_token) {
    value += fmt::format(", error=\"{}\", error_description=\"{}\"", to_string(error.code()),
                         error.reason->description);
  }
  if (error.reason == &reason::userinfo_scope) value += ", scope=\"openid\"";
  value += fmt::format(", resource_metadata=\"{}/.well-known/oauth-protected-resource\"",
                       deps.policy.issuer);
  response.headers.set("WWW-Authenticate", std::move(value));
  return response;
}

}  // namespace claviger::endpoints
