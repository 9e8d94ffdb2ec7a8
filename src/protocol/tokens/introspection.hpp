// What introspection says of a token (RFC7662-2.2), and to whom.
#pragma once
#include <boost/json.hpp>
#include <string_view>

#include "model/access_token.hpp"
#include "model/client.hpp"
#include "model/grant.hpp"
#include "protocol/policy.hpp"

namespace claviger::protocol {

// Does the token concern this confidential client? Its own token does, and one that is for a
// resource which the client is, as the operator said (IN-02).
bool may_introspect(const Client& client, const AccessTokenClaims& claims);
bool may_introspect(const Client& client,
                    const Grant& grant);  // its refresh token: the owner alone

boost::json::object introspect_access_token(const AccessTokenClaims& claims, const Policy& policy);
boost::json::object introspect_refresh_token(const Grant& grant, const RefreshFamily& family,
                                             std::string_view subject, const Policy& policy);
// Of everything else: the same bytes, whatever was wrong.
boost::json::object introspect_nothing();

// The claims of the signed form: for the caller alone (RFC9701-5).
boost::json::object introspection_claims(boost::json::object answer, const Client& caller,
                                         const Policy& policy, Time now);

// Does the Accept header ask for the signed form (RFC9701-4)?
bool wants_signed_introspection(std::string_view accept);

}  // namespace claviger::protocol
