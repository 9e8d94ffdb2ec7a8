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
Task<http::Response> serve_client_credentials(const Deps& deps, const http::Request& request,
                                              const protocol::ClientCredentialsRequest& asked,
                                              const protocol::AuthenticatedClient& client);
Task<http::Response> redeem_device_code(const Deps& deps, const http::Request& request,
                                        const protocol::DeviceRequest& asked,
                                        const protocol::AuthenticatedClient& client);
Task<http::Response> exchange_token(const Deps& deps, const http::Request& request,
                                    const protocol::ExchangeRequest& asked,
                                    const protocol::AuthenticatedClient& client);
Task<http::Response> redeem_assertion(const Deps& deps, const http::Request& request,
                                      const protocol::AssertionRequest& asked,
                                      const protocol::AuthenticatedClient& client);

// The subject gate, for something that was granted earlier, by how everybody behind it stands now.
Result<void> pass_gate(const store::Standing& now, const Authorized& granted, bool session_bound,
                       GrantType type);
Result<void> pass_gate(const store::Standing& now, const Code& code);
// What was exchanged lives no longer than every grant that it came from (TX-11). A revocation takes
// the children along; what ends by an epoch is seen only when it is looked at.
Task<Result<void>> judge_ancestors(const Deps& deps, Id above);

}  // namespace claviger::endpoints
