#include "endpoints/api.hpp"

#include "endpoints/answers.hpp"
#include "endpoints/bearer.hpp"
#include "protocol/tokens/claims.hpp"

namespace claviger::endpoints {

Task<http::Response> serve_api(const Deps& deps, const http::Request& request) {
  const auto holder = co_await find_holder(deps, request, nullptr);
  if (!holder) co_return challenge(deps, request, holder.error());
  // A client of its own has nobody's data.
  boost::json::object data;
  if (const auto* user = holder->user()) data = protocol::claims_for(*user, holder->claims->scopes);
  auto body = begun_success();
  body.value("data", data);
  auto response = finished(std::move(body));
  response.client_id = holder->claims->client_id;
  co_return response;
}

}  // namespace claviger::endpoints
