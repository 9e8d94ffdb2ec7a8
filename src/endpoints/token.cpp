#include "endpoints/token.hpp"

#include "base/limits.hpp"
#include "base/reasons/endpoints.hpp"
#include "endpoints/answers.hpp"
#include "endpoints/client_authentication.hpp"
#include "endpoints/grants/grants.hpp"
#include "protocol/grants/request.hpp"

namespace claviger::endpoints {

namespace {

// Each grant has a file of its own.
struct Grants {
  const Deps& deps;
  const http::Request& request;
  const protocol::AuthenticatedClient& client;

  using Answer = Task<http::Response>;
  Answer operator()(const protocol::CodeRequest& asked) const {
    return redeem_code(deps, request, asked, client);
  }
  Answer operator()(const protocol::RefreshRequest& asked) const {
    return refresh_tokens(deps, request, asked, client);
  }
  Answer operator()(const protocol::ClientCredentialsRequest& asked) const {
    return serve_client_credentials(deps, request, asked, client);
  }
  Answer operator()(const protocol::DeviceRequest& asked) const {
    return redeem_device_code(deps, request, asked, client);
  }
  Answer operator()(const protocol::ExchangeRequest& asked) const {
    return exchange_token(deps, request, asked, client);
  }
  Answer operator()(const protocol::AssertionRequest& asked) const {
    return redeem_assertion(deps, request, asked, client);
  }
};

// What nobody ever used may be purged (DC-07). The tokens are out: that they were is no reason to
// lose them when this can't be written.
Task<void> note_use(const Deps& deps, const Client& client) {
  if (client.first_used_at) co_return;
  try {
    co_await deps.store.clients.mark_used(client.client_id, deps.clock.now());
  } catch (const store::Unavailable& unavailable) {
    deps.log.write(LogLevel::warning, "client.use_not_noted",
                   {{"client_id", client.client_id}, {"cause", unavailable.what()}});
  }
}

}  // namespace

Task<http::Response> serve_token(const Deps& deps, const http::Request& request) {
  const auto body = Form::parse(request.body, limits::kFormFields);
  if (!body) co_return failure(request, refuse(reason::form_malformed));
  const auto query = Form::parse(request.query, limits::kFormFields);
  if (!query) co_return failure(request, refuse(reason::query_malformed));

  const auto client = co_await authenticate_client(deps, request, *body, *query);
  if (!client) co_return refuse_client(request, client.error());

  const auto asked = protocol::parse_token_request(*body, *query);
  if (!asked) co_return failure(request, asked.error(), client->record().client_id);
  const Grants grants{deps, request, *client};
  auto response = co_await std::visit(grants, *asked);
  if (response.status == 200) co_await note_use(deps, client->record());
  co_return response;
}

}  // namespace claviger::endpoints
