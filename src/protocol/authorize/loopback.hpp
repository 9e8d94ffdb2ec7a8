// The http URIs of this very machine (RFC8252-7.3): the three literals, taken apart as text. No
// parser, no normal form: two of them can't disagree about what they read (RU-04, RU-09).
#pragma once
#include <array>
#include <cstdint>
#include <optional>
#include <string_view>

namespace claviger::protocol {

inline constexpr std::array<std::string_view, 3> kLoopbackHosts{"127.0.0.1", "[::1]", "localhost"};

struct LoopbackUri {
  std::string_view host;
  std::optional<std::uint16_t> port;
  std::string_view rest;  // path and query, from the first '/' or '?'

  // The same place but for the port.
  bool same_but_port(const LoopbackUri& other) const {
    return host == other.host && rest == other.rest;
  }
};

// Nothing unless it is `http://`, one of the literals exactly, perhaps a port, and then the end, a
// path or a query.
std::optional<LoopbackUri> parse_loopback_uri(std::string_view uri);

}  // namespace claviger::protocol
