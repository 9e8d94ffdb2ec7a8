// POST /register_client and POST /register_user: open registration for a walk-through on one's own
// machine. An existing client or user is never changed by these calls. And what all registration of
// clients shares.
#pragma once
#include <optional>

#include "endpoints/deps.hpp"
#include "http/message.hpp"

namespace claviger::endpoints {

Task<http::Response> serve_register_client(const Deps& deps, const http::Request& request);
Task<http::Response> serve_register_user(const Deps& deps, const http::Request& request);

// Open here at all, and not called by a page of another site (RFC9700-2.6)?
Result<void> judge_registration_call(const Deps& deps, const http::Request& request);

// Have strangers registered as many clients as they may (DC-07)?
Task<bool> is_full(const Deps& deps);

// The record as it will be stored, and the secret if we chose it.
struct MadeClient {
  Client client;
  std::optional<Secret> generated;
};
// Fills in id, secret and time. The secret itself is kept, sealed, for client_secret_jwt alone:
// every other method needs no more than its hash (DC-12).
MadeClient make_client(const Deps& deps, const protocol::ClientRegistration& asked,
                       RegisteredBy by);

// Is it the client's current secret? In constant time.
bool is_secret_of(const Deps& deps, const Client& client, const Secret& secret);

}  // namespace claviger::endpoints
