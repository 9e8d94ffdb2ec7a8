#include <algorithm>

#include "admin/arguments.hpp"
#include "admin/nouns.hpp"
#include "admin/show.hpp"
#include "base/reasons/admin.hpp"
#include "crypto/jws.hpp"
#include "protocol/gate.hpp"
#include "protocol/tokens/access_token.hpp"
#include "protocol/tokens/refresh_token.hpp"
#include "protocol/tokens/subject.hpp"

namespace claviger::admin {

namespace json = boost::json;

namespace {

bool looks_compact(std::string_view text) { return std::ranges::count(text, '.') == 2; }

// What /api would ask the gate, as everybody stands now.
Result<void> pass_gate(const store::Standing& now, const Grant& grant) {
  protocol::GateFacts facts;
  facts.user = now.user.get();
  facts.client = now.client.get();
  facts.consent_epoch = now.consent_epoch;
  facts.session_ended = now.session_ended;
  facts.epochs = grant.epochs;
  facts.session_bound = grant.session_bound;
  facts.grant_type = grant.type;
  return protocol::subject_gate(facts);
}

// What the grant's person is called before that client.
std::string subject_of(const Deps& deps, const Client& client, const Grant& grant) {
  const Digest key = deps.master.derive(protocol::kPairwiseKeyPurpose);
  return protocol::subject_for(client, grant.sub, key);
}

Answer revoke_grant(const Deps& deps, Id id) {
  const auto grant = co_await deps.store.grants.find(id);
  if (!grant) co_return refused(reason::admin_token_unknown, "", id.text());
  const bool revoked = co_await deps.store.grants.revoke(id, "operator", deps.clock.now());
  json::object answer{{"revoked", "grant"}, {"already", !revoked}};
  const auto after = co_await deps.store.grants.find(id);
  answer["grant"] = show(after ? *after : *grant);
  co_return answer;
}

Answer deny(const Deps& deps, std::string jti, Time until) {
  co_await deps.store.grants.deny_token(jti, until);
  co_return json::object{{"revoked", "access_token"}, {"jti", jti}, {"until", rfc3339(until)}};
}

// A token of ours, proven by its key: only such a one is acted on.
Answer revoke_token(const Deps& deps, std::string token) {
  const auto ring = deps.keys.current();
  const auto refresh = protocol::verify_refresh_token(Secret(token), *ring);
  if (refresh) {
    const auto family = co_await deps.store.grants.find_family(refresh->family);
    if (!family) co_return refused(reason::admin_token_unknown);
    co_return co_await revoke_grant(deps, family->grant.id);
  }
  const Time now = deps.clock.now();
  const auto claims = protocol::verify_access_token(token, *ring, deps.policy, now);
  if (!claims) co_return std::unexpected(claims.error());
  co_return co_await deny(deps, claims->jti, claims->expires_at);
}

}  // namespace

// {token} -> {verified: false, header, payload, expired?}: what is written in it, without any
// proof.
Answer token_inspect(const Deps& deps, json::object arguments) {
  Arguments in(std::move(arguments), {"token"});
  const auto token = in.text("token");
  if (in.fault()) co_return std::unexpected(*in.fault());
  const auto seen = crypto::peek_jws(token);
  if (!seen) co_return refused(reason::admin_not_a_token, "", std::string(to_string(seen.error())));
  json::object answer{{"verified", false}, {"header", seen->header}, {"payload", seen->payload}};
  const auto* expiry = seen->payload.if_contains("exp");
  if (expiry != nullptr && expiry->is_int64()) {
    answer["expired"] = expiry->as_int64() <= to_seconds(deps.clock.now());
  }
  co_return answer;
}

// {token} -> {valid: true, sub, client_id, scope, jti, issued_at, expires_at, grant?}, or the very
// refusal that /api would answer with.
Answer token_verify(const Deps& deps, json::object arguments) {
  Arguments in(std::move(arguments), {"token"});
  const auto token = in.text("token");
  if (in.fault()) co_return std::unexpected(*in.fault());
  const auto ring = deps.keys.current();
  const auto claims = protocol::verify_access_token(token, *ring, deps.policy, deps.clock.now());
  if (!claims) co_return std::unexpected(claims.error());
  std::optional<Grant> grant;
  if (claims->grant) grant = co_await deps.store.grants.find(*claims->grant);
  const bool denied = co_await deps.store.grants.is_denied(claims->jti);
  store::Standing now;
  Result<void> open = protocol::subject_gate({});
  if (grant) {
    now = co_await deps.store.standings.find(grant->sub, grant->client_id, grant->session);
    open = pass_gate(now, *grant);
  }
  const auto subject = now.client ? subject_of(deps, *now.client, *grant) : std::string();
  const auto behind =
      protocol::judge_grant_behind_token(*claims, grant ? &*grant : nullptr, subject, denied, open);
  if (!behind) co_return std::unexpected(behind.error());
  json::object answer{{"valid", true},
                      {"sub", claims->sub},
                      {"client_id", claims->client_id},
                      {"scope", protocol::to_text(claims->scopes)},
                      {"jti", claims->jti},
                      {"issued_at", rfc3339(claims->issued_at)},
                      {"expires_at", rfc3339(claims->expires_at)}};
  if (grant) answer["grant"] = show(*grant);
  co_return answer;
}

// {token}: an access token (that one), a refresh token (its whole grant), a grant's id, or the jti
// of an access token. -> {revoked: "grant" | "access_token", ...}.
Answer token_revoke(const Deps& deps, json::object arguments) {
  Arguments in(std::move(arguments), {"token"});
  const auto token = in.text("token");
  if (in.fault()) co_return std::unexpected(*in.fault());
  if (looks_compact(token)) co_return co_await revoke_token(deps, token);
  const auto id = Id::parse(token);
  if (!id) co_return refused(reason::admin_token_unknown);
  const auto grant = co_await deps.store.grants.find(*id);
  if (grant) co_return co_await revoke_grant(deps, *id);
  // No access token lives longer than this from now on.
  const Time until = deps.clock.now() + deps.policy.access_token_ttl;
  co_return co_await deny(deps, token, until);
}

}  // namespace claviger::admin
