// The origin of a URL as browsers write it (RFC6454-6.2): what scripts compare and what a content
// security policy lists.
#pragma once
#include <optional>
#include <string>
#include <string_view>

namespace claviger::protocol {

// "https://app.example.com", "http://localhost:3000": lower case, the scheme's own port left out.
// Nothing unless it is http or https with a plain host: letters, digits, dots, hyphens, or an IPv6
// address; so the result can stand in a header as it is.
std::optional<std::string> origin_of(std::string_view url);

}  // namespace claviger::protocol
