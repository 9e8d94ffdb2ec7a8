// The discovery documents (RFC8414-2, OIDCD-3, RFC9728-2): registered member names, and only what
// works.
#pragma once
#include <boost/json.hpp>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "protocol/policy.hpp"

namespace claviger::protocol {

// `signing_algs`: those that we have an active key of.
boost::json::object authorization_server_metadata(const Policy& policy,
                                                  const std::vector<std::string>& signing_algs);

// Of a resource: the issuer's own, or one that the operator offers.
boost::json::object protected_resource_metadata(std::string_view resource, const Policy& policy);
// Where that document has to be found, when it is for us to serve: the well-known path, with the
// resource's own path behind it (RFC9728-3.1). Nothing: the resource lives elsewhere.
std::optional<std::string> protected_resource_path(std::string_view resource, const Policy& policy);

}  // namespace claviger::protocol
