#include "protocol/registration/client_uris.hpp"

#include <algorithm>
#include <array>

#include "base/json.hpp"
#include "base/limits.hpp"
#include "base/reasons/client_metadata.hpp"
#include "base/text.hpp"
#include "protocol/authorize/redirect_uri.hpp"
#include "protocol/registration/client_record.hpp"
#include "protocol/registration/json_lists.hpp"
#include "protocol/tokens/subject.hpp"

namespace claviger::protocol {
namespace {

constexpr std::size_t kRequestUris = 32;

// The rules for redirect URIs of confidential clients: no private scheme, no userinfo, no wildcard,
// nothing that two parsers read differently.
bool is_https(std::string_view uri, const Policy& policy) {
  return uri.starts_with("https://") && judge_redirect_uri_for_registration(uri, false, policy);
}

bool is_web(std::string_view uri, const Policy& policy) {
  const bool here = policy.loopback_issuer && uri.starts_with("http://");
  return is_https(uri, policy) ||
         (here && judge_redirect_uri_for_registration(uri, false, policy).has_value());
}

std::string origin_of(std::string_view uri) {
  const auto slashes = uri.find("://");
  if (slashes == std::string_view::npos) return {};
  return to_lower_ascii(uri.substr(0, uri.find_first_of("/?#", slashes + 3)));
}

struct UriMember {
  std::string_view name;
  std::string ClientMetadata::* place;
};
constexpr std::array kWebUris{
    UriMember{"client_uri", &ClientMetadata::client_uri},
    UriMember{"logo_uri", &ClientMetadata::logo_uri},
    UriMember{"policy_uri", &ClientMetadata::policy_uri},
    UriMember{"tos_uri", &ClientMetadata::tos_uri},
    UriMember{"jwks_uri", &ClientMetadata::jwks_uri},
};

Result<void> judge_redirects(const Client& client, const Policy& policy) {
  for (const auto* list : {&client.redirect_uris, &client.post_logout_redirect_uris}) {
    for (const auto& uri : *list) {
      auto allowed = judge_redirect_uri_for_registration(uri, client.is_public(), policy);
      if (!allowed) return allowed;
    }
  }
  const bool implicit_web =
      client.may_use(GrantType::implicit) && client.application_type == ApplicationType::web;
  if (!implicit_web) return {};
  for (const auto& uri : client.redirect_uris) {
    const bool too_near = is_loopback_uri(uri) && !policy.loopback_issuer;
    if (!uri.starts_with("https://") || too_near) {
      return refused(reason::client_metadata_implicit_redirect, {}, excerpt(uri));
    }
  }
  return {};
}

Result<void> judge_logouts(const Client& client, const Policy& policy) {
  const auto& front = client.metadata.frontchannel_logout.uri;
  const auto& back = client.metadata.backchannel_logout.uri;
  if (!front.empty() && !is_web(front, policy)) {
    return refused(reason::client_metadata_uri, "frontchannel_logout_uri", excerpt(front));
  }
  if (!back.empty() && !is_web(back, policy)) {
    return refused(reason::client_metadata_uri, "backchannel_logout_uri", excerpt(back));
  }
  // Else anybody's page would be loaded into our frames (OIDCFC-2).
  const bool known = std::ranges::find(client.redirect_uris, origin_of(front), origin_of) !=
                     client.redirect_uris.end();
  if (!front.empty() && !known) {
    return refused(reason::client_metadata_logout_uri, {}, excerpt(front));
  }
  return {};
}

Result<void> judge_request_uris(const Client& client, const Policy& policy) {
  const auto& uris = client.metadata.request_uris;
  if (uris.size() > kRequestUris) return refused(reason::client_metadata_request_uris);
  for (const std::string_view uri : uris) {
    // A fragment is the hash of the content (OIDCDR-2): not sent, and fine.
    const auto hash = uri.find('#');
    const auto fragment = hash == std::string_view::npos ? "" : uri.substr(hash + 1);
    const bool plain = is_vschar(fragment) && fragment.find_first_of(" #\"\\") == fragment.npos;
    if (uri.size() > limits::kUriBytes || !plain || !is_https(uri.substr(0, hash), policy)) {
      return refused(reason::client_metadata_request_uris, {}, excerpt(uri));
    }
  }
  return {};
}

}  // namespace

Result<void> judge_client_uris(const Client& client, const Policy& policy) {
  auto redirects = judge_redirects(client, policy);
  if (!redirects) return redirects;
  const auto& metadata = client.metadata;
  for (const auto& [name, place] : kWebUris) {
    const auto& uri = metadata.*place;
    if (!uri.empty() && !is_web(uri, policy)) {
      return refused(reason::client_metadata_uri, std::string(name), excerpt(uri));
    }
  }
  const auto& sector = metadata.sector_identifier_uri;
  if (!sector.empty() && !is_https(sector, policy)) {
    return refused(reason::client_metadata_uri, "sector_identifier_uri", excerpt(sector));
  }
  const auto& login = metadata.initiate_login_uri;
  if (!login.empty() && !is_https(login, policy)) {
    return refused(reason::client_metadata_initiate_login, {}, excerpt(login));
  }
  auto logouts = judge_logouts(client, policy);
  if (!logouts) return logouts;
  return judge_request_uris(client, policy);
}

void settle_sector(Client& client) {
  const auto& uri = client.metadata.sector_identifier_uri;
  const auto sector = uri.empty() ? sector_of(client.redirect_uris) : sector_of({uri});
  client.metadata.sector = sector.value_or("");
}

Result<void> judge_sector_document(std::string_view document, const Client& client) {
  const auto parsed = parse_json(document, limits::kSectorDocumentBytes);
  const auto listed = parsed ? read_strings(*parsed) : std::nullopt;
  if (!listed) return refused(reason::client_metadata_sector_document, "a JSON array of strings");
  for (const auto& uri : client.redirect_uris) {
    if (std::ranges::find(*listed, uri) == listed->end()) {
      return refused(reason::client_metadata_sector_document, excerpt(uri), "not listed");
    }
  }
  return {};
}

}  // namespace claviger::protocol
