#include "protocol/grants/refresh_token.hpp"

#include <algorithm>

#include "base/reasons/refresh_token.hpp"
#include "endpoints/answers.hpp"
#include "endpoints/grants/grants.hpp"
#include "endpoints/issuing.hpp"
#include "http/router.hpp"

namespace claviger::endpoints {

namespace {

// What one look at the family led to: an answer, or the news that somebody else moved it.
using Attempt = std::optional<http::Response>;

struct Refresh {
  const Deps& deps;
  const http::Request& request;
  const protocol::RefreshRequest& asked;
  const protocol::AuthenticatedClient& client;
  protocol::RefreshClaims token;
};

Task<http::Response> end_family(const Refresh& refresh, Id grant, Error error,
                                std::string because) {
  const Time now = refresh.deps.clock.now();
  if (error.reason->id == reason::refresh_reuse.id) refresh.deps.metrics->refresh_reuse.add();
  co_await refresh.deps.store.grants.revoke(grant, because, now);
  const auto& client_id = refresh.client.record().client_id;
  refresh.deps.log.write(
      LogLevel::warning, "grant.revoked",
      {{"cause", because}, {"client_id", client_id}, {"request_id", refresh.request.id}});
  co_return failure(refresh.request, error, client_id);
}

// What this refresh asks of what was granted.
struct Narrowed {
  protocol::Scopes scopes;
  std::vector<std::string> resources;
};

Result<Narrowed> narrow(const Refresh& refresh, const Grant& grant) {
  const auto& policy = refresh.deps.policy;
  auto scopes =
      protocol::narrow_scope(grant.scopes, refresh.asked.scope, refresh.client.record(), policy);
  if (!scopes) return std::unexpected(std::move(scopes.error()));
  auto resources = protocol::narrow_resources(grant.resources, refresh.asked.resources, policy);
  if (!resources) return std::unexpected(std::move(resources.error()));
  return Narrowed{std::move(*scopes), std::move(*resources)};
}

// The ID token of a refresh is that of the sign-in, but for its times and the nonce (OIDCC-12.2).
Task<Attempt> answer(const Refresh& refresh, const store::FamilyWithGrant& found, Narrowed narrowed,
                     std::string mac_kid, std::int64_t n) {
  const auto ring = refresh.deps.keys.current();
  const protocol::RefreshClaims successor{refresh.token.family, n};
  TokenAnswer with;
  with.refreshed = true;
  with.user = found.standing.user;
  with.scopes = std::move(narrowed.scopes);
  with.resources = std::move(narrowed.resources);
  with.refresh = protocol::mint_refresh_token(successor, mac_kid, *ring);
  co_return co_await answer_with_tokens(refresh.deps, refresh.request, refresh.client.record(),
                                        found.grant, std::move(with));
}

Task<Attempt> advance(const Refresh& refresh, const store::FamilyWithGrant& found,
                      Narrowed narrowed, const protocol::RefreshStep& step) {
  const auto& deps = refresh.deps;
  const Time now = deps.clock.now();
  store::RotatePlan plan;
  plan.family = found.family.id;
  plan.mac_kid = deps.keys.current()->refresh_mac(now).kid;
  plan.idle_expires_at = protocol::next_idle_expiry(found.family, deps.policy, now);
  plan.now = now;
  const auto* forward = std::get_if<protocol::FastForward>(&step);
  plan.from = forward != nullptr ? forward->to : std::get<protocol::Rotate>(step).from;
  const auto rotation = forward != nullptr ? co_await deps.store.grants.fast_forward(plan)
                                           : co_await deps.store.grants.rotate(plan);
  if (rotation == store::Grants::Rotation::lost) co_return std::nullopt;
  co_return co_await answer(refresh, found, std::move(narrowed), plan.mac_kid, plan.from + 1);
}

// No more is believed of any measurement than what nodes may differ by.
Duration clock_spread(const Deps& deps) {
  const Duration spread(deps.readiness->clock_spread);
  return std::clamp(spread, Duration(0), Readiness::kClockTolerance);
}

Task<Attempt> attempt(const Refresh& refresh) {
  const auto& deps = refresh.deps;
  const auto& client_id = refresh.client.record().client_id;
  const auto found = co_await deps.store.grants.find_family(refresh.token.family);
  protocol::RefreshMoment moment{deps.clock.now(), {}, clock_spread(deps)};
  if (found) moment.epoch = found->epoch;
  const auto step = protocol::decide_refresh(refresh.token, found ? &found->family : nullptr,
                                             found ? &found->grant : nullptr, refresh.client,
                                             deps.policy, moment);
  if (const auto* refused = std::get_if<protocol::Refuse>(&step)) {
    co_return failure(refresh.request, refused->error, client_id);
  }
  if (const auto* end = std::get_if<protocol::EndFamily>(&step)) {
    co_return co_await end_family(refresh, found->grant.id, end->error, end->because);
  }
  const auto open = pass_gate(found->standing, found->grant, found->grant.session_bound,
                              GrantType::refresh_token);
  if (!open && open.error().code() == ErrorCode::invalid_grant) {
    co_return co_await end_family(refresh, found->grant.id, open.error(), "gate");
  }
  if (!open) co_return failure(refresh.request, open.error(), client_id);
  auto narrowed = narrow(refresh, found->grant);
  if (!narrowed) co_return failure(refresh.request, narrowed.error(), client_id);
  if (const auto* repeat = std::get_if<protocol::Repeat>(&step)) {
    co_return co_await answer(refresh, *found, std::move(*narrowed), found->family.mac_kid,
                              repeat->successor);
  }
  co_return co_await advance(refresh, *found, std::move(*narrowed), step);
}

}  // namespace

Task<http::Response> refresh_tokens(const Deps& deps, const http::Request& request,
                                    const protocol::RefreshRequest& asked,
                                    const protocol::AuthenticatedClient& client) {
  const auto ring = deps.keys.current();
  const auto token = protocol::verify_refresh_token(asked.refresh_token, *ring);
  if (!token) {
    co_return failure(request, refuse(reason::refresh_malformed), client.record().client_id);
  }
  const Refresh refresh{deps, request, asked, client, *token};
  // Who lost a race looks again: the winner's successor is then within the grace (RT-02).
  for (int look = 0; look < 3; ++look) {
    auto answered = co_await attempt(refresh);
    if (answered) co_return std::move(*answered);
  }
  throw http::TemporarilyUnavailable("a refresh token family kept moving");
}

}  // namespace claviger::endpoints
