// What each protected resource under our own origin says of itself (RFC9728-3).
#pragma once
#include "endpoints/deps.hpp"
#include "http/router.hpp"

namespace claviger::endpoints {

// The issuer's own, and those of [resources] that lie under its origin. `deps` must outlive the
// router.
void add_protected_resources(http::Router& router, const Deps& deps);

}  // namespace claviger::endpoints
