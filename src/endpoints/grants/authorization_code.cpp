#include "protocol/grants/authorization_code.hpp"

#include "base/reasons/code.hpp"
#include "endpoints/answers.hpp"
#include "endpoints/grants/grants.hpp"
#include "endpoints/issuing.hpp"
#include "protocol/authorize/redirect_uri.hpp"
#include "protocol/tokens/refresh_token.hpp"

namespace claviger::endpoints {

namespace {

// Carries out what a refused presentation costs the code, then answers.
Task<http::Response> refuse_code(const Deps& deps, const http::Request& request,
                                 protocol::RefusedCode refused, const Id& selector,
                                 std::optional<Id> grant, const Client& client) {
  const Time now = deps.clock.now();
  switch (refused.consequence) {
    case protocol::Consequence::none:
      break;
    case protocol::Consequence::count_failure:
      co_await deps.store.codes.count_failure(selector, now);
      break;
    case protocol::Consequence::burn_code:
      co_await deps.store.codes.burn(selector, now);
      break;
    case protocol::Consequence::revoke_grant:
      if (grant) co_await deps.store.grants.revoke(*grant, "code_reuse", now);
      deps.log.write(
          LogLevel::warning, "grant.revoked",
          {{"cause", "code_reuse"}, {"client_id", client.client_id}, {"request_id", request.id}});
      break;
  }
  co_return failure(request, refused.error, client.client_id);
}

Task<http::Response> redeem(const Deps& deps, const http::Request& request, const Code& code,
                            const Client& client, SharedUser user,
                            std::vector<std::string> resources) {
  const Time now = deps.clock.now();
  const auto ring = deps.keys.current();
  const std::string mac_kid = ring->refresh_mac(now).kid;
  auto issue = protocol::plan_issue(code, client, deps.policy, Id::make(now, deps.random),
                                    Id::make(now, deps.random), mac_kid, code.storage_epoch, now);
  std::optional<Secret> refresh;
  if (issue.family) {
    const protocol::RefreshClaims first{issue.family->id, issue.family->counter};
    refresh = protocol::mint_refresh_token(first, mac_kid, *ring);
  }
  store::RedeemPlan plan{code.selector, std::move(issue.grant), std::move(issue.family), now};
  const auto redemption = co_await deps.store.codes.redeem(std::move(plan));
  if (const auto* won = std::get_if<store::Codes::Redeemed>(&redemption)) {
    TokenAnswer answer;
    // What was taken from the client since the person said yes is not given any more.
    answer.scopes = protocol::clamp_scopes(won->grant.scopes, client, deps.policy);
    answer.resources = std::move(resources);
    answer.refresh = std::move(refresh);
    answer.nonce = code.nonce;
    answer.user = std::move(user);
    co_return co_await answer_with_tokens(deps, request, client, won->grant, std::move(answer));
  }
  if (const auto* lost = std::get_if<store::Codes::AlreadyRedeemed>(&redemption)) {
    const auto replay = protocol::judge_replay(request.arrived, lost->redeemed_at);
    co_return co_await refuse_code(deps, request, replay, code.selector, lost->grant, client);
  }
  co_return failure(request, refuse(reason::code_unknown), client.client_id);
}

}  // namespace

Task<http::Response> redeem_code(const Deps& deps, const http::Request& request,
                                 const protocol::CodeRequest& asked,
                                 const protocol::AuthenticatedClient& client) {
  const auto& record = client.record();
  const auto token = protocol::parse_code(asked.code);
  if (!token) co_return failure(request, refuse(reason::code_malformed), record.client_id);
  const auto found = co_await deps.store.codes.find_with_standing(token->selector);
  const Code* const code = found ? &found->code : nullptr;
  const auto presented =
      protocol::judge_code_presentation(asked, *token, code, client, deps.clock.now());
  if (!presented) {
    co_return co_await refuse_code(deps, request, presented.error(), token->selector, {}, record);
  }
  if (code->redeemed_at) {
    const auto replay = protocol::judge_replay(request.arrived, *code->redeemed_at);
    co_return co_await refuse_code(deps, request, replay, code->selector, code->grant, record);
  }
  const auto open = pass_gate(found->standing, *code);
  if (!open) co_return failure(request, open.error(), record.client_id);
  // The URI may have been taken from the client since (RU-20).
  const auto target = protocol::match_redirect_uri(record, code->redirect_uri);
  if (!target) {
    co_return failure(request, refuse(reason::code_redirect_uri_gone), record.client_id);
  }
  auto resources = protocol::narrow_resources(code->resources, asked.resources, deps.policy);
  if (!resources) co_return failure(request, resources.error(), record.client_id);
  co_return co_await redeem(deps, request, *code, record, found->standing.user,
                            std::move(*resources));
}

}  // namespace claviger::endpoints
