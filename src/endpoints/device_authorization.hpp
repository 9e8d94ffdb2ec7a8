// POST /device_authorization: a device without a browser asks for a code that a person can type
// elsewhere (RFC8628-3.1).
#pragma once
#include "endpoints/deps.hpp"
#include "http/message.hpp"

namespace claviger::endpoints {

Task<http::Response> serve_device_authorization(const Deps& deps, const http::Request& request);

}  // namespace claviger::endpoints
