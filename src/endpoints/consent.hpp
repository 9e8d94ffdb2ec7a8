// GET and POST /consent: a person allows a client, or does not.
#pragma once
#include "endpoints/deps.hpp"
#include "http/message.hpp"

namespace claviger::endpoints {

Task<http::Response> serve_consent_page(const Deps& deps, const http::Request& request);
Task<http::Response> serve_consent(const Deps& deps, const http::Request& request);

}  // namespace claviger::endpoints
