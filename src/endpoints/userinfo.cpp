#include "endpoints/userinfo.hpp"

#include "base/limits.hpp"
#include "base/reasons/bearer.hpp"
#include "base/reasons/endpoints.hpp"
#include "endpoints/answers.hpp"
#include "endpoints/bearer.hpp"
#include "endpoints/client_keys.hpp"
#include "protocol/claims_request.hpp"
#include "protocol/tokens/id_token.hpp"
#include "protocol/tokens/person_claims.hpp"

namespace claviger::endpoints {

namespace {

// `sub` always, and first: a client compares it with the ID token's (OIDCC-5.3.2).
boost::json::object answer_of(const Deps& deps, const LiveToken& live) {
  // Parsed before it was stored; were it broken, less would be told.
  const auto asked = protocol::parse_claims_request(live.grant()->claims);
  const auto wanted = asked ? asked->userinfo : std::vector<protocol::WantedClaim>();
  const auto claims =
      protocol::person_claims(*live.user(), live.claims->scopes, wanted, *live.client, deps.policy);
  boost::json::object answer{{"sub", live.claims->sub}};
  for (const auto& [name, value] : claims) answer[name] = value;
  return answer;
}

// A JWT for this client alone. Without times, so that it can't pass for an ID token (JO-27).
boost::json::object addressed(const Deps& deps, const Client& client, boost::json::object answer) {
  answer["iss"] = deps.policy.issuer;
  answer["aud"] = client.client_id;
  return answer;
}

Task<Result<std::string>> protected_answer(const Deps& deps, const Client& client,
                                           boost::json::object answer) {
  const auto& protection = client.metadata.userinfo;
  std::shared_ptr<const crypto::JwkSet> recipient;
  if (!protection.encrypted_alg.empty()) {
    recipient = co_await find_client_keys(deps, client, "");
  }
  if (protection.signed_alg.empty()) {
    co_return protocol::encrypt_only(answer, protection, recipient.get(), deps.random);
  }
  const auto alg = crypto::parse_alg(protection.signed_alg).value_or(crypto::Alg::RS256);
  const auto ring = deps.keys.current();
  const auto payload = addressed(deps, client, std::move(answer));
  co_return protocol::protect(payload, protection, alg, "JWT", *ring, recipient.get(), deps.random,
                              deps.clock.now());
}

Task<http::Response> tell(const Deps& deps, const http::Request& request, const LiveToken& live) {
  const auto& client = *live.client;
  const auto& protection = client.metadata.userinfo;
  auto answer = answer_of(deps, live);
  auto response = http::json_response(200, answer);
  if (!protection.signed_alg.empty() || !protection.encrypted_alg.empty()) {
    auto jwt = co_await protected_answer(deps, client, std::move(answer));
    if (!jwt) co_return failure(request, jwt.error(), client.client_id);
    response.content_type = "application/jwt";
    response.body = std::move(*jwt);
  }
  response.client_id = client.client_id;
  co_return response;
}

Task<http::Response> serve(const Deps& deps, const http::Request& request, const Form* body) {
  const auto live = co_await find_holder(deps, request, body);
  if (!live) co_return challenge(deps, request, live.error());
  // A client of its own is nobody: there is no one to tell of.
  if (live->user() == nullptr || !protocol::contains(live->claims->scopes, protocol::kOpenid)) {
    auto response = challenge(deps, request, refuse(reason::userinfo_scope));
    response.client_id = live->claims->client_id;
    co_return response;
  }
  co_return co_await tell(deps, request, *live);
}

}  // namespace

Task<http::Response> serve_userinfo(const Deps& deps, const http::Request& request) {
  return serve(deps, request, nullptr);
}

Task<http::Response> serve_userinfo_post(const Deps& deps, const http::Request& request) {
  const auto body = Form::parse(request.body, limits::kFormFields);
  if (!body) co_return failure(request, refuse(reason::form_malformed));
  co_return co_await serve(deps, request, &*body);
}

}  // namespace claviger::endpoints
