// Pages around the protocol: the front page, and the explanation of one refusal for a developer
// whose issuer is loopback.
#pragma once
#include "endpoints/deps.hpp"
#include "http/message.hpp"

namespace claviger::endpoints {

Task<http::Response> serve_home(const Deps& deps, const http::Request& request);
Task<http::Response> serve_explain(const Deps& deps, const http::Request& request);

}  // namespace claviger::endpoints
