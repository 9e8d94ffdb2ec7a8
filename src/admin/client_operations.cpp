#include <algorithm>
#include <array>

#include "admin/arguments.hpp"
#include "admin/nouns.hpp"
#include "admin/show.hpp"
#include "base/base64url.hpp"
#include "base/reasons/admin.hpp"
#include "base/reasons/registration_access.hpp"
#include "base/text.hpp"
#include "protocol/registration/client.hpp"
#include "protocol/registration/client_keys.hpp"
#include "protocol/registration/client_record.hpp"

namespace claviger::admin {

namespace json = boost::json;

namespace {

constexpr std::int64_t kMostListed = 1000;
constexpr std::int64_t kLongestOverlap = 30 * 24 * 3600;
constexpr std::int64_t kUsualOverlap = 24 * 3600;

// 256 bits: nobody guesses it, so that a fast hash is enough.
Secret make_secret(Random& random) { return Secret(base64url_encode(random.bytes<32>())); }

// What an operator may say beyond the standard's members.
constexpr std::array<std::string_view, 4> kOwnMembers{"profile", "require_pkce",
                                                      "access_token_format", "resources"};

std::vector<std::string_view> known_arguments() {
  auto names = protocol::registration_member_names();
  names.insert(names.end(), kOwnMembers.begin(), kOwnMembers.end());
  return names;
}

std::vector<crypto::Alg> signing_algs(const Deps& deps) {
  return protocol::signing_algs_of(*deps.keys.current(), deps.clock.now());
}

// The resources that the client is: of those that tokens can be asked for.
Result<void> read_resources(const Deps& deps, Arguments& in, Client& client) {
  if (!in.has("resources")) return {};
  auto resources = in.texts("resources");
  if (in.fault()) return std::unexpected(*in.fault());
  for (const auto& resource : resources) {
    if (std::ranges::find(deps.policy.resources, resource) == deps.policy.resources.end()) {
      return refused(reason::admin_bad_argument, "resources: listed under [resources] offered",
                     excerpt(resource));
    }
  }
  client.metadata.resources = std::move(resources);
  return {};
}

// Those that are absent stay as they are.
Result<void> read_own_members(const Deps& deps, Arguments& in, Client& client) {
  const auto profile = in.maybe_text("profile");
  const auto format = in.maybe_text("access_token_format");
  if (in.has("require_pkce")) client.require_pkce = in.flag("require_pkce");
  if (in.fault()) return std::unexpected(*in.fault());
  const auto known_profile =
      parse_profile(profile.value_or(std::string(to_string(client.profile))));
  if (!known_profile) {
    return refused(reason::admin_bad_argument, "profile: default, oidc_compat or fapi2");
  }
  client.profile = *known_profile;
  const auto known_resources = read_resources(deps, in, client);
  if (!known_resources) return known_resources;
  if (!format) return {};
  const auto known_format = parse_access_token_format(*format);
  if (!known_format)
    return refused(reason::admin_bad_argument, "access_token_format: jwt or opaque");
  client.metadata.access_token_format = *known_format;
  return {};
}

// The rules are those of open registration; only what an operator alone may say is read here.
Result<protocol::ClientRegistration> parse_registration(const Deps& deps, Arguments& in) {
  if (in.fault()) return std::unexpected(*in.fault());
  const json::value standard = in.only(protocol::registration_member_names(), false);
  auto asked = protocol::parse_complete_registration(standard, deps.policy);
  if (!asked) return asked;
  asked->metadata.registered_by = RegisteredBy::operator_;
  asked->metadata.profile = Profile::standard;
  const auto own = read_own_members(deps, in, asked->metadata);
  if (!own) return std::unexpected(own.error());
  const auto judged =
      protocol::judge_client_registration(*asked, deps.policy, true, signing_algs(deps));
  if (!judged) return std::unexpected(judged.error());
  return asked;
}

// Hash and, where the method signs with it, the sealed secret itself.
struct Sealed {
  Digest hash{};
  std::string kid;
  Bytes sealed;
};
Sealed keep_secret(const Deps& deps, const Client& client, const Secret& secret) {
  auto [hash, kid] = deps.keys.current()->hash_client_secret(secret, deps.clock.now());
  Sealed kept{hash, std::move(kid), {}};
  if (client.auth_method == AuthMethod::client_secret_jwt) {
    const auto associated = "client_secret:" + client.client_id;
    kept.sealed = deps.master.seal(as_bytes(secret.reveal()), associated, deps.random);
  }
  return kept;
}

// The stored registration with some members replaced: what null names is taken away.
Result<Client> edit(const Deps& deps, const Client& stored, Arguments& in) {
  auto members = protocol::client_information(stored, deps.policy);
  if (stored.scopes.empty()) members.erase("scope");  // every scope, those of tomorrow too
  for (const auto& [name, value] : in.only(protocol::registration_member_names(), true)) {
    members[name] = value;
  }
  const json::value wanted(std::move(members));
  const auto asked = protocol::parse_complete_registration(wanted, deps.policy);
  if (!asked) return std::unexpected(asked.error());
  Client next = protocol::replace_registration(stored, asked->metadata);
  const auto own = read_own_members(deps, in, next);
  if (!own) return std::unexpected(own.error());
  const auto judged = protocol::judge_client_record(next, deps.policy, signing_algs(deps));
  if (!judged) return std::unexpected(judged.error());
  const auto may_become = protocol::judge_client_change(stored, next);
  if (!may_become) return std::unexpected(may_become.error());
  return next;
}

}  // namespace

// {members of RFC7591-2 and OIDCDR-2, profile?, require_pkce?, access_token_format?, resources?} ->
// the record,
// and client_secret if we chose it: shown this once.
Answer client_add(const Deps& deps, json::object arguments) {
  Arguments in(std::move(arguments), known_arguments());
  const auto asked = parse_registration(deps, in);
  if (!asked) co_return std::unexpected(asked.error());
  Client client = asked->metadata;
  client.client_id = asked->client_id.value_or(base64url_encode(deps.random.bytes<16>()));
  client.created_at = deps.clock.now();
  std::optional<Secret> made;
  if (protocol::uses_secret(client.auth_method)) {
    if (!asked->client_secret) made = make_secret(deps.random);
    const Secret secret = made ? *made : *asked->client_secret;
    auto kept = keep_secret(deps, client, secret);
    client.secret_hash = kept.hash;
    client.secret_kid = std::move(kept.kid);
    client.sealed_secret = std::move(kept.sealed);
  }
  const auto added = co_await deps.store.clients.add(client);
  if (added == store::Clients::Added::exists) {
    co_return refused(reason::admin_client_exists, "", client.client_id);
  }
  auto answer = show(client);
  if (made) answer["client_secret"] = made->reveal();
  co_return answer;
}

// {client_id, the members to replace, null for those to take away} -> the record. The secret stays:
// client.rotate_secret gives another.
Answer client_edit(const Deps& deps, json::object arguments) {
  auto known = known_arguments();
  std::erase(known, "client_secret");
  Arguments in(std::move(arguments), known);
  const auto client_id = in.text("client_id");
  if (in.fault()) co_return std::unexpected(*in.fault());
  const auto stored = co_await deps.store.clients.find(client_id);
  if (!stored) co_return refused(reason::admin_client_unknown, "", client_id);
  const auto next = edit(deps, *stored, in);
  if (!next) co_return std::unexpected(next.error());
  const bool updated = co_await deps.store.clients.update(*next);
  if (!updated) co_return refused(reason::registration_raced, "", client_id);
  if (stored->metadata.has_logo && !next->metadata.has_logo) {
    co_await deps.store.client_logos.remove(client_id);
  }
  co_return show(*next);
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
  if (!protocol::uses_secret(client->auth_method)) {
    co_return refused(reason::admin_client_public, "", client_id);
  }
  const Time now = deps.clock.now();
  const Time old_until = now + std::chrono::seconds(overlap);
  const auto secret = make_secret(deps.random);
  auto kept = keep_secret(deps, *client, secret);
  const bool rotated = co_await deps.store.clients.rotate_secret(client_id, kept.hash, kept.kid,
                                                                 std::move(kept.sealed), old_until);
  if (!rotated) co_return refused(reason::admin_client_unknown, "", client_id);
  co_return json::object{{"client_id", client_id},
                         {"client_secret", secret.reveal()},
                         {"old_secret_valid_until", rfc3339(old_until)}};
}

}  // namespace claviger::admin
