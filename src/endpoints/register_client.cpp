#include "base/base64url.hpp"
#include "base/json.hpp"
#include "base/limits.hpp"
#include "base/reasons/endpoints.hpp"
#include "crypto/digest.hpp"
#include "endpoints/answers.hpp"
#include "endpoints/registration.hpp"

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

// The record as it will be stored, and the secret if we chose it.
struct Made {
  Client client;
  std::optional<Secret> generated;
};

Made make_client(const Deps& deps, const ClientRegistration& asked, RegisteredBy by) {
  const Time now = deps.clock.now();
  Made made{asked.metadata, std::nullopt};
  made.client.client_id = asked.client_id.value_or(base64url_encode(deps.random.bytes<16>()));
  made.client.registered_by = by;
  made.client.created_at = now;
  if (made.client.is_public()) return made;
  Secret secret = asked.client_secret.value_or(Secret());
  if (secret.empty()) {
    secret = Secret(base64url_encode(deps.random.bytes<32>()));
    made.generated = secret;
  }
  auto [hash, kid] = deps.keys.current()->hash_client_secret(secret, now);
  made.client.secret_hash = hash;
  made.client.secret_kid = std::move(kid);
  return made;
}

boost::json::object members_of(const Made& made) {
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
  if (!asked.client_secret) return true;
  if (!stored.secret_hash) return false;
  const auto hash =
      deps.keys.current()->hash_client_secret_with(stored.secret_kid, *asked.client_secret);
  return hash && crypto::constant_time_equal(*hash, *stored.secret_hash);
}

http::Response registered(const char* message, boost::json::object members, bool empty_body) {
  boost::json::object all{{"message", message}};
  if (!empty_body) {
    for (auto& [name, value] : members) all[name] = std::move(value);
  }
  return success(std::move(all));
}

}  // namespace

Result<void> judge_registration_call(const Deps& deps, const http::Request& request) {
  if (!deps.registration_open) return refused(reason::registration_closed);
  const auto site = request.headers.find("sec-fetch-site");
  const auto origin = request.headers.find("origin");
  const bool foreign_origin = origin && *origin != deps.policy.issuer;
  if (foreign_origin || (site && *site == "cross-site")) {
    return refused(reason::registration_cross_site, deps.policy.issuer,
                   std::string(origin.value_or("")));
  }
  return {};
}

Task<http::Response> serve_register_client(const Deps& deps, const http::Request& request) {
  const auto allowed = judge_registration_call(deps, request);
  if (!allowed) co_return failure(request, allowed.error());
  const bool empty_body = request.body.empty();
  const auto asked = parse(deps, request);
  if (!asked) co_return failure(request, asked.error());
  const auto judged = protocol::judge_client_registration(*asked, deps.policy, !empty_body);
  if (!judged) co_return failure(request, judged.error());

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
