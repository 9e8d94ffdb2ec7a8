#include "endpoints/revocation.hpp"

#include "base/reasons/bearer.hpp"
#include "endpoints/answers.hpp"
#include "endpoints/companions.hpp"

namespace claviger::endpoints {

namespace {

http::Response foreign(const http::Request& request, const Client& client,
                       const std::string& owner) {
  return failure(request, refuse(reason::revocation_foreign, owner, client.client_id),
                 client.client_id);
}

Task<http::Response> revoke_refresh(const Deps& deps, const http::Request& request,
                                    const Client& client, const Grant& grant) {
  if (grant.client_id != client.client_id) co_return foreign(request, client, grant.client_id);
  const bool ended = co_await deps.store.grants.revoke(grant.id, "client", deps.clock.now());
  if (ended) {
    deps.log.write(
        LogLevel::info, "grant.revoked",
        {{"cause", "client"}, {"client_id", client.client_id}, {"request_id", request.id}});
  }
  co_return success({});
}

Task<http::Response> revoke_access(const Deps& deps, const http::Request& request,
                                   const Client& client, const AccessTokenClaims& claims) {
  if (claims.client_id != client.client_id) co_return foreign(request, client, claims.client_id);
  co_await deps.store.grants.deny_token(claims.jti, claims.expires_at);
  co_return success({});
}

}  // namespace

// A token that is unknown, or dead already, is as good as revoked (RFC7009-2.2).
Task<http::Response> serve_revocation(const Deps& deps, const http::Request& request) {
  const auto asked = co_await parse_token_question(deps, request);
  if (!asked) co_return asked.error();
  const auto& client = *asked->client;
  auto response = success({});
  const auto refresh = co_await find_refresh(deps, asked->token);
  if (refresh) {
    response = co_await revoke_refresh(deps, request, client, refresh->found->grant);
  } else {
    const auto live = co_await find_live_token(deps, std::string(asked->token.reveal()));
    if (live) response = co_await revoke_access(deps, request, client, *live->claims);
  }
  response.client_id = client.client_id;
  co_return response;
}

}  // namespace claviger::endpoints
