#include "protocol/logout/front_channel.hpp"

#include "base/form.hpp"
#include "protocol/authorize/redirect_uri.hpp"
#include "protocol/logout/origin.hpp"

namespace claviger::protocol {

std::optional<LogoutFrame> front_channel_frame(const Client& client, std::string_view sid,
                                               const Policy& policy) {
  const auto& uri = client.metadata.frontchannel_logout.uri;
  auto origin = origin_of(uri);
  if (!origin || uri.find('#') != std::string::npos) return std::nullopt;
  const bool at_home = policy.loopback_issuer && is_loopback_uri(uri);
  if (!origin->starts_with("https://") && !at_home) return std::nullopt;
  std::string url = uri;
  const bool separated = url.ends_with('?') || url.ends_with('&');
  if (!separated) url += url.find('?') == std::string::npos ? '?' : '&';
  url += "iss=" + percent_encode(policy.issuer) + "&sid=" + percent_encode(sid);
  return LogoutFrame{std::move(url), std::move(*origin)};
}

}  // namespace claviger::protocol
