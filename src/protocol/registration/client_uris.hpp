// The addresses that a client registers beside and among its redirect URIs.
#pragma once
#include <string_view>

#include "base/reason.hpp"
#include "model/client.hpp"
#include "protocol/policy.hpp"

namespace claviger::protocol {

// Redirect URIs (RU-06, RU-15), those after logout (OX-04), and every member that holds a URI:
// https; for pages, keys and logouts also http on a loopback host where the issuer is loopback.
Result<void> judge_client_uris(const Client& client, const Policy& policy);

}  // namespace claviger::protocol
