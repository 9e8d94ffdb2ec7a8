// One function for each grant: from a parsed request of an authenticated client to tokens.
#pragma once
#include "endpoints/deps.hpp"
#include "http/message.hpp"
#include "protocol/client_authentication/authenticate.hpp"
#include "protocol/gate.hpp"
#include "protocol/grants/request.hpp"

namespace claviger::endpoints {

Task<http::Response> redeem_code(const Deps& deps, const http::Request& request,
                                 const protocol::CodeRequest& asked,
                                 const protocol::AuthenticatedClient& client);
Task<http::Response> refresh_tokens(const Deps& deps, const http::Request& request,
                                    const protocol::RefreshRequest& asked,
                                    const protocol::AuthenticatedClient& client);

// What the subject gate must see of the present for something that was granted earlier.
struct GrantedTo {
  std::string sub;
  std::string client_id;
  Id session;
  bool session_bound = false;
  Epochs epochs;
};
GrantedTo granted_to(const Code& code);
GrantedTo granted_to(const Grant& grant);
Task<protocol::GateFacts> load_gate(const Deps& deps, GrantedTo granted, GrantType grant_type);

}  // namespace claviger::endpoints
