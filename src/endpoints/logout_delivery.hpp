// Telling the clients' servers that a session ended (OIDCBC-2.5): never while somebody waits. What
// is to be told stands in the store, so that a restart loses nothing and two nodes tell nobody
// twice at the same time.
#pragma once
#include <cstddef>

#include "endpoints/deps.hpp"

namespace claviger::endpoints {

// One round over what is due. Every attempt is a line in the log, with the client and what came of
// it, never the token. Gives how many clients were tried.
Task<std::size_t> deliver_logouts(const Deps& deps);

}  // namespace claviger::endpoints
