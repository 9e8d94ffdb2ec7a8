#include "protocol/registration/client_record.hpp"

#include <algorithm>
#include <array>

#include "base/limits.hpp"
#include "base/reasons/client_metadata.hpp"
#include "base/reasons/registration.hpp"
#include "base/text.hpp"
#include "protocol/authorize/redirect_uri.hpp"
#include "protocol/registration/client_keys.hpp"
#include "protocol/registration/client_uris.hpp"
#include "protocol/registration/metadata_members.hpp"
#include "protocol/registration/unicode.hpp"

namespace claviger::protocol {
namespace {

constexpr std::size_t kTextBytes = 256;
constexpr std::size_t kTexts = 32;

bool has_hybrid_part(const Client& client) {
  return std::ranges::any_of(client.response_types, &ResponseType::is_front_channel);
}

// Each response type needs the grants it consists of (OIDCDR-2).
bool grants_fit(const Client& client) {
  return std::ranges::all_of(client.response_types, [&](const ResponseType& type) {
    return (!type.code || client.may_use(GrantType::authorization_code)) &&
           (!type.is_front_channel() || client.may_use(GrantType::implicit));
  });
}

bool redirects(const Client& client) {
  return client.may_use(GrantType::authorization_code) || client.may_use(GrantType::implicit);
}

bool gives_refresh_tokens(const Client& client) {
  return client.may_use(GrantType::authorization_code) || client.may_use(GrantType::device_code);
}

bool is_text(const std::string& text) {
  return text.size() <= kTextBytes && is_utf8(text) && !has_control_character(text);
}

bool are_texts(const std::vector<std::string>& list) {
  return list.size() <= kTexts && std::ranges::all_of(list, is_text);
}

struct Check {
  const Reason* reason;
  bool (*fails)(const Client&);
};

constexpr std::array kChecks{
    Check{&reason::client_registration_name,
          [](const Client& c) {
            return !c.name.empty() &&
                   (!is_displayable(c.name) || count_characters(c.name) > limits::kClientNameChars);
          }},
    // Of the profile first: it is what a client can do nothing about.
    Check{&reason::client_metadata_profile,
          [](const Client& c) {
            const bool wants = has_hybrid_part(c) || c.may_use(GrantType::implicit) ||
                               !c.metadata.request_uris.empty();
            return wants && c.profile != Profile::oidc_compat;
          }},
    Check{&reason::client_registration_grant_type,
          [](const Client& c) {
            const bool idle_refresh =
                c.may_use(GrantType::refresh_token) && !gives_refresh_tokens(c);
            return c.grant_types.empty() || idle_refresh;
          }},
    Check{&reason::client_metadata_unfit_grant, [](const Client& c) { return !grants_fit(c); }},
    Check{&reason::client_metadata_public_grant,
          [](const Client& c) {
            return c.is_public() && (c.may_use(GrantType::client_credentials) ||
                                     c.may_use(GrantType::token_exchange));
          }},
    Check{&reason::client_registration_no_redirect_uri,
          [](const Client& c) { return redirects(c) && c.redirect_uris.empty(); }},
    Check{&reason::client_registration_redirect_uris,
          [](const Client& c) { return c.redirect_uris.size() > limits::kRedirectUris; }},
    Check{
        &reason::client_metadata_post_logout,
        [](const Client& c) { return c.post_logout_redirect_uris.size() > limits::kRedirectUris; }},
    Check{&reason::client_metadata_text,
          [](const Client& c) {
            const auto& m = c.metadata;
            return !are_texts(m.contacts) || !are_texts(m.default_acr_values) ||
                   !is_text(m.software_id) || !is_text(m.software_version);
          }},
};

boost::json::array array_of(const std::vector<std::string>& list) {
  boost::json::array array;
  for (const auto& item : list) array.emplace_back(item);
  return array;
}

}  // namespace

Result<void> judge_client_record(const Client& client, const Policy& policy,
                                 const std::vector<crypto::Alg>& signing_algs) {
  for (const auto& check : kChecks) {
    if (check.fails(client)) return refused(*check.reason);
  }
  auto uris = judge_client_uris(client, policy);
  if (!uris) return uris;
  const auto& metadata = client.metadata;
  if (metadata.subject_type == SubjectType::pairwise && metadata.sector.empty()) {
    return refused(reason::client_metadata_sector);
  }
  return judge_client_keys(client, signing_algs);
}

Result<void> judge_own_choice(const Client& wanted, const Client* stored) {
  for (const auto type : {GrantType::token_exchange, GrantType::jwt_bearer}) {
    const bool had = stored != nullptr && stored->may_use(type);
    if (wanted.may_use(type) && !had) {
      return refused(reason::client_metadata_operator_grant, "", std::string(to_string(type)));
    }
  }
  return {};
}

Result<void> judge_client_change(const Client& before, const Client& after) {
  const bool loses_proof = after.is_public() != before.is_public();
  const bool lacks_secret = uses_secret(after.auth_method) && !before.secret_hash;
  const bool lacks_sealed =
      after.auth_method == AuthMethod::client_secret_jwt && before.sealed_secret.empty();
  if (loses_proof || lacks_secret || lacks_sealed) {
    return refused(reason::client_metadata_method_changed,
                   std::string(to_string(before.auth_method)),
                   std::string(to_string(after.auth_method)));
  }
  return {};
}

Client replace_registration(const Client& stored, const Client& wanted) {
  Client next = stored;
  next.name = wanted.name;
  next.auth_method = wanted.auth_method;
  next.redirect_uris = wanted.redirect_uris;
  next.post_logout_redirect_uris = wanted.post_logout_redirect_uris;
  next.scopes = wanted.scopes;
  next.grant_types = wanted.grant_types;
  next.response_types = wanted.response_types;
  next.application_type = wanted.application_type;
  next.metadata = wanted.metadata;
  next.metadata.access_token_format = stored.metadata.access_token_format;
  next.metadata.resources = stored.metadata.resources;
  const bool same_logo = wanted.metadata.logo_uri == stored.metadata.logo_uri;
  next.metadata.has_logo = stored.metadata.has_logo && same_logo;
  return next;
}

bool uses_secret(AuthMethod method) {
  return method != AuthMethod::none && method != AuthMethod::private_key_jwt;
}

boost::json::object client_information(const Client& client, const Policy& policy) {
  boost::json::object out{{"client_id", client.client_id}};
  out["client_id_issued_at"] = to_seconds(client.created_at);
  if (!client.name.empty()) out["client_name"] = client.name;
  out["redirect_uris"] = array_of(client.redirect_uris);
  boost::json::array grants;
  for (const auto type : client.grant_types) grants.emplace_back(to_string(type));
  out["grant_types"] = std::move(grants);
  boost::json::array types;
  for (const auto type : client.response_types) types.emplace_back(to_string(type));
  out["response_types"] = std::move(types);
  out["token_endpoint_auth_method"] = to_string(client.auth_method);
  out["application_type"] = to_string(client.application_type);
  std::string scope;
  const auto& scopes = client.scopes.empty() ? policy.scopes : client.scopes;
  for (const auto& word : scopes) scope += (scope.empty() ? "" : " ") + word;
  out["scope"] = scope;
  if (!client.post_logout_redirect_uris.empty()) {
    out["post_logout_redirect_uris"] = array_of(client.post_logout_redirect_uris);
  }
  write_metadata_members(client.metadata, out);
  return out;
}

}  // namespace claviger::protocol
