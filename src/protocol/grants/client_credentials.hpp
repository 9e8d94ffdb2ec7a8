// The client credentials grant's rules (RFC6749-4.4): a client speaks for itself alone. No person,
// no grant row, no refresh token, and no scope that only a person can give.
#pragma once
#include <string>
#include <vector>

#include "base/reason.hpp"
#include "protocol/client_authentication/authenticate.hpp"
#include "protocol/grants/request.hpp"
#include "protocol/policy.hpp"
#include "protocol/scope.hpp"

namespace claviger::protocol {

struct ClientCredentialsPlan {
  Scopes scopes;
  std::vector<std::string> resources;
};
Result<ClientCredentialsPlan> plan_client_credentials(const ClientCredentialsRequest& request,
                                                      const AuthenticatedClient& client,
                                                      const Policy& policy);

// `resource` and `audience` values as they were sent, judged like any resource indicator.
Result<std::vector<std::string>> judge_targets(const std::vector<std::string>& sent,
                                               const Policy& policy);
// Without those that only belong to a person who signed in: openid and offline_access.
Scopes without_sign_in(Scopes scopes);

}  // namespace claviger::protocol
