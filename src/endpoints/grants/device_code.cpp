#include "base/reasons/device.hpp"
#include "endpoints/answers.hpp"
#include "endpoints/grants/grants.hpp"
#include "endpoints/issuing.hpp"
#include "protocol/grants/device.hpp"
#include "protocol/tokens/refresh_token.hpp"

namespace claviger::endpoints {

namespace {

// Nobody has answered yet. Who asks too often is told so, and has to wait longer (DV-03).
Task<http::Response> answer_pending(const Deps& deps, const http::Request& request,
                                    const DeviceCode& code) {
  const auto polled = co_await deps.store.device_codes.poll(code.selector, deps.clock.now());
  const bool noted = polled == store::DeviceCodes::Polled::noted;
  const auto& why = noted ? reason::device_pending : reason::device_slow_down;
  co_return failure(request, refuse(why), code.client_id);
}

Task<http::Response> redeem(const Deps& deps, const http::Request& request, const DeviceCode& code,
                            const Client& client, SharedUser user) {
  const Time now = deps.clock.now();
  const auto ring = deps.keys.current();
  const std::string mac_kid = ring->refresh_mac(now).kid;
  auto issue =
      protocol::plan_device_issue(code, client, deps.policy, Id::make(now, deps.random),
                                  Id::make(now, deps.random), mac_kid, code.storage_epoch, now);
  std::optional<Secret> refresh;
  if (issue.family) {
    const protocol::RefreshClaims first{issue.family->id, issue.family->counter};
    refresh = protocol::mint_refresh_token(first, mac_kid, *ring);
  }
  store::DeviceRedeemPlan plan{code.selector, std::move(issue.grant), std::move(issue.family), now};
  const auto redemption = co_await deps.store.device_codes.redeem(std::move(plan));
  const auto* won = std::get_if<store::DeviceCodes::Redeemed>(&redemption);
  if (won == nullptr) co_return failure(request, refuse(reason::device_code_used), code.client_id);
  TokenAnswer answer;
  // What was taken from the client since the person said yes is not given any more.
  answer.scopes = protocol::clamp_scopes(won->grant.scopes, client, deps.policy);
  answer.resources = won->grant.resources;
  answer.refresh = std::move(refresh);
  answer.user = std::move(user);
  co_return co_await answer_with_tokens(deps, request, client, won->grant, std::move(answer));
}

}  // namespace

Task<http::Response> redeem_device_code(const Deps& deps, const http::Request& request,
                                        const protocol::DeviceRequest& asked,
                                        const protocol::AuthenticatedClient& client) {
  const auto& record = client.record();
  const auto token = OpaqueToken::parse(asked.device_code.reveal());
  if (!token) co_return failure(request, refuse(reason::device_code_unknown), record.client_id);
  const auto code = co_await deps.store.device_codes.find(token->selector);
  const auto state = protocol::judge_device_poll(*token, code, record, deps.clock.now());
  if (!state) co_return failure(request, state.error(), record.client_id);
  if (*state == protocol::DeviceState::pending) {
    co_return co_await answer_pending(deps, request, *code);
  }
  // The person may have been shut out since the approval (DV-06).
  const auto& approved = *code->approved;
  auto standing =
      co_await deps.store.standings.find(approved.sub, approved.client_id, approved.session);
  // Bound to the session of the person who approved, as a code's would be to that of the browser.
  const bool bound = refresh_due({}, approved.scopes).session_bound;
  const auto open = pass_gate(standing, approved, bound, GrantType::device_code);
  if (!open) co_return failure(request, open.error(), record.client_id);
  co_return co_await redeem(deps, request, *code, record, std::move(standing.user));
}

}  // namespace claviger::endpoints
