#include "endpoints/api.hpp"

#include <fmt/format.h>

#include "base/limits.hpp"
#include "base/reasons/endpoints.hpp"
#include "endpoints/answers.hpp"
#include "endpoints/grants/grants.hpp"
#include "http/authorization_header.hpp"
#include "protocol/tokens/access_token.hpp"
#include "protocol/tokens/claims.hpp"

namespace claviger::endpoints {

namespace {

// A request without any token gets the bare challenge (RFC6750-3.1).
http::Response challenge(const Deps& deps, const http::Request& request, const Error& error) {
  auto response = failure(request, error);
  std::string value = fmt::format("Bearer realm=\"{}\"", deps.policy.issuer);
  if (error.reason != &reason::api_no_token) {
    value += fmt::format(", error=\"{}\", error_description=\"{}\"", to_string(error.code()),
                         error.reason->description);
  }
  response.headers.set("WWW-Authenticate", std::move(value));
  return response;
}

struct Holder {
  protocol::AccessTokenClaims claims;
  User user;
};

// The token's own truth, then the state of the grant behind it: a revocation counts at once here.
Task<Result<Holder>> find_holder(const Deps& deps, std::string_view token) {
  const auto ring = deps.keys.current();
  auto claims = protocol::verify_access_token(token, *ring, deps.policy, deps.clock.now());
  if (!claims) co_return std::unexpected(claims.error());
  std::optional<Grant> grant;
  if (claims->grant) grant = co_await deps.store.grants.find(*claims->grant);
  const bool denied = co_await deps.store.grants.is_denied(claims->jti);
  protocol::GateFacts facts;
  if (grant) facts = co_await load_gate(deps, granted_to(*grant), GrantType::authorization_code);
  const auto behind =
      protocol::judge_grant_behind_token(*claims, grant, denied, protocol::subject_gate(facts));
  if (!behind) co_return std::unexpected(behind.error());
  co_return Holder{std::move(*claims), std::move(*facts.user)};
}

}  // namespace

Task<http::Response> serve_api(const Deps& deps, const http::Request& request) {
  const auto query = Form::parse(request.query, limits::kFormFields);
  if (query && query->get("access_token")) {
    co_return failure(request, refuse(reason::api_token_in_query));
  }
  const auto header = request.headers.find("authorization");
  if (!header) co_return challenge(deps, request, refuse(reason::api_no_token));
  const auto token = http::parse_bearer(*header);
  if (!token) co_return challenge(deps, request, refuse(reason::api_bad_header));
  const auto holder = co_await find_holder(deps, *token);
  if (!holder) co_return challenge(deps, request, holder.error());
  boost::json::object members{{"data", protocol::claims_for(holder->user, holder->claims.scopes)}};
  auto response = success(std::move(members));
  response.client_id = holder->claims.client_id;
  co_return response;
}

}  // namespace claviger::endpoints
