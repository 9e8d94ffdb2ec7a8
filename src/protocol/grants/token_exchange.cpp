#include "protocol/grants/token_exchange.hpp"

#include <algorithm>
#include <boost/json.hpp>

#include "base/json.hpp"
#include "base/reasons/exchange.hpp"
#include "base/reasons/gate.hpp"
#include "protocol/grants/client_credentials.hpp"

namespace claviger::protocol {
namespace {

namespace json = boost::json;

bool names(const std::vector<std::string>& audience, std::string_view who) {
  return std::ranges::find(audience, who) != audience.end();
}

// Whoever merely came by a token may not make another one of it: it has to be the client's own, or
// meant for it as a resource.
Result<void> judge_parties(const Client& client, const AccessTokenClaims& subject,
                           const AccessTokenClaims* actor) {
  if (client.is_public()) return refused(reason::exchange_public);
  if (!client.may_use(GrantType::token_exchange)) return refused(reason::gate_grant_type);
  if (!subject.grant) return refused(reason::exchange_no_person);
  if (subject.client_id != client.client_id && !names(subject.audience, client.client_id)) {
    return refused(reason::exchange_not_meant, client.client_id, subject.client_id);
  }
  // Nobody is named as acting but by a token that this client itself was given.
  if (actor && actor->client_id != client.client_id) {
    return refused(reason::exchange_actor_invalid, client.client_id, actor->client_id);
  }
  return {};
}

// TX-01: what is asked for is within the subject token and within the client's own bounds, or it is
// refused. Nothing asked for: as much as both allow.
Result<Scopes> judge_scopes(const std::optional<Scopes>& asked, const Scopes& subject,
                            const Client& client, const Policy& policy) {
  const auto allowed = clamp_scopes(subject, client, policy);
  if (asked && !covers(allowed, *asked)) {
    return refused(reason::exchange_scope, to_text(allowed), to_text(*asked));
  }
  // Nobody signs in by an exchange.
  return without_sign_in(asked.value_or(allowed));
}

// Any resource that is offered. Our own endpoints tell about the person: they are within reach only
// if the subject token could be used there, or is the client's own.
Result<std::vector<std::string>> judge_audience(const ExchangeRequest& request,
                                                const Client& client,
                                                const AccessTokenClaims& subject,
                                                const Policy& policy) {
  if (request.targets.empty()) return subject.audience;
  auto targets = judge_targets(request.targets, policy);
  if (!targets) return targets;
  const bool own = subject.client_id == client.client_id;
  const bool here = names(*targets, policy.issuer);
  if (here && !own && !names(subject.audience, policy.issuer)) {
    return refused(reason::exchange_target, to_text(subject.audience), policy.issuer);
  }
  return targets;
}

std::size_t depth_of(const json::object& act) {
  std::size_t depth = 1;
  const auto* at = &act;
  while (const auto* next = at->if_contains("act")) {
    at = next->if_object();
    ++depth;
    if (at == nullptr || depth > kMostActors) break;
  }
  return depth;
}

// The client that calls is always named, and stands outermost; whoever acted before stays below it
// (RFC8693-4.1).
Result<std::string> name_actor(const Client& client, const AccessTokenClaims& subject,
                               const AccessTokenClaims* actor) {
  json::object act{{"sub", actor ? actor->sub : client.client_id}, {"client_id", client.client_id}};
  if (!subject.act.empty()) {
    auto before = parse_json(subject.act);
    if (!before || !before->is_object()) return refused(reason::exchange_subject_invalid);
    act["act"] = std::move(*before);
  }
  if (depth_of(act) > kMostActors) return refused(reason::exchange_too_deep);
  return json::serialize(act);
}

}  // namespace

Result<ExchangePlan> plan_exchange(const ExchangeRequest& request,
                                   const AuthenticatedClient& client,
                                   const AccessTokenClaims& subject, const AccessTokenClaims* actor,
                                   const Policy& policy) {
  const auto& record = client.record();
  const auto parties = judge_parties(record, subject, actor);
  if (!parties) return std::unexpected(parties.error());
  auto scopes = judge_scopes(request.scope, subject.scopes, record, policy);
  if (!scopes) return std::unexpected(std::move(scopes.error()));
  auto resources = judge_audience(request, record, subject, policy);
  if (!resources) return std::unexpected(std::move(resources.error()));
  auto act = name_actor(record, subject, actor);
  if (!act) return std::unexpected(std::move(act.error()));
  return ExchangePlan{std::move(*scopes), std::move(*resources), std::move(*act)};
}

}  // namespace claviger::protocol
