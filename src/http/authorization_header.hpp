// The Authorization header (RFC9110-11.6.2), parsed once.
#pragma once
#include <optional>
#include <string>
#include <string_view>

#include "base/reason.hpp"
#include "base/secret.hpp"

namespace claviger::http {

// The Basic scheme of OAuth: id and secret were form-urlencoded before base64 (RFC6749-2.3.1).
struct BasicCredentials {
  std::string client_id;
  Secret secret;
};

enum class Scheme { none, basic, bearer, other };
Scheme authorization_scheme(std::optional<std::string_view> header);
// Nothing: malformed base64, no colon, bad percent-encoding, NUL or control characters, too long.
std::optional<BasicCredentials> parse_basic(std::string_view header);
// The token68 of a Bearer header (RFC6750-2.1), at most limits::kJwtBytes.
std::optional<std::string_view> parse_bearer(std::string_view header);

}  // namespace claviger::http
