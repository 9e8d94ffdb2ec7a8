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
  if (holder->user) data = protocol::claims_for(*holder->user, holder->claims.scopes);
  boost::json::object members{{"data", std::move(data)}};
  auto response = success(std::move(members));
  response.client_id = holder->claims.client_id;
  co_return response;
}

}  // namespace claviger::endpoints
