#include "config/addresses.hpp"

#include <arpa/inet.h>

#include <algorithm>
#include <array>
#include <charconv>

namespace claviger::config {
namespace {

bool is_address(int family, std::string_view text) {
  std::array<unsigned char, 16> out{};
  return text.size() < 64 && inet_pton(family, std::string(text).c_str(), out.data()) == 1;
}

std::optional<unsigned> parse_small(std::string_view text, unsigned most) {
  unsigned number = 0;
  if (text.empty() || text.size() > 5 || (text.size() > 1 && text[0] == '0')) return std::nullopt;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc() || end != text.data() + text.size() || number > most) {
    return std::nullopt;
  }
  return number;
}

bool is_host_name(std::string_view host) {
  const auto fits = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '.';
  };
  return !host.empty() && host.size() <= 253 && std::ranges::all_of(host, fits) &&
         host.front() != '.' && host.back() != '.' && host.front() != '-' &&
         host.find("..") == std::string_view::npos;
}

struct HostPort {
  std::string_view host;  // with brackets
  std::optional<std::string_view> port;
};

std::optional<HostPort> split(std::string_view authority) {
  if (authority.starts_with('[')) {
    const auto close = authority.find(']');
    if (close == std::string_view::npos) return std::nullopt;
    const auto rest = authority.substr(close + 1);
    if (rest.empty()) return HostPort{authority, std::nullopt};
    if (rest[0] != ':') return std::nullopt;
    return HostPort{authority.substr(0, close + 1), rest.substr(1)};
  }
  const auto colon = authority.find(':');
  if (colon == std::string_view::npos) return HostPort{authority, std::nullopt};
  return HostPort{authority.substr(0, colon), authority.substr(colon + 1)};
}

bool is_bracketed(std::string_view host) {
  return host.size() > 2 && host.front() == '[' && host.back() == ']' &&
         is_address(AF_INET6, host.substr(1, host.size() - 2));
}

}  // namespace

std::expected<Issuer, std::string> parse_issuer(std::string_view text) {
  const auto bad = [](const char* why) { return std::unexpected(std::string(why)); };
  Issuer issuer;
  issuer.https = text.starts_with("https://");
  if (!issuer.https && !text.starts_with("http://")) {
    return bad("does not begin with https:// or http://");
  }
  const auto authority = text.substr(issuer.https ? 8 : 7);
  if (authority.find('?') != std::string_view::npos) return bad("has a query");
  if (authority.find('#') != std::string_view::npos) return bad("has a fragment");
  if (authority.ends_with('/')) return bad("ends with a slash");
  if (authority.find('/') != std::string_view::npos) return bad("has a path");
  if (authority.find('@') != std::string_view::npos) return bad("has a user name in it");
  if (std::ranges::any_of(authority, [](char c) { return c >= 'A' && c <= 'Z'; })) {
    return bad("has capital letters");
  }
  const auto parts = split(authority);
  if (!parts || (!is_host_name(parts->host) && !is_bracketed(parts->host))) {
    return bad("has no proper host");
  }
  if (parts->port) {
    const auto port = parse_small(*parts->port, 65535);
    if (!port || *port == 0) return bad("has no proper port");
    if (*port == (issuer.https ? 443u : 80u)) return bad("names the port that its scheme implies");
  }
  issuer.host = parts->host;
  issuer.authority = authority;
  return issuer;
}

std::optional<ListenAddress> parse_listen(std::string_view text) {
  const auto parts = split(text);
  if (!parts || !parts->port) return std::nullopt;
  const auto port = parse_small(*parts->port, 65535);
  if (!port) return std::nullopt;
  auto host = parts->host;
  if (is_bracketed(host)) {
    host = host.substr(1, host.size() - 2);
  } else if (host != "localhost" && !is_address(AF_INET, host)) {
    return std::nullopt;
  }
  return ListenAddress{std::string(host), static_cast<std::uint16_t>(*port)};
}

bool is_loopback_host(std::string_view host) {
  return host == "localhost" || host == "127.0.0.1" || host == "::1" || host == "[::1]";
}

bool is_proxy(std::string_view text) {
  const auto slash = text.find('/');
  const auto address = text.substr(0, slash);
  const bool v4 = is_address(AF_INET, address);
  if (!v4 && !is_address(AF_INET6, address)) return false;
  if (slash == std::string_view::npos) return true;
  const auto bits = parse_small(text.substr(slash + 1), v4 ? 32 : 128);
  return bits && *bits > 0;
}

}  // namespace claviger::config
