#include "endpoints/companions.hpp"

#include "base/limits.hpp"
#include "base/reasons/bearer.hpp"
#include "base/reasons/endpoints.hpp"
#include "endpoints/answers.hpp"
#include "protocol/tokens/refresh_token.hpp"

namespace claviger::endpoints {

Task<std::expected<AskedAboutToken, http::Response>> parse_token_question(
    const Deps& deps, const http::Request& request) {
  const auto body = Form::parse(request.body, limits::kFormFields);
  if (!body) co_return std::unexpected(failure(request, refuse(reason::form_malformed)));
  const auto query = Form::parse(request.query, limits::kFormFields);
  if (!query) co_return std::unexpected(failure(request, refuse(reason::query_malformed)));
  const auto client = co_await authenticate_client(deps, request, *body, *query);
  if (!client) co_return std::unexpected(refuse_client(request, client.error()));
  const auto& record = client->record();
  if (body->first_repeated()) {
    co_return std::unexpected(
        failure(request, refuse(reason::companion_parameter_repeated), record.client_id));
  }
  const auto token = body->get("token");
  if (!token) {
    co_return std::unexpected(
        failure(request, refuse(reason::companion_token_missing), record.client_id));
  }
  co_return AskedAboutToken{client->shared(), Secret(*token)};
}

Task<std::optional<PresentedRefresh>> find_refresh(const Deps& deps, const Secret& token) {
  const auto ring = deps.keys.current();
  const auto claims = protocol::verify_refresh_token(token, *ring);
  if (!claims) co_return std::nullopt;
  auto found = co_await deps.store.grants.find_family(claims->family);
  if (!found) co_return std::nullopt;
  co_return PresentedRefresh{claims->n, std::move(found)};
}

}  // namespace claviger::endpoints
