#include "endpoints/introspection.hpp"

#include "base/reasons/bearer.hpp"
#include "endpoints/answers.hpp"
#include "endpoints/client_keys.hpp"
#include "endpoints/companions.hpp"
#include "endpoints/grants/grants.hpp"
#include "protocol/tokens/id_token.hpp"
#include "protocol/tokens/introspection.hpp"
#include "protocol/tokens/subject.hpp"

namespace claviger::endpoints {

namespace {

bool is_live(const PresentedRefresh& refresh, Time now) {
  const auto& family = refresh.found->family;
  const auto& grant = refresh.found->grant;
  return !grant.revoked_at && refresh.n == family.counter && now < family.expires_at &&
         now < family.idle_expires_at;
}

boost::json::object describe_refresh(const Deps& deps, const Client& caller,
                                     const PresentedRefresh& refresh) {
  const auto& grant = refresh.found->grant;
  const bool theirs = protocol::may_introspect(caller, grant);
  if (!theirs || !is_live(refresh, deps.clock.now())) return protocol::introspect_nothing();
  const auto open =
      pass_gate(refresh.found->standing, grant, grant.session_bound, GrantType::refresh_token);
  if (!open) return protocol::introspect_nothing();
  const auto subject = protocol::subject_for(caller, grant.sub, deps.pairwise_key);
  return protocol::introspect_refresh_token(grant, refresh.found->family, subject, deps.policy);
}

// Unknown, ended, or none of the caller's business: it can't tell which (IN-02).
Task<boost::json::object> describe(const Deps& deps, const AskedAboutToken& asked) {
  const auto refresh = co_await find_refresh(deps, asked.token);
  if (refresh) co_return describe_refresh(deps, *asked.client, *refresh);
  const auto live = co_await find_live_token(deps, std::string(asked.token.reveal()));
  if (!live || !protocol::may_introspect(*asked.client, *live->claims)) {
    co_return protocol::introspect_nothing();
  }
  co_return protocol::introspect_access_token(*live->claims, deps.policy);
}

Task<http::Response> sign(const Deps& deps, const http::Request& request, const Client& caller,
                          boost::json::object answer) {
  const auto& protection = caller.metadata.introspection;
  std::shared_ptr<const crypto::JwkSet> recipient;
  if (!protection.encrypted_alg.empty()) {
    recipient = co_await find_client_keys(deps, caller, "");
  }
  const Time now = deps.clock.now();
  const auto alg = crypto::parse_alg(protection.signed_alg).value_or(crypto::Alg::RS256);
  const auto claims = protocol::introspection_claims(std::move(answer), caller, deps.policy, now);
  const auto ring = deps.keys.current();
  auto jwt = protocol::protect(claims, protection, alg, "token-introspection+jwt", *ring,
                               recipient.get(), deps.random, now);
  if (!jwt) co_return failure(request, jwt.error(), caller.client_id);
  http::Response response;
  response.content_type = "application/token-introspection+jwt";
  response.body = std::move(*jwt);
  co_return response;
}

}  // namespace

Task<http::Response> serve_introspection(const Deps& deps, const http::Request& request) {
  const auto asked = co_await parse_token_question(deps, request);
  if (!asked) co_return asked.error();
  const auto& caller = *asked->client;
  // Whoever only names itself proves nothing (IN-01).
  if (caller.is_public()) {
    co_return failure(request, refuse(reason::introspection_public_client), caller.client_id);
  }
  auto answer = co_await describe(deps, *asked);
  const auto accept = request.headers.find("accept").value_or("");
  http::Response response;
  if (protocol::wants_signed_introspection(accept)) {
    response = co_await sign(deps, request, caller, std::move(answer));
  } else {
    response = http::json_response(200, answer);
  }
  response.client_id = caller.client_id;
  response.headers.set("Vary", "Accept");
  co_return response;
}

}  // namespace claviger::endpoints
