// Assertions as a grant (RFC7523-2.1): a client that signs for a person gets what that person
// allowed it before, and nothing else.
#pragma once
#include <optional>
#include <string>

#include "base/reason.hpp"
#include "model/session.hpp"
#include "protocol/client_authentication/assertion.hpp"
#include "protocol/client_authentication/authenticate.hpp"
#include "protocol/grants/request.hpp"
#include "protocol/policy.hpp"

namespace claviger::protocol {

// May this client speak for people at all?
Result<void> judge_assertion_client(const Client& client);

// The same rules as for a client's own assertion; refusals are invalid_grant (RFC7523-3.1).
Result<AssertionClaims> judge_grant_assertion(const std::string& assertion, const Client& client,
                                              const crypto::JwkSet* published, const Policy& policy,
                                              Time now);

// What the person allowed this client and is asked for now (TX-09): nothing asked for is all of it.
Result<Scopes> judge_assertion_scope(const std::optional<Scopes>& asked,
                                     const std::optional<Consent>& consent, const Client& client,
                                     const Policy& policy);

}  // namespace claviger::protocol
