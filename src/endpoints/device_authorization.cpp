#include "endpoints/device_authorization.hpp"

#include "base/limits.hpp"
#include "base/reasons/endpoints.hpp"
#include "base/token.hpp"
#include "crypto/digest.hpp"
#include "endpoints/answers.hpp"
#include "endpoints/client_authentication.hpp"
#include "http/router.hpp"
#include "protocol/grants/device.hpp"

namespace claviger::endpoints {

namespace {

struct Waiting {
  OpaqueToken token;
  DeviceCode code;
};

DeviceCode make_code(const Deps& deps, const http::Request& request, const Client& client,
                     const protocol::DeviceAuthorizationPlan& plan) {
  DeviceCode code;
  code.client_id = client.client_id;
  code.scopes = plan.scopes;
  code.resources = plan.resources;
  code.requester = request.client_ip;
  code.interval = deps.policy.device_interval;
  code.issued_at = deps.clock.now();
  code.expires_at = code.issued_at + deps.policy.device_code_ttl;
  return code;
}

// Another device may have the same user code: then the next one.
Task<Waiting> begin(const Deps& deps, DeviceCode code) {
  constexpr int kTries = 5;
  for (int attempt = 0; attempt < kTries; ++attempt) {
    const auto user_code = protocol::user_code_of(deps.random.bytes<32>());
    if (!user_code) continue;
    const auto token = OpaqueToken::make(code.issued_at, deps.random);
    code.selector = token.selector;
    code.verifier_hash = crypto::sha256(ByteView(token.verifier));
    code.user_code = *user_code;
    const auto added = co_await deps.store.device_codes.add(code);
    if (added == store::DeviceCodes::Added::added) co_return Waiting{token, code};
  }
  throw http::TemporarilyUnavailable("no free user code was found");
}

// RFC8628-3.2: the members that the clause names, and none besides.
http::Response answer(const Deps& deps, const Waiting& waiting) {
  const auto& code = waiting.code;
  const auto shown = protocol::shown_user_code(code.user_code);
  const auto uri = deps.policy.issuer + "/device";
  boost::json::object members{{"device_code", waiting.token.text().reveal()}};
  members["user_code"] = shown;
  members["verification_uri"] = uri;
  if (deps.policy.device_link) {
    members["verification_uri_complete"] = uri + "?user_code=" + shown;
  }
  members["expires_in"] = deps.policy.device_code_ttl.count();
  members["interval"] = code.interval.count();
  auto response = http::json_response(200, members);
  response.client_id = code.client_id;
  return response;
}

}  // namespace

Task<http::Response> serve_device_authorization(const Deps& deps, const http::Request& request) {
  const auto body = Form::parse(request.body, limits::kFormFields);
  if (!body) co_return failure(request, refuse(reason::form_malformed));
  const auto query = Form::parse(request.query, limits::kFormFields);
  if (!query) co_return failure(request, refuse(reason::query_malformed));
  const auto client = co_await authenticate_client(deps, request, *body, *query);
  if (!client) co_return refuse_client(request, client.error());
  const auto& record = client->record();
  const auto plan = protocol::plan_device_authorization(*body, *query, *client, deps.policy);
  if (!plan) co_return failure(request, plan.error(), record.client_id);
  auto code = make_code(deps, request, record, *plan);
  const auto waiting = co_await begin(deps, std::move(code));
  co_return answer(deps, waiting);
}

}  // namespace claviger::endpoints
