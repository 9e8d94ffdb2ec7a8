// What a person is asked to allow (OIDCC-3.1.2.4).
#pragma once
#include "model/client.hpp"
#include "model/session.hpp"
#include "protocol/policy.hpp"
#include "protocol/scope.hpp"

namespace claviger::protocol {

// The scopes of the request, and those that give the claims which it wants by name (OIDCC-5.5): a
// claim asked for in another way must not pass the person by.
Scopes scopes_to_allow(const Transaction& transaction, const Client& client, const Policy& policy);

}  // namespace claviger::protocol
