#include "protocol/grants/client_credentials.hpp"

#include "endpoints/answers.hpp"
#include "endpoints/grants/grants.hpp"
#include "endpoints/issuing.hpp"

namespace claviger::endpoints {

Task<http::Response> serve_client_credentials(const Deps& deps, const http::Request& request,
                                              const protocol::ClientCredentialsRequest& asked,
                                              const protocol::AuthenticatedClient& client) {
  const auto& record = client.record();
  auto plan = protocol::plan_client_credentials(asked, client, deps.policy);
  if (!plan) co_return failure(request, plan.error(), record.client_id);
  AccessTokenOrder order;
  // A client's id is no person's `sub`, and the token says `client_id` too (CA-22).
  order.sub = record.client_id;
  order.scopes = plan->scopes;
  order.resources = std::move(plan->resources);
  const auto issued = co_await issue_access_token(deps, record, std::move(order));
  auto body = begun_success();
  body.text("access_token", issued.token.reveal())
      .text("token_type", "Bearer")
      .number("expires_in", deps.policy.access_token_ttl.count())
      .text("scope", protocol::to_text(plan->scopes));
  auto response = finished(std::move(body));
  response.client_id = record.client_id;
  deps.metrics->issued(GrantType::client_credentials, TokenKind::access_token);
  if (deps.log.shows(LogLevel::info)) {
    deps.log.write(LogLevel::info, "token.issued",
                   {{"client_id", record.client_id}, {"grant_type", "client_credentials"}});
  }
  co_return response;
}

}  // namespace claviger::endpoints
