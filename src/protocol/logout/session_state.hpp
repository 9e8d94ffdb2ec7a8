// What lets a client's script notice that the sign-in changed (OIDCSM-3).
#pragma once
#include <optional>
#include <string>
#include <string_view>

namespace claviger::protocol {

// base64url(SHA-256(client_id SP origin SP op_state SP salt)) "." salt, the origin being that of
// the redirect URI. The page of the frame computes the same in its script. Nothing: the URI has no
// origin, or a part has a space in it, which would let two inputs be one.
std::optional<std::string> make_session_state(std::string_view client_id,
                                              std::string_view redirect_uri,
                                              std::string_view op_state, std::string_view salt);

}  // namespace claviger::protocol
