// The operations over HTTP on the unix socket: POST /v1/<operation> with a JSON object. Only the
// server's own user and root may connect (SO_PEERCRED).
#pragma once
#include "admin/operations.hpp"
#include "http/router.hpp"

namespace claviger::admin {

void add_routes(http::Router& router, Operations& operations);

}  // namespace claviger::admin
