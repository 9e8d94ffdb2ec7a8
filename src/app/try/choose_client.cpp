#include "app/try/choose_client.hpp"

#include <filesystem>

#include "app/house.hpp"
#include "app/transport.hpp"
#include "base/json.hpp"

namespace claviger::app {

namespace json = boost::json;
using cli::TryFlow;

namespace {

constexpr std::string_view kExchanger = "claviger-try-exchange";

json::array grant_types(TryFlow flow) {
  switch (flow) {
    case TryFlow::code:
    case TryFlow::refresh:
      return {"authorization_code", "refresh_token"};
    case TryFlow::device:
      return {"urn:ietf:params:oauth:grant-type:device_code", "refresh_token"};
    case TryFlow::client_credentials:
      return {"client_credentials"};
    case TryFlow::exchange:
      return {"authorization_code", "refresh_token",
              "urn:ietf:params:oauth:grant-type:token-exchange"};
  }
  return {};
}

json::object metadata_of(TryFlow flow, const std::string& redirect_uri) {
  const bool alone = flow == TryFlow::client_credentials || flow == TryFlow::exchange;
  json::object metadata{{"client_name", "claviger try"},
                        {"application_type", "native"},
                        {"redirect_uris", json::array{}},
                        {"response_types", json::array{}},
                        {"grant_types", grant_types(flow)},
                        {"token_endpoint_auth_method", alone ? "client_secret_basic" : "none"}};
  if (redirect_uri.empty()) return metadata;
  metadata["redirect_uris"] = json::array{redirect_uri};
  metadata["response_types"] = json::array{"code"};
  return metadata;
}

TryClient read_client(const json::object& answer) {
  const auto text = [&](std::string_view name) { return json_text(answer, name).value_or(""); };
  TryClient client;
  client.client_id = text("client_id");
  client.secret = Secret(text("client_secret"));
  client.management_uri = text("registration_client_uri");
  client.management_token = Secret(text("registration_access_token"));
  return client;
}

// RFC7591-3.1
Tried<TryClient> register_client(Conversation& talk, const json::object& metadata) {
  auto url = talk.endpoint("registration_endpoint");
  if (!url) return std::unexpected(url.error());
  outbound::Request request;
  request.method = "POST";
  request.url = std::move(*url);
  request.headers = {{"Content-Type", "application/json"}};
  request.body = json::serialize(metadata);
  auto answer = talk.ask("register a client", std::move(request), 201);
  if (!answer) {
    auto refusal = answer.error();
    refusal.next = "name one with --client-id; claviger client add makes one";
    return std::unexpected(refusal);
  }
  return read_client(answer->body);
}

// Only an operator allows the exchange of tokens. Always by the same name, so that trying it often
// leaves one client behind and not many.
Tried<TryClient> add_exchanger(const Conversation& talk, const config::Loaded& loaded,
                               json::object metadata) {
  // Without its socket the settings are another server's, whose data folder is none of ours.
  std::error_code error;
  const bool ours = talk.issuer() == loaded.settings.issuer &&
                    std::filesystem::is_socket(admin_socket_path(loaded.settings), error);
  if (!ours) {
    return refused_here("only an operator of that server can make a client that exchanges tokens",
                        "run this where the server runs, or name one with --client-id and "
                        "--client-secret-stdin");
  }
  const auto transport = connect(loaded);
  // There may be none yet: then that is refused, and as well.
  static_cast<void>(transport->call("client.rm", {{"client_id", kExchanger}}));
  metadata["client_id"] = kExchanger;
  const auto answer = transport->call("client.add", metadata);
  if (!answer) {
    const auto& reason = *answer.error().reason;
    return refused_here("could not make a client: " + std::string(reason.description),
                        std::string(reason.mend));
  }
  auto client = read_client(*answer);
  client.made_by_operator = true;
  return client;
}

}  // namespace

Tried<TryClient> choose_client(Conversation& talk, const config::Loaded& loaded,
                               const cli::TryRequest& request, const std::string& redirect_uri) {
  if (!request.client_id.empty()) {
    TryClient named;
    named.client_id = request.client_id;
    named.secret = request.client_secret;
    return named;
  }
  auto metadata = metadata_of(request.flow, redirect_uri);
  if (request.flow == TryFlow::exchange) return add_exchanger(talk, loaded, std::move(metadata));
  return register_client(talk, metadata);
}

void give_client_back(Conversation& talk, const config::Loaded& loaded, const TryClient& client) {
  if (!client.made_by_operator) return talk.take_back(client);
  static_cast<void>(connect(loaded)->call("client.rm", {{"client_id", client.client_id}}));
}

}  // namespace claviger::app
