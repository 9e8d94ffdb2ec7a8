// Who calls: the client authentication that every back-channel endpoint shares (RFC6749-2.3,
// RFC7523-2.2, OIDCC-9).
#pragma once
#include "endpoints/deps.hpp"
#include "http/message.hpp"
#include "protocol/client_authentication/authenticate.hpp"

namespace claviger::endpoints {

struct RefusedClient {
  Error error;
  std::string client_id;   // empty: unknown, or not to be named
  bool by_header = false;  // then a 401 carries WWW-Authenticate: Basic
};

// Secret in header or body, assertion of either kind, or `none`; never two at once (CA-01). Fetches
// the client's keys when an assertion needs them, and remembers the assertion's jti (CA-06).
Task<std::expected<protocol::AuthenticatedClient, RefusedClient>> authenticate_client(
    const Deps& deps, const http::Request& request, const Form& body, const Form& query);

http::Response refuse_client(const http::Request& request, const RefusedClient& refused);

}  // namespace claviger::endpoints
