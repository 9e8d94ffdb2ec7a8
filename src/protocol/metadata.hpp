// The discovery documents (RFC8414-2, OIDCD-3): registered member names, and only what works.
#pragma once
#include <boost/json.hpp>
#include <string>
#include <vector>

#include "protocol/policy.hpp"

namespace claviger::protocol {

boost::json::object authorization_server_metadata(const Policy& policy,
                                                  const std::vector<std::string>& signing_algs);

}  // namespace claviger::protocol
