#include "base/json.hpp"
#include "base/limits.hpp"
#include "base/reasons/endpoints.hpp"
#include "base/reasons/registration_access.hpp"
#include "endpoints/answers.hpp"
#include "endpoints/registration.hpp"
#include "protocol/registration/client_record.hpp"

namespace claviger::endpoints {

namespace {

using protocol::ClientRegistration;

Result<ClientRegistration> parse(const Deps& deps, const http::Request& request) {
  if (request.body.empty()) return deps.quickstart.client;
  if (request.media_type() == "application/json") {
    const auto document = parse_json(request.body, limits::kFormBytes);
    if (!document) return refused(reason::json_malformed);
    return protocol::parse_client_registration(*document, deps.policy);
  }
  const auto form = Form::parse(request.body, limits::kFormFields);
  if (!form) return refused(reason::form_malformed);
  return protocol::parse_client_registration(*form, deps.policy);
}

boost::json::object members_of(const MadeClient& made) {
  boost::json::object members{{"client_id", made.client.client_id}};
  if (made.generated) {
    members["client_secret"] = made.generated->reveal();
    members["client_secret_expires_at"] = 0;
  }
  boost::json::array uris;
  for (const auto& uri : made.client.redirect_uris) uris.emplace_back(uri);
  members["redirect_uris"] = std::move(uris);
  boost::json::array grants;
  for (const auto grant : made.client.grant_types) grants.emplace_back(to_string(grant));
  members["grant_types"] = std::move(grants);
  members["token_endpoint_auth_method"] = to_string(made.client.auth_method);
  if (!made.client.name.empty()) members["client_name"] = made.client.name;
  return members;
}

bool same_secret(const Deps& deps, const Client& stored, const ClientRegistration& asked) {
  return !asked.client_secret || is_secret_of(deps, stored, *asked.client_secret);
}

http::Response registered(const char* message, boost::json::object members, bool empty_body) {
  boost::json::object all{{"message", message}};
  if (!empty_body) {
    for (auto& [name, value] : members) all[name] = std::move(value);
  }
  return success(std::move(all));
}

}  // namespace

Task<http::Response> serve_register_client(const Deps& deps, const http::Request& request) {
  const auto allowed = judge_registration_call(deps, request);
  if (!allowed) co_return failure(request, allowed.error());
  const bool empty_body = request.body.empty();
  const auto asked = parse(deps, request);
  if (!asked) co_return failure(request, asked.error());
  const auto judged = protocol::judge_client_registration(*asked, deps.policy, !empty_body);
  if (!judged) co_return failure(request, judged.error());
  const auto own = protocol::judge_own_choice(asked->metadata, nullptr);
  if (!own) co_return failure(request, own.error());
  // The operator's own client is no stranger's.
  if (!empty_body && co_await is_full(deps)) {
    co_return failure(request, refuse(reason::registration_full));
  }

  auto made = make_client(deps, *asked, empty_body ? RegisteredBy::quickstart : RegisteredBy::self);
  auto members = members_of(made);
  const std::string client_id = made.client.client_id;
  const auto added = co_await deps.store.clients.add(std::move(made.client));
  if (added == store::Clients::Added::added) {
    deps.log.write(LogLevel::notice, "client.registered",
                   {{"client_id", client_id}, {"ip", request.client_ip}});
    co_return registered("register client successfully", std::move(members), empty_body);
  }
  const auto stored = co_await deps.store.clients.find(client_id);
  if (!stored || !protocol::same_registration(*stored, *asked) ||
      !same_secret(deps, *stored, *asked)) {
    co_return failure(request, refuse(reason::client_conflict), client_id);
  }
  boost::json::object known{{"client_id", client_id}};
  co_return registered("client already registered", std::move(known), empty_body);
}

}  // namespace claviger::endpoints
