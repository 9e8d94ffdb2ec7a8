// Resource indicators: what a token is to be good for (RFC8707-2).
#pragma once
#include <string>
#include <string_view>
#include <vector>

#include "base/form.hpp"
#include "base/reason.hpp"
#include "protocol/policy.hpp"

namespace claviger::protocol {

// The `resource` parameters, each once, in the order sent. Refused (invalid_target): one that is no
// absolute URI without a fragment, that neither the operator offers nor is this issuer, or more
// than limits::kResources.
Result<std::vector<std::string>> parse_resources(const Form& form, const Policy& policy);

}  // namespace claviger::protocol
