// Addresses as settings write them: the issuer, listeners, proxies.
#pragma once
#include <cstdint>
#include <expected>
#include <optional>
#include <string>
#include <string_view>

namespace claviger::config {

struct Issuer {
  bool https = false;
  std::string host;       // "localhost", "auth.example.com", "[::1]"
  std::string authority;  // with the port where there is one: "localhost:2003"
};
// An absolute http or https URL of scheme and authority alone (OIDCD-3, RFC8414-2): lower case, no
// userinfo, path, query, fragment or trailing slash, no port that the scheme implies. The error
// says which of these.
std::expected<Issuer, std::string> parse_issuer(std::string_view text);

struct ListenAddress {
  std::string host;  // "localhost", "127.0.0.1", "::1" (no brackets), "0.0.0.0"
  std::uint16_t port = 0;
};
// "localhost:2003", "127.0.0.1:2003", "[::1]:2003". Port 0 is any free one. Names other than
// localhost are refused: what they resolve to may change under a running server.
std::optional<ListenAddress> parse_listen(std::string_view text);

struct StoreAddress {
  bool local = false;   // a unix socket, or loopback
  std::string sslmode;  // as written; empty: nothing was said
};
// postgresql://user:password@host:port/database?key=value. The error says what is wrong with it
// and quotes nothing.
std::expected<StoreAddress, std::string> parse_store_url(std::string_view text);

// Exactly localhost, 127.0.0.1 and ::1 (with or without brackets).
bool is_loopback_host(std::string_view host);
// An address, or a network such as 10.0.0.0/8; never everything (/0).
bool is_proxy(std::string_view text);

}  // namespace claviger::config
