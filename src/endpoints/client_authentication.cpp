#include "endpoints/client_authentication.hpp"

#include "base/reasons/client_authentication.hpp"
#include "base/reasons/endpoints.hpp"
#include "endpoints/answers.hpp"
#include "endpoints/client_keys.hpp"
#include "http/authorization_header.hpp"

namespace claviger::endpoints {

namespace {

using Judged = Result<protocol::AuthenticatedClient>;

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

// What is right in itself may have been sent before: that is asked last, so that nothing but a
// proven assertion is ever remembered (CA-06).
Task<Judged> by_assertion(const Deps& deps, const protocol::PresentedClient& presented,
                          SharedClient record) {
  std::shared_ptr<const crypto::JwkSet> published;
  protocol::AssertionKeys keys;
  if (record && !record->disabled && record->auth_method == AuthMethod::private_key_jwt) {
    const auto head = protocol::peek_assertion(*presented.assertion);
    published = co_await find_client_keys(deps, *record, head ? head->kid : "");
    keys.published = published.get();
  }
  if (record && record->auth_method == AuthMethod::client_secret_jwt) {
    keys.secret = deps.master.open(record->sealed_secret, "client_secret:" + record->client_id);
  }
  const Time now = deps.clock.now();
  const auto proven = protocol::judge_client_assertion(presented, record, keys, deps.policy, now);
  if (!proven) co_return std::unexpected(proven.error());
  const auto remembered = co_await deps.store.replays.remember(
      proven->replay_key(), proven->keep_until(), proven->usable_from());
  if (remembered == store::Replays::Remembered::other_epoch) {
    co_return refused(reason::client_assertion_other_epoch);
  }
  const bool first = remembered == store::Replays::Remembered::first;
  co_return proven->accept(first);
}

Task<Judged> judge(const Deps& deps, const protocol::PresentedClient& presented) {
  const auto record = co_await deps.store.clients.find(presented.client_id);
  if (presented.assertion) co_return co_await by_assertion(deps, presented, record);
  const auto ring = deps.keys.current();
  co_return protocol::judge_client(presented, record, *ring, deps.clock.now());
}

// Who guesses secrets is slowed down, per client and address: never the client itself (CA-13).
bool fails_too_often(const Deps& deps, const http::Request& request, const std::string& client_id) {
  if (request.peer_is_loopback) return false;
  const std::string bucket = client_id + "|" + request.client_ip;
  return deps.client_failures.take(http::RateClass::token, bucket, deps.clock.now()).has_value();
}

}  // namespace

Task<std::expected<protocol::AuthenticatedClient, RefusedClient>> authenticate_client(
    const Deps& deps, const http::Request& request, const Form& body, const Form& query) {
  const auto header = header_credentials(request);
  auto presented = protocol::parse_client_credentials(header, body, query);
  if (!presented) {
    co_return std::unexpected(RefusedClient{presented.error(), {}, header.present});
  }
  auto client = co_await judge(deps, *presented);
  if (client) co_return std::move(*client);
  RefusedClient refused{std::move(client.error()), {}, header.present};
  // An id that nobody registered is not counted under its name: a flood of invented ones would push
  // every other refusal out of memory.
  if (refused.error.reason != &reason::client_unknown) refused.client_id = presented->client_id;
  const bool guessed = refused.error.code() == ErrorCode::invalid_client;
  if (guessed && fails_too_often(deps, request, presented->client_id)) {
    refused.error = refuse(reason::client_throttled);
  }
  co_return std::unexpected(std::move(refused));
}

// 401 names the scheme only to a client that used it (RFC6749-5.2).
http::Response refuse_client(const http::Request& request, const RefusedClient& refused) {
  auto response = failure(request, refused.error, refused.client_id);
  if (response.status == 401 && refused.by_header) {
    response.headers.set("WWW-Authenticate", "Basic realm=\"token\"");
  }
  return response;
}

}  // namespace claviger::endpoints
