#include "endpoints/register.hpp"

#include "base/json.hpp"
#include "base/limits.hpp"
#include "base/reasons/endpoints.hpp"
#include "base/reasons/registration.hpp"
#include "base/reasons/registration_access.hpp"
#include "base/token.hpp"
#include "crypto/digest.hpp"
#include "endpoints/answers.hpp"
#include "endpoints/client_documents.hpp"
#include "endpoints/register_access.hpp"
#include "endpoints/registration.hpp"
#include "protocol/registration/client_keys.hpp"
#include "protocol/registration/client_record.hpp"

namespace claviger::endpoints {

namespace json = boost::json;

namespace {

using protocol::ClientRegistration;

Result<json::object> read_body(const http::Request& request) {
  auto document = parse_json(request.body, limits::kFormBytes);
  if (!document) return refused(reason::json_malformed);
  if (!document->is_object()) return refused(reason::registration_not_an_object);
  return std::move(document->get_object());
}

std::vector<crypto::Alg> signing_algs(const Deps& deps) {
  return protocol::signing_algs_of(*deps.keys.current(), deps.clock.now());
}

// Id and secret are ours to choose: to a client they are no metadata (RFC7591-2).
Result<ClientRegistration> read_registration(const Deps& deps, json::object members) {
  members.erase("client_id");
  members.erase("client_secret");
  return protocol::parse_complete_registration(json::value(std::move(members)), deps.policy);
}

// Every rule on what would be stored (DC-03). `stored`: what it would replace.
Task<Result<void>> judge(const Deps& deps, Client wanted, std::optional<Client> stored) {
  auto judged = protocol::judge_client_record(wanted, deps.policy, signing_algs(deps));
  if (!judged) co_return judged;
  judged = protocol::judge_own_choice(wanted, stored ? &*stored : nullptr);
  if (judged && stored) judged = protocol::judge_client_change(*stored, wanted);
  if (!judged) co_return judged;
  co_return co_await check_sector(deps, std::move(wanted));
}

// What was registered, with the way to manage it; both or neither (C3.1). A secret only once.
json::object information(const Deps& deps, const Client& client, const std::string& token) {
  auto members = protocol::client_information(client, deps.policy);
  members["registration_access_token"] = token;
  members["registration_client_uri"] =
      deps.policy.issuer + "/register?client_id=" + percent_encode(client.client_id);
  return members;
}

Task<http::Response> answer_new(const Deps& deps, const http::Request& request, MadeClient made) {
  const auto token = OpaqueToken::make(deps.clock.now(), deps.random);
  auto& client = made.client;
  client.registration_token_hash = crypto::sha256(ByteView(token.verifier));
  auto logo = co_await fetch_logo(deps, client);
  client.metadata.has_logo = logo.has_value();
  const auto added = co_await deps.store.clients.add(client);
  if (added == store::Clients::Added::exists) {
    co_return failure(request, refuse(reason::client_conflict), client.client_id);
  }
  if (logo) {
    logo->client_id = client.client_id;
    co_await deps.store.client_logos.put(std::move(*logo));
  }
  deps.log.write(LogLevel::notice, "client.registered",
                 {{"client_id", client.client_id}, {"ip", request.client_ip}});
  auto members = information(deps, client, std::string(token.text().reveal()));
  if (made.generated) {
    members["client_secret"] = made.generated->reveal();
    members["client_secret_expires_at"] = 0;
  }
  auto response = http::json_response(201, members);
  response.client_id = client.client_id;
  co_return response;
}

// The id must be the client's, a secret may only be repeated (RFC7592-2.2, DC-12).
Result<void> judge_identity(const Deps& deps, const Client& client, const json::object& members) {
  if (json_text(members, "client_id") != client.client_id) {
    return refused(reason::registration_other_id);
  }
  const auto* secret = members.if_contains("client_secret");
  if (secret == nullptr || secret->is_null()) return {};
  const auto text = json_text(members, "client_secret");
  if (!text || !is_secret_of(deps, client, Secret(*text))) {
    return refused(reason::registration_other_secret);
  }
  return {};
}

Task<http::Response> answer_update(const Deps& deps, const http::Request& request,
                                   ManagedClient managed, Client next) {
  const std::string client_id = next.client_id;
  const bool kept = next.metadata.has_logo;
  std::optional<store::ClientLogo> logo;
  if (!kept) logo = co_await fetch_logo(deps, next);
  next.metadata.has_logo = kept || logo.has_value();
  const bool updated = co_await deps.store.clients.update(next);
  if (!updated) co_return failure(request, refuse(reason::registration_raced), client_id);
  if (logo) {
    logo->client_id = client_id;
    co_await deps.store.client_logos.put(std::move(*logo));
  } else if (managed.client.metadata.has_logo && !kept) {
    co_await deps.store.client_logos.remove(client_id);
  }
  deps.log.write(LogLevel::notice, "client.updated",
                 {{"client_id", client_id}, {"ip", request.client_ip}});
  auto response = http::json_response(200, information(deps, next, managed.token));
  response.client_id = client_id;
  co_return response;
}

}  // namespace

Task<http::Response> serve_register(const Deps& deps, const http::Request& request) {
  const auto registrar = co_await find_registrar(deps, request);
  if (!registrar) co_return refuse_registration(request, registrar.error());
  auto members = read_body(request);
  if (!members) co_return failure(request, members.error());
  auto asked = read_registration(deps, std::move(*members));
  if (!asked) co_return failure(request, asked.error());
  if (registrar->profile) asked->metadata.profile = *registrar->profile;
  if (!registrar->token && co_await is_full(deps)) {
    co_return refuse_registration(request, refuse(reason::registration_full));
  }
  const auto judged = co_await judge(deps, asked->metadata, std::nullopt);
  if (!judged) co_return failure(request, judged.error());
  if (registrar->token) {
    // Last, so that a mistake costs no use; the verb tells who got the last one.
    const bool used =
        co_await deps.store.initial_access_tokens.use(*registrar->token, deps.clock.now());
    if (!used) co_return refuse_registration(request, refuse(reason::initial_token_invalid));
  }
  auto made = make_client(deps, *asked, RegisteredBy::self);
  // Whom the operator let in isn't swept away with the strangers whom nobody ever used (DC-07).
  if (registrar->token) made.client.first_used_at = made.client.created_at;
  co_return co_await answer_new(deps, request, std::move(made));
}

Task<http::Response> serve_registration(const Deps& deps, const http::Request& request) {
  const auto managed = co_await find_managed(deps, request);
  if (!managed) co_return refuse_registration(request, managed.error());
  auto response = http::json_response(200, information(deps, managed->client, managed->token));
  response.client_id = managed->client.client_id;
  co_return response;
}

Task<http::Response> serve_registration_update(const Deps& deps, const http::Request& request) {
  auto managed = co_await find_managed(deps, request);
  if (!managed) co_return refuse_registration(request, managed.error());
  const Client& stored = managed->client;
  auto members = read_body(request);
  if (!members) co_return failure(request, members.error(), stored.client_id);
  const auto identity = judge_identity(deps, stored, *members);
  if (!identity) co_return failure(request, identity.error(), stored.client_id);
  const auto asked = read_registration(deps, std::move(*members));
  if (!asked) co_return failure(request, asked.error(), stored.client_id);
  Client next = protocol::replace_registration(stored, asked->metadata);
  const auto judged = co_await judge(deps, next, stored);
  if (!judged) co_return failure(request, judged.error(), stored.client_id);
  co_return co_await answer_update(deps, request, std::move(*managed), std::move(next));
}

Task<http::Response> serve_registration_end(const Deps& deps, const http::Request& request) {
  const auto managed = co_await find_managed(deps, request);
  if (!managed) co_return refuse_registration(request, managed.error());
  const std::string client_id = managed->client.client_id;
  co_await deps.store.clients.remove(client_id);
  co_await deps.store.grants.revoke_all_of_client(client_id, "client_removed", deps.clock.now());
  deps.log.write(LogLevel::notice, "client.unregistered",
                 {{"client_id", client_id}, {"ip", request.client_ip}});
  http::Response response;
  response.status = 204;
  response.surface = http::Surface::none;
  response.client_id = client_id;
  co_return response;
}

Task<http::Response> serve_logo(const Deps& deps, const http::Request& request) {
  const auto query = Form::parse(request.query, limits::kFormFields);
  const std::string client_id(query ? query->get("client_id").value_or("") : "");
  const auto logo = co_await deps.store.client_logos.find(client_id);
  if (!logo) co_return failure(request, refuse(reason::logo_unknown));
  http::Response response;
  response.surface = http::Surface::asset;
  response.content_type = logo->content_type;
  response.body = as_text(logo->image);
  // Opened by itself it is a picture and nothing else.
  response.headers.set("Content-Security-Policy", "default-src 'none'; sandbox");
  co_return response;
}

}  // namespace claviger::endpoints
