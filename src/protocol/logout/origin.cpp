#include "protocol/logout/origin.hpp"

#include <boost/url.hpp>

#include "base/text.hpp"

namespace claviger::protocol {
namespace {

std::optional<std::string> host_of(const boost::urls::url_view& url) {
  if (url.host_type() == boost::urls::host_type::ipv6) {
    return "[" + url.host_ipv6_address().to_string() + "]";
  }
  auto host = to_lower_ascii(std::string_view(url.encoded_host()));
  constexpr std::string_view kPlain = "abcdefghijklmnopqrstuvwxyz0123456789.-_";
  if (host.empty() || host.find_first_not_of(kPlain) != std::string::npos) return std::nullopt;
  return host;
}

}  // namespace

std::optional<std::string> origin_of(std::string_view url) {
  const auto parsed = boost::urls::parse_uri(url);
  if (!parsed) return std::nullopt;
  const auto scheme = to_lower_ascii(std::string_view(parsed->scheme()));
  if (scheme != "https" && scheme != "http") return std::nullopt;
  const auto host = host_of(*parsed);
  if (!host) return std::nullopt;
  std::string origin = scheme + "://" + *host;
  const std::string_view port = parsed->port();
  const bool usual = port.empty() || port == (scheme == "https" ? "443" : "80");
  if (!usual) origin += ":" + std::to_string(parsed->port_number());
  return origin;
}

}  // namespace claviger::protocol
