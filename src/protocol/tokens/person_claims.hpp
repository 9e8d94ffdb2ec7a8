// The standard claims of a person (OIDCC-5.1), and which of them a client gets: those of the scopes
// (OIDCC-5.4) and those it asked for by name (OIDCC-5.5).
#pragma once
#include <boost/json.hpp>
#include <string_view>
#include <vector>

#include "model/client.hpp"
#include "model/user.hpp"
#include "protocol/claims_request.hpp"
#include "protocol/policy.hpp"
#include "protocol/scope.hpp"

namespace claviger::protocol {

// The claims that these scopes give, in one fixed order.
std::vector<std::string_view> claim_names_of(const Scopes& scopes);

// What the person has of the claims that `granted` gives and of those that are wanted. A wanted
// claim is given only when this client could have the scope that gives it: the parameter is no way
// around what the operator allowed. One whose value isn't among those asked for is left out, like
// one that the person does not have.
boost::json::object person_claims(const User& user, const Scopes& granted,
                                  const std::vector<WantedClaim>& wanted, const Client& client,
                                  const Policy& policy);

}  // namespace claviger::protocol
