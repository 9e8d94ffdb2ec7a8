#include "endpoints/token.hpp"

#include "base/limits.hpp"
#include "base/reasons/client_authentication.hpp"
#include "base/reasons/endpoints.hpp"
#include "endpoints/answers.hpp"
#include "endpoints/grants/grants.hpp"
#include "http/authorization_header.hpp"
#include "protocol/client_authentication/authenticate.hpp"
#include "protocol/grants/request.hpp"

namespace claviger::endpoints {

namespace {

protocol::HeaderCredentials header_credentials(const http::Request& request) {
  protocol::HeaderCredentials credentials;
  const auto header = request.headers.find("authorization");
  const auto scheme = http::authorization_scheme(header);
  credentials.present = scheme != http::Scheme::none;
  credentials.basic = scheme == http::Scheme::basic;
  if (credentials.basic) {
    if (auto basic = http::parse_basic(*header)) {
      credentials.parsed.emplace(std::move(basic->client_id), std::move(basic->secret));
    }
  }
  return credentials;
}

// 401 names the scheme only to a client that used it (RFC6749-5.2). An id that nobody registered is
// not counted under its name: a flood of invented ones would push every other refusal out of
// memory.
http::Response refuse_client(const http::Request& request, const Error& error,
                             const protocol::PresentedClient& presented) {
  const bool known = error.reason != &reason::client_unknown;
  auto response = failure(request, error, known ? presented.client_id : "");
  if (response.status == 401 && presented.by_header) {
    response.headers.set("WWW-Authenticate", "Basic realm=\"token\"");
  }
  return response;
}

// Who guesses secrets is slowed down, per client and address: never the client itself (CA-13).
Task<Result<protocol::AuthenticatedClient>> authenticate(
    const Deps& deps, const http::Request& request, const protocol::PresentedClient& presented) {
  const Time now = deps.clock.now();
  const auto record = co_await deps.store.clients.find(presented.client_id);
  const auto ring = deps.keys.current();
  auto client = protocol::judge_client(presented, record, *ring, now);
  if (!client && client.error().code() == ErrorCode::invalid_client && !request.peer_is_loopback) {
    const std::string bucket = presented.client_id + "|" + request.client_ip;
    const auto wait = deps.client_failures.take(http::RateClass::token, bucket, now);
    if (wait) co_return refused(reason::client_throttled);
  }
  co_return client;
}

}  // namespace

Task<http::Response> serve_token(const Deps& deps, const http::Request& request) {
  const auto body = Form::parse(request.body, limits::kFormFields);
  if (!body) co_return failure(request, refuse(reason::form_malformed));
  const auto query = Form::parse(request.query, limits::kFormFields);
  if (!query) co_return failure(request, refuse(reason::query_malformed));

  const auto header = header_credentials(request);
  const auto presented = protocol::parse_client_credentials(header, *body, *query);
  if (!presented) {
    protocol::PresentedClient unknown;
    unknown.by_header = header.present;
    co_return refuse_client(request, presented.error(), unknown);
  }
  const auto client = co_await authenticate(deps, request, *presented);
  if (!client) co_return refuse_client(request, client.error(), *presented);

  const auto asked = protocol::parse_token_request(*body, *query);
  if (!asked) co_return failure(request, asked.error(), presented->client_id);
  if (const auto* code = std::get_if<protocol::CodeRequest>(&*asked)) {
    co_return co_await redeem_code(deps, request, *code, *client);
  }
  co_return co_await refresh_tokens(deps, request, std::get<protocol::RefreshRequest>(*asked),
                                    *client);
}

}  // namespace claviger::endpoints
