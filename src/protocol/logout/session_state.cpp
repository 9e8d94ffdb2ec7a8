#include "protocol/logout/session_state.hpp"

#include "base/base64url.hpp"
#include "crypto/digest.hpp"
#include "protocol/logout/origin.hpp"

namespace claviger::protocol {

std::optional<std::string> make_session_state(std::string_view client_id,
                                              std::string_view redirect_uri,
                                              std::string_view op_state, std::string_view salt) {
  const auto origin = origin_of(redirect_uri);
  if (!origin || client_id.find(' ') != std::string_view::npos) return std::nullopt;
  std::string text(client_id);
  text += " " + *origin + " ";
  text += op_state;
  text += " ";
  text += salt;
  return base64url_encode(crypto::sha256(text)) + "." + std::string(salt);
}

}  // namespace claviger::protocol
