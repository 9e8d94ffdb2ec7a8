// Clients that are told of the end of a session by a frame in the person's browser (OIDCFC-2,
// OIDCFC-3).
#pragma once
#include <optional>
#include <string>
#include <string_view>

#include "model/client.hpp"
#include "protocol/policy.hpp"

namespace claviger::protocol {

struct LogoutFrame {
  std::string url;     // the registered one with `iss` and `sid`, nothing else, added to its query
  std::string origin;  // for the page's frame-src
};
// Nothing: the client registered none, or one that no frame of ours may show: anything but https,
// or http on this machine for an issuer that is there itself (OX-07).
std::optional<LogoutFrame> front_channel_frame(const Client& client, std::string_view sid,
                                               const Policy& policy);

}  // namespace claviger::protocol
