#include "endpoints/register_access.hpp"

#include "base/limits.hpp"
#include "base/reasons/registration_access.hpp"
#include "base/token.hpp"
#include "crypto/digest.hpp"
#include "endpoints/answers.hpp"
#include "endpoints/registration.hpp"
#include "http/authorization_header.hpp"

namespace claviger::endpoints {

namespace {

// Nothing for whatever is no token of ours: a header of another scheme, broken base64, a wrong
// length (DC-04).
std::optional<OpaqueToken> token_of(const http::Request& request) {
  const auto header = request.headers.find("authorization");
  const auto text = header ? http::parse_bearer(*header) : std::nullopt;
  return text ? OpaqueToken::parse(*text) : std::nullopt;
}

bool is_verifier(const OpaqueToken& token, const Digest& hash) {
  const Digest presented = crypto::sha256(ByteView(token.verifier));
  return crypto::constant_time_equal(presented, hash);
}

}  // namespace

Task<Result<Registrar>> find_registrar(const Deps& deps, const http::Request& request) {
  if (!request.headers.find("authorization")) {
    const auto open = judge_registration_call(deps, request);
    if (!open) co_return std::unexpected(open.error());
    co_return Registrar();
  }
  const auto token = token_of(request);
  if (!token) co_return refused(reason::initial_token_invalid, "", "malformed");
  const auto known = co_await deps.store.initial_access_tokens.find(token->selector);
  if (!known || !is_verifier(*token, known->verifier_hash)) {
    co_return refused(reason::initial_token_invalid, "", "unknown");
  }
  if (known->of_another_epoch) co_return refused(reason::initial_token_other_epoch);
  if (known->expires_at <= deps.clock.now() || known->uses_left <= 0) {
    co_return refused(reason::initial_token_invalid, "", "expired or used up");
  }
  Registrar registrar{token->selector, known->profile};
  co_return registrar;
}

Task<Result<ManagedClient>> find_managed(const Deps& deps, const http::Request& request) {
  const auto token = token_of(request);
  if (!token) co_return refused(reason::registration_token_invalid, "", "malformed");
  const auto query = Form::parse(request.query, limits::kFormFields);
  const auto id = query && !query->repeated("client_id") ? query->get("client_id") : std::nullopt;
  if (!id) co_return refused(reason::registration_token_invalid, "client_id in the query", "none");
  const std::string client_id(*id);
  const auto client = co_await deps.store.clients.find(client_id);
  const bool own = client && client->registration_token_hash &&
                   is_verifier(*token, *client->registration_token_hash);
  if (!own) co_return refused(reason::registration_token_invalid, "", "of another client");
  if (client->disabled) co_return refused(reason::registration_client_disabled, "", client_id);
  ManagedClient managed{*client, std::string(token->text().reveal())};
  co_return managed;
}

http::Response refuse_registration(const http::Request& request, const Error& error,
                                   std::string client_id) {
  auto response = failure(request, error, std::move(client_id));
  if (response.status == 401) {
    const bool sent = request.headers.find("authorization").has_value();
    response.headers.set("WWW-Authenticate", sent ? R"(Bearer error="invalid_token")" : "Bearer");
  }
  // Until the sweeper has been at the unused ones.
  if (response.status == 429) response.headers.set("Retry-After", "600");
  return response;
}

}  // namespace claviger::endpoints
