// GET and POST /device: where a person types the code of a device, sees who asks, and decides
// (RFC8628-3.3, RFC8628-5.4).
#pragma once
#include "endpoints/deps.hpp"
#include "http/message.hpp"

namespace claviger::endpoints {

Task<http::Response> serve_device_page(const Deps& deps, const http::Request& request);
Task<http::Response> serve_device(const Deps& deps, const http::Request& request);

}  // namespace claviger::endpoints
