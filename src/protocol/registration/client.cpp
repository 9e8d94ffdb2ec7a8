#include "protocol/registration/client.hpp"

#include <algorithm>
#include <array>

#include "base/limits.hpp"
#include "base/reasons/client_metadata.hpp"
#include "base/reasons/registration.hpp"
#include "base/text.hpp"
#include "protocol/registration/client_members.hpp"
#include "protocol/registration/client_record.hpp"
#include "protocol/registration/metadata_members.hpp"
#include "protocol/registration/unicode.hpp"
#include "protocol/scope.hpp"

namespace claviger::protocol {
namespace {

constexpr std::size_t kShortestChosenSecret = 16;
constexpr std::size_t kShortestMacSecret = 32;  // the key of HS256 (RFC7518-3.2)

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

// Left out: a code for whoever may redeem one. Nothing for those who get their tokens elsewhere.
Result<std::vector<ResponseType>> read_response_types(const ClientMembers& members,
                                                      const std::vector<GrantType>& grants) {
  std::vector<ResponseType> types;
  if (!members.response_types) {
    const bool code = std::ranges::find(grants, GrantType::authorization_code) != grants.end();
    if (code) types.push_back(kCodeOnly);
    return types;
  }
  for (const auto& words : *members.response_types) {
    const auto type = parse_response_type(words);
    if (!type) return refused(reason::client_registration_response_type);
    if (std::ranges::find(types, *type) == types.end()) types.push_back(*type);
  }
  return types;
}

// Each once. Counted before it is worked on: the work grows with the square.
Result<std::vector<std::string>> read_uris(const std::optional<std::vector<std::string>>& sent,
                                           const Reason& too_many) {
  std::vector<std::string> out;
  if (!sent) return out;
  if (sent->size() > limits::kRedirectUris) return refused(too_many);
  for (const auto& uri : *sent) {
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
  return {};
}

Result<std::string> read_name(const ClientMembers& members) {
  if (!members.client_name) return std::string();
  const auto name = to_nfkc(*members.client_name);
  if (!name) return refused(reason::client_registration_name);
  return *name;
}

Result<void> read_lists(const ClientMembers& members, const Policy& policy, Client& client) {
  auto scopes = read_scopes(members, policy);
  if (!scopes) return std::unexpected(scopes.error());
  auto grant_types = read_grant_types(members);
  if (!grant_types) return std::unexpected(grant_types.error());
  auto response_types = read_response_types(members, *grant_types);
  if (!response_types) return std::unexpected(response_types.error());
  auto redirects = read_uris(members.redirect_uris, reason::client_registration_redirect_uris);
  if (!redirects) return std::unexpected(redirects.error());
  auto after = read_uris(members.post_logout_redirect_uris, reason::client_metadata_post_logout);
  if (!after) return std::unexpected(after.error());
  client.scopes = std::move(*scopes);
  client.grant_types = std::move(*grant_types);
  client.response_types = std::move(*response_types);
  client.redirect_uris = std::move(*redirects);
  client.post_logout_redirect_uris = std::move(*after);
  return {};
}

Result<ClientRegistration> build(const ClientMembers& members, const Policy& policy) {
  ClientRegistration registration;
  Client& client = registration.metadata;
  client.registered_by = RegisteredBy::self;
  client.profile = policy.registration_profile;
  registration.client_id = members.client_id;
  if (members.client_id) client.client_id = *members.client_id;
  if (members.client_secret) registration.client_secret = Secret(*members.client_secret);

  if (auto read = read_words(members, client); !read) return std::unexpected(read.error());
  auto name = read_name(members);
  if (!name) return std::unexpected(name.error());
  client.name = std::move(*name);
  if (auto read = read_lists(members, policy, client); !read) return std::unexpected(read.error());
  settle_sector(client);

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
          [](const Judged& j) {
            return j.registration.client_secret && !uses_secret(j.client().auth_method);
          }},
    Check{&reason::client_registration_secret,
          [](const Judged& j) {
            const auto secret = j.secret();
            return j.registration.client_secret &&
                   (secret.empty() || secret.size() > limits::kSecretBytes || !is_vschar(secret));
          }},
    Check{&reason::client_registration_secret_short,
          [](const Judged& j) {
            const bool mac = j.client().auth_method == AuthMethod::client_secret_jwt;
            const auto least = mac                    ? kShortestMacSecret
                               : j.chosen_by_stranger ? kShortestChosenSecret
                                                      : 0;
            return j.registration.client_secret && j.secret().size() < least;
          }},
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

Result<ClientRegistration> parse_complete_registration(const boost::json::value& json,
                                                       const Policy& policy) {
  const auto* object = json.if_object();
  if (object == nullptr) return refused(reason::registration_not_an_object);
  boost::json::object present;
  for (const auto& [name, value] : *object) {
    if (!value.is_null()) present[name] = value;
  }
  auto further = read_metadata_members(present);
  if (!further) return std::unexpected(further.error());
  auto registration = parse_client_registration(boost::json::value(std::move(present)), policy);
  if (!registration) return registration;
  registration->metadata.metadata = std::move(*further);
  settle_sector(registration->metadata);
  return registration;
}

const std::vector<std::string_view>& registration_member_names() {
  static const std::vector<std::string_view> names = [] {
    auto all = metadata_member_names();
    for (const std::string_view name :
         {"client_id", "client_secret", "client_name", "redirect_uris", "post_logout_redirect_uris",
          "scope", "grant_types", "response_types", "token_endpoint_auth_method",
          "application_type"}) {
      all.push_back(name);
    }
    return all;
  }();
  return names;
}

Result<void> judge_client_registration(const ClientRegistration& registration, const Policy& policy,
                                       bool chosen_by_stranger,
                                       const std::vector<crypto::Alg>& signing_algs) {
  const Judged judged{registration, chosen_by_stranger};
  for (const auto& check : kChecks) {
    if (check.fails(judged)) return refused(*check.reason);
  }
  return judge_client_record(registration.metadata, policy, signing_algs);
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
