// Token exchange (RFC8693-2): a client gives an access token of ours and gets another one for the
// same person, never one that can do more, and one that says who acts.
#pragma once
#include <optional>
#include <string>
#include <vector>

#include "base/reason.hpp"
#include "model/access_token.hpp"
#include "protocol/client_authentication/authenticate.hpp"
#include "protocol/grants/request.hpp"
#include "protocol/policy.hpp"

namespace claviger::protocol {

// How many may act for one another (TX-06).
inline constexpr std::size_t kMostActors = 4;

struct ExchangePlan {
  Scopes scopes;
  std::vector<std::string> resources;  // empty: the issuer's own
  std::string act;                     // the claim's JSON: always there (TX-10)
};

// `subject` and `actor` are the claims of tokens that are ours and live as of now, with whatever is
// behind them.
Result<ExchangePlan> plan_exchange(const ExchangeRequest& request,
                                   const AuthenticatedClient& client,
                                   const AccessTokenClaims& subject, const AccessTokenClaims* actor,
                                   const Policy& policy);

}  // namespace claviger::protocol
