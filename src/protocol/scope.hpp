// Scope strings (RFC6749-3.3): bounded, split, and clamped to what is offered and allowed.
#pragma once
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/reason.hpp"
#include "model/client.hpp"
#include "protocol/policy.hpp"

namespace claviger::protocol {

using Scopes = std::vector<std::string>;

inline constexpr std::string_view kOpenid = "openid";
inline constexpr std::string_view kOfflineAccess = "offline_access";

// Words in the order sent, each once. Refused: over 4096 bytes or 64 items (CI-20), a character
// outside scope-token.
Result<Scopes> parse_scope(std::string_view text);
// Unknown and not allowed words are dropped (CI-19). Nothing asked for: every scope the client may
// have, but neither openid nor offline_access.
Scopes clamp_scopes(const std::optional<Scopes>& asked, const Client& client, const Policy& policy);
bool contains(const Scopes& scopes, std::string_view word);
bool covers(const Scopes& allowed, const Scopes& asked);
std::string to_text(const Scopes& scopes);

}  // namespace claviger::protocol
