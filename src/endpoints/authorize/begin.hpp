// A new authorization request, from its form on (RFC6749-4.1.1, OIDCC-3.1.2.1).
#pragma once
#include "base/form.hpp"
#include "endpoints/deps.hpp"
#include "http/message.hpp"

namespace claviger::endpoints {

// By GET every cookie came along. A cross-site POST may have come without them: then the request is
// kept first, and judged when the browser follows us here (RFC6749-3.1).
enum class Arrival { get, post };
Task<http::Response> begin_authorization(const Deps& deps, const http::Request& request, Form form,
                                         Arrival arrival);

}  // namespace claviger::endpoints
