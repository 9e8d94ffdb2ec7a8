#include "protocol/registration/client.hpp"

#include <algorithm>
#include <array>

#include "base/limits.hpp"
#include "base/reasons/registration.hpp"
#include "base/text.hpp"
#include "protocol/authorize/redirect_uri.hpp"
#include "protocol/registration/client_members.hpp"
#include "protocol/registration/unicode.hpp"
#include "protocol/scope.hpp"

namespace claviger::protocol {
namespace {

constexpr std::size_t kShortestChosenSecret = 16;

// Dropped: what isn't offered (DC-02). Refused: when nothing is left, since an empty list in the
// record means every scope.
Result<Scopes> read_scopes(const ClientMembers& members, const Policy& policy) {
  if (!members.scope) return Scopes{};
  auto asked = parse_scope(*members.scope);
  if (!asked) return refused(reason::client_registration_scope);
  auto scopes = clamp_scopes(*asked, Client{}, policy);
  if (scopes.empty()) return refused(reason::client_registration_scope, to_text(policy.scopes));
  return scopes;
}

Result<std::vector<GrantType>> read_grant_types(const ClientMembers& members) {
  if (!members.grant_types) return Client{}.grant_types;
  std::vector<GrantType> types;
  for (const auto& word : *members.grant_types) {
    const auto type = parse_grant_type(word);
    if (!type) return refused(reason::client_registration_grant_type);
    if (std::ranges::find(types, *type) == types.end()) types.push_back(*type);
  }
  return types;
}

// Counted before it is worked on: the work grows with the square.
Result<std::vector<std::string>> read_redirect_uris(const ClientMembers& members) {
  std::vector<std::string> out;
  if (!members.redirect_uris) return out;
  const auto& uris = *members.redirect_uris;
  if (uris.size() > limits::kRedirectUris)
    return refused(reason::client_registration_redirect_uris);
  for (const auto& uri : uris) {
    if (std::ranges::find(out, uri) == out.end()) out.push_back(uri);
  }
  return out;
}

Result<void> read_words(const ClientMembers& members, Client& client) {
  if (members.auth_method) {
    const auto method = parse_auth_method(*members.auth_method);
    if (!method) return refused(reason::client_registration_auth_method);
    client.auth_method = *method;
  }
  if (members.application_type) {
    const auto type = parse_application_type(*members.application_type);
    if (!type) return refused(reason::client_registration_application_type);
    client.application_type = *type;
  }
  const auto is_code = [](const std::string& word) { return word == "code"; };
  if (members.response_types && !std::ranges::all_of(*members.response_types, is_code)) {
    return refused(reason::client_registration_response_type);
  }
  return {};
}

Result<std::string> read_name(const ClientMembers& members) {
  if (!members.client_name) return std::string();
  const auto name = to_nfkc(*members.client_name);
  if (!name) return refused(reason::client_registration_name);
  return *name;
}

Result<ClientRegistration> build(const ClientMembers& members, const Policy& policy) {
  ClientRegistration registration;
  Client& client = registration.metadata;
  client.registered_by = RegisteredBy::self;
  registration.client_id = members.client_id;
  if (members.client_id) client.client_id = *members.client_id;
  if (members.client_secret) registration.client_secret = Secret(*members.client_secret);

  if (auto read = read_words(members, client); !read) return std::unexpected(read.error());
  auto name = read_name(members);
  if (!name) return std::unexpected(name.error());
  auto scopes = read_scopes(members, policy);
  if (!scopes) return std::unexpected(scopes.error());
  auto grant_types = read_grant_types(members);
  if (!grant_types) return std::unexpected(grant_types.error());
  auto redirect_uris = read_redirect_uris(members);
  if (!redirect_uris) return std::unexpected(redirect_uris.error());
  client.name = std::move(*name);
  client.scopes = std::move(*scopes);
  client.grant_types = std::move(*grant_types);
  client.redirect_uris = std::move(*redirect_uris);

  registration.named = {.name = members.client_name.has_value(),
                        .redirect_uris = members.redirect_uris.has_value(),
                        .scopes = members.scope.has_value(),
                        .grant_types = members.grant_types.has_value(),
                        .auth_method = members.auth_method.has_value(),
                        .application_type = members.application_type.has_value()};
  return registration;
}

bool is_client_id(std::string_view id) {
  constexpr std::string_view kNotInside = " \"'`\\";
  // Ids that are URLs belong to clients that publish their own document (CM-12).
  const std::string start = to_lower_ascii(id.substr(0, 8));
  return !id.empty() && id.size() <= limits::kClientIdBytes && is_vschar(id) &&
         id.find_first_of(kNotInside) == std::string_view::npos && !start.starts_with("https://") &&
         !start.starts_with("http://");
}

struct Judged {
  const ClientRegistration& registration;
  bool chosen_by_stranger;

