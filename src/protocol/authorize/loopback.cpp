#include "protocol/authorize/loopback.hpp"

#include <algorithm>
#include <charconv>

namespace claviger::protocol {
namespace {

constexpr std::string_view kScheme = "http://";

// 1 to 65535 without a leading zero: one number, one spelling.
std::optional<std::uint16_t> parse_port(std::string_view digits) {
  std::uint16_t port = 0;
  const auto [stopped, error] = std::from_chars(digits.begin(), digits.end(), port);
  if (error != std::errc{} || stopped != digits.end() || digits.front() == '0') return {};
  return port;
}

}  // namespace

std::optional<LoopbackUri> parse_loopback_uri(std::string_view uri) {
  if (!uri.starts_with(kScheme)) return {};
  uri.remove_prefix(kScheme.size());
  const auto host = std::ranges::find_if(
      kLoopbackHosts, [&](std::string_view literal) { return uri.starts_with(literal); });
  if (host == kLoopbackHosts.end()) return {};
  LoopbackUri parsed{.host = *host, .port = {}, .rest = {}};
  uri.remove_prefix(host->size());
  if (uri.starts_with(':')) {
    const auto end = std::min(uri.find_first_of("/?"), uri.size());
    parsed.port = parse_port(uri.substr(1, end - 1));
    if (!parsed.port) return {};
    uri.remove_prefix(end);
  }
  // Anything else behind the literal makes it another host: localhost.evil, 127.0.0.1@evil.
  if (!uri.empty() && uri.front() != '/' && uri.front() != '?') return {};
  parsed.rest = uri;
  return parsed;
}

}  // namespace claviger::protocol
