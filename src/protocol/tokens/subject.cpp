#include "protocol/tokens/subject.hpp"

#include <boost/url.hpp>

#include "base/base64url.hpp"
#include "base/text.hpp"
#include "crypto/digest.hpp"

namespace claviger::protocol {
namespace {

// Lower case; nothing when the URI has no authority (private-use schemes).
std::optional<std::string> host_of(std::string_view uri) {
  const auto url = boost::urls::parse_uri(uri);
  if (!url || !url->has_authority()) return {};
  const std::string_view host = url->encoded_host();
  if (host.empty()) return {};
  return to_lower_ascii(host);
}

// Of a client without any: its own, which no host can look like.
std::string own_sector(const Client& client) {
  const auto host = sector_of(client.redirect_uris);
  return host ? *host : " " + client.client_id;
}

}  // namespace

std::string subject_for(const Client& client, std::string_view sub, const Digest& pairwise_key) {
  const auto& metadata = client.metadata;
  if (metadata.subject_type == SubjectType::public_) return std::string(sub);
  std::string renamed = metadata.sector.empty() ? own_sector(client) : metadata.sector;
  renamed.push_back('\0');  // neither a host nor a subject has one: no two pairs look alike
  renamed += sub;
  return base64url_encode(crypto::hmac_sha256(pairwise_key, as_bytes(renamed)));
}

std::string sid_for(const Id& session, std::string_view client_id, const Digest& sid_key) {
  std::string named(as_text(session.bytes()));
  named += client_id;
  return base64url_encode(crypto::hmac_sha256(sid_key, as_bytes(named)));
}

std::optional<std::string> sector_of(const std::vector<std::string>& redirect_uris) {
  std::optional<std::string> sector;
  for (const auto& uri : redirect_uris) {
    auto host = host_of(uri);
    if (!host || (sector && *sector != *host)) return {};
    sector = std::move(host);
  }
  return sector;
}

}  // namespace claviger::protocol
