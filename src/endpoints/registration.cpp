#include "endpoints/registration.hpp"

#include "base/base64url.hpp"
#include "base/reasons/endpoints.hpp"
#include "crypto/digest.hpp"
#include "protocol/registration/client_record.hpp"

namespace claviger::endpoints {

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

Task<bool> is_full(const Deps& deps) {
  const auto registered = co_await deps.store.clients.count_self_registered();
  co_return registered >= deps.max_self_registered;
}

MadeClient make_client(const Deps& deps, const protocol::ClientRegistration& asked,
                       RegisteredBy by) {
  const Time now = deps.clock.now();
  MadeClient made{asked.metadata, std::nullopt};
  auto& client = made.client;
  client.client_id = asked.client_id.value_or(base64url_encode(deps.random.bytes<16>()));
  client.registered_by = by;
  client.created_at = now;
  protocol::settle_sector(client);
  if (!protocol::uses_secret(client.auth_method)) return made;
  Secret secret = asked.client_secret.value_or(Secret());
  if (secret.empty()) {
    secret = Secret(base64url_encode(deps.random.bytes<32>()));
    made.generated = secret;
  }
  auto [hash, kid] = deps.keys.current()->hash_client_secret(secret, now);
  client.secret_hash = hash;
  client.secret_kid = std::move(kid);
  if (client.auth_method == AuthMethod::client_secret_jwt) {
    client.sealed_secret = deps.master.seal(as_bytes(secret.reveal()),
                                            "client_secret:" + client.client_id, deps.random);
  }
  return made;
}

bool is_secret_of(const Deps& deps, const Client& client, const Secret& secret) {
  if (!client.secret_hash) return false;
  const auto hash = deps.keys.current()->hash_client_secret_with(client.secret_kid, secret);
  return hash && crypto::constant_time_equal(*hash, *client.secret_hash);
}

}  // namespace claviger::endpoints
