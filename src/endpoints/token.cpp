#include "endpoints/token.hpp"

#include "base/limits.hpp"
#include "base/reasons/endpoints.hpp"
#include "endpoints/answers.hpp"
#include "endpoints/client_authentication.hpp"
#include "endpoints/grants/grants.hpp"
#include "protocol/grants/request.hpp"

namespace claviger::endpoints {

Task<http::Response> serve_token(const Deps& deps, const http::Request& request) {
  const auto body = Form::parse(request.body, limits::kFormFields);
  if (!body) co_return failure(request, refuse(reason::form_malformed));
  const auto query = Form::parse(request.query, limits::kFormFields);
  if (!query) co_return failure(request, refuse(reason::query_malformed));

  const auto client = co_await authenticate_client(deps, request, *body, *query);
  if (!client) co_return refuse_client(request, client.error());

  const auto asked = protocol::parse_token_request(*body, *query);
  if (!asked) co_return failure(request, asked.error(), client->record().client_id);
  if (const auto* code = std::get_if<protocol::CodeRequest>(&*asked)) {
    co_return co_await redeem_code(deps, request, *code, *client);
  }
  co_return co_await refresh_tokens(deps, request, std::get<protocol::RefreshRequest>(*asked),
                                    *client);
}

}  // namespace claviger::endpoints