  const Client& client() const { return registration.metadata; }
  std::string_view secret() const {
    return registration.client_secret ? registration.client_secret->reveal() : std::string_view();
  }
};

struct Check {
  const Reason* reason;
  bool (*fails)(const Judged&);
};

constexpr std::array kChecks{
    Check{&reason::client_registration_id,
          [](const Judged& j) {
            return j.registration.client_id && !is_client_id(*j.registration.client_id);
          }},
    Check{&reason::client_registration_secret_of_public,
          [](const Judged& j) { return j.registration.client_secret && j.client().is_public(); }},
    Check{&reason::client_registration_secret,
          [](const Judged& j) {
            const auto secret = j.secret();
            return j.registration.client_secret &&
                   (secret.empty() || secret.size() > limits::kSecretBytes || !is_vschar(secret));
          }},
    Check{&reason::client_registration_secret_short,
          [](const Judged& j) {
            return j.registration.client_secret && j.chosen_by_stranger &&
                   j.secret().size() < kShortestChosenSecret;
          }},
    Check{&reason::client_registration_name,
          [](const Judged& j) {
            const auto& name = j.client().name;
            return !name.empty() &&
                   (!is_displayable(name) || count_characters(name) > limits::kClientNameChars);
          }},
    Check{&reason::client_registration_grant_type,
          [](const Judged& j) { return !j.client().may_use(GrantType::authorization_code); }},
    Check{&reason::client_registration_no_redirect_uri,
          [](const Judged& j) { return j.client().redirect_uris.empty(); }},
    Check{&reason::client_registration_redirect_uris,
          [](const Judged& j) { return j.client().redirect_uris.size() > limits::kRedirectUris; }},
};

template <class T>
bool same_set(std::vector<T> a, std::vector<T> b) {
  std::ranges::sort(a);
  std::ranges::sort(b);
  return a == b;
}

}  // namespace

Result<ClientRegistration> parse_client_registration(const Form& form, const Policy& policy) {
  const auto members = read_client_members(form);
  if (!members) return std::unexpected(members.error());
  return build(*members, policy);
}

Result<ClientRegistration> parse_client_registration(const boost::json::value& json,
                                                     const Policy& policy) {
  const auto members = read_client_members(json);
  if (!members) return std::unexpected(members.error());
  return build(*members, policy);
}

Result<void> judge_client_registration(const ClientRegistration& registration, const Policy& policy,
                                       bool chosen_by_stranger) {
  const Judged judged{registration, chosen_by_stranger};
  for (const auto& check : kChecks) {
    if (check.fails(judged)) return refused(*check.reason);
  }
  const Client& client = registration.metadata;
  for (const auto& uri : client.redirect_uris) {
    auto allowed = judge_redirect_uri_for_registration(uri, client.is_public(), policy);
    if (!allowed) return allowed;
  }
  return {};
}

bool same_registration(const Client& stored, const ClientRegistration& asked) {
  const Client& said = asked.metadata;
  const auto& named = asked.named;
  return (!named.name || stored.name == said.name) &&
         (!named.redirect_uris || same_set(stored.redirect_uris, said.redirect_uris)) &&
         (!named.scopes || same_set(stored.scopes, said.scopes)) &&
         (!named.grant_types || same_set(stored.grant_types, said.grant_types)) &&
         (!named.auth_method || stored.auth_method == said.auth_method) &&
         (!named.application_type || stored.application_type == said.application_type);
}

}  // namespace claviger::protocol
