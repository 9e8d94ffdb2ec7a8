#include "admin/arguments.hpp"
#include "admin/nouns.hpp"
#include "admin/show.hpp"
#include "base/base64url.hpp"
#include "base/limits.hpp"
#include "base/reasons/admin.hpp"
#include "protocol/authorize/redirect_uri.hpp"
#include "protocol/registration/client.hpp"

namespace claviger::admin {

namespace json = boost::json;

namespace {

constexpr std::int64_t kMostListed = 1000;
constexpr std::int64_t kLongestOverlap = 30 * 24 * 3600;
constexpr std::int64_t kUsualOverlap = 24 * 3600;

// 256 bits: nobody guesses it, so that a fast hash is enough.
Secret make_secret(Random& random) { return Secret(base64url_encode(random.bytes<32>())); }

// The rules are those of open registration; only what an operator alone may say is read here.
Result<protocol::ClientRegistration> parse_registration(const Deps& deps, Arguments& in) {
  const auto profile = in.maybe_text("profile");
  const auto post_logout = in.texts("post_logout_redirect_uris");
  const bool require_pkce = in.flag("require_pkce");
  if (in.fault()) return std::unexpected(*in.fault());
  const json::value standard =
      in.only({"client_id", "client_secret", "client_name", "redirect_uris", "scope", "grant_types",
               "token_endpoint_auth_method", "application_type"});
  auto asked = protocol::parse_client_registration(standard, deps.policy);
  if (!asked) return asked;
  if (profile) {
    const auto parsed = parse_profile(*profile);
    if (!parsed) {
      return refused(reason::admin_bad_argument, "profile: default, oidc_compat or fapi2");
    }
    asked->metadata.profile = *parsed;
  }
  asked->metadata.require_pkce = require_pkce;
  for (const auto& uri : post_logout) {
    const auto judged = protocol::judge_redirect_uri_for_registration(
        uri, asked->metadata.is_public(), deps.policy);
    if (!judged) return std::unexpected(judged.error());
  }
  if (post_logout.size() > limits::kRedirectUris) {
    return refused(reason::admin_bad_argument, "post_logout_redirect_uris: at most 32");
  }
  asked->metadata.post_logout_redirect_uris = post_logout;
  const auto judged = protocol::judge_client_registration(*asked, deps.policy, true);
  if (!judged) return std::unexpected(judged.error());
  return asked;
}

}  // namespace

// {client_id?, client_secret?, client_name?, redirect_uris?, scope?, grant_types?,
// token_endpoint_auth_method?, application_type?, profile?, require_pkce?,
// post_logout_redirect_uris?} -> the record, and client_secret if we chose it: shown this once.
Answer client_add(const Deps& deps, json::object arguments) {
  Arguments in(std::move(arguments),
               {"client_id", "client_secret", "client_name", "redirect_uris", "scope",
                "grant_types", "token_endpoint_auth_method", "application_type", "profile",
                "require_pkce", "post_logout_redirect_uris"});
  const auto asked = parse_registration(deps, in);
  if (!asked) co_return std::unexpected(asked.error());
  const Time now = deps.clock.now();
  Client client = asked->metadata;
  client.client_id = asked->client_id.value_or(base64url_encode(deps.random.bytes<16>()));
  client.registered_by = RegisteredBy::operator_;
  client.created_at = now;
  std::optional<Secret> made;
  if (!client.is_public()) {
    if (!asked->client_secret) made = make_secret(deps.random);
    const Secret secret = made ? *made : *asked->client_secret;
    auto [hash, kid] = deps.keys.current()->hash_client_secret(secret, now);
    client.secret_hash = hash;
    client.secret_kid = std::move(kid);
  }
  const auto added = co_await deps.store.clients.add(client);
  if (added == store::Clients::Added::exists) {
    co_return refused(reason::admin_client_exists, "", client.client_id);
  }
  auto answer = show(client);
  if (made) answer["client_secret"] = made->reveal();
  co_return answer;
}

// {after?, limit?} -> {clients: [...], next?}; `next` is the `after` of the following page.
Answer client_list(const Deps& deps, json::object arguments) {
  Arguments in(std::move(arguments), {"after", "limit"});
  const std::string after = in.maybe_text("after").value_or("");
  const auto limit = static_cast<std::size_t>(in.maybe_number("limit", kMostListed).value_or(100));
  if (in.fault()) co_return std::unexpected(*in.fault());
  const auto clients = co_await deps.store.clients.list(after, limit);
  json::array shown;
  for (const auto& client : clients) shown.push_back(show(client));
  json::object answer{{"clients", std::move(shown)}};
  if (limit > 0 && clients.size() == limit) answer["next"] = clients.back().client_id;
  co_return answer;
}

// {client_id} -> the record.
Answer client_show(const Deps& deps, json::object arguments) {
  Arguments in(std::move(arguments), {"client_id"});
  const auto client_id = in.text("client_id");
  if (in.fault()) co_return std::unexpected(*in.fault());
  const auto client = co_await deps.store.clients.find(client_id);
  if (!client) co_return refused(reason::admin_client_unknown, "", client_id);
  co_return show(*client);
}

// {client_id} -> {client_id, removed, grants_revoked}. Whatever was granted to it ends.
Answer client_rm(const Deps& deps, json::object arguments) {
  Arguments in(std::move(arguments), {"client_id"});
  const auto client_id = in.text("client_id");
  if (in.fault()) co_return std::unexpected(*in.fault());
  const bool removed = co_await deps.store.clients.remove(client_id);
  if (!removed) co_return refused(reason::admin_client_unknown, "", client_id);
  const auto revoked = co_await deps.store.grants.revoke_all_of_client(client_id, "client_removed",
                                                                       deps.clock.now());
  co_return json::object{{"client_id", client_id}, {"removed", true}, {"grants_revoked", revoked}};
}

// {client_id, keep_old_seconds?} -> {client_id, client_secret, old_secret_valid_until}.
Answer client_rotate_secret(const Deps& deps, json::object arguments) {
  Arguments in(std::move(arguments), {"client_id", "keep_old_seconds"});
  const auto client_id = in.text("client_id");
  const auto overlap = in.maybe_number("keep_old_seconds", kLongestOverlap).value_or(kUsualOverlap);
  if (in.fault()) co_return std::unexpected(*in.fault());
  const auto client = co_await deps.store.clients.find(client_id);
  if (!client) co_return refused(reason::admin_client_unknown, "", client_id);
  if (client->is_public()) co_return refused(reason::admin_client_public, "", client_id);
  const Time now = deps.clock.now();
  const Time old_until = now + std::chrono::seconds(overlap);
  const auto secret = make_secret(deps.random);
  const auto [hash, kid] = deps.keys.current()->hash_client_secret(secret, now);
  const bool rotated =
      co_await deps.store.clients.rotate_secret(client_id, hash, kid, {}, old_until);
  if (!rotated) co_return refused(reason::admin_client_unknown, "", client_id);
  co_return json::object{{"client_id", client_id},
                         {"client_secret", secret.reveal()},
                         {"old_secret_valid_until", rfc3339(old_until)}};
}

}  // namespace claviger::admin
