// Refusals of resource indicators, wherever one is sent.
#pragma once
#include <array>

#include "base/reason.hpp"

namespace claviger::reason {

inline constexpr Reason resource_malformed{
    "resource.malformed", ErrorCode::invalid_target, "RFC8707-2",
    "resource is not an absolute URI without a fragment, or there are more than eight",
    "send the URI of the resource as its operator gave it"};
inline constexpr Reason resource_unknown{
    "resource.unknown", ErrorCode::invalid_target, "RFC8707-2",
    "no tokens are issued here for this resource",
    "list the resource in resources.offered of the configuration, or ask for one that is"};

inline constexpr std::array kAllResource{
    &resource_malformed,
    &resource_unknown,
};

}  // namespace claviger::reason
