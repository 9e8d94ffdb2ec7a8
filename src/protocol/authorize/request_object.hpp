// Request objects (OIDCC-6, RFC9101): the authorization request as a JWT that the client signed,
// sent by itself or by reference. Pure: who fetches is endpoints/request_object.hpp.
#pragma once
#include <optional>
#include <string>
#include <string_view>

#include "base/form.hpp"
#include "base/reason.hpp"
#include "base/time.hpp"
#include "crypto/jwk_set.hpp"
#include "crypto/jws.hpp"
#include "model/client.hpp"
#include "protocol/policy.hpp"

namespace claviger::protocol {

// One of the two is not empty.
struct RequestObject {
  std::string jwt;
  std::string url;  // to be fetched: registered, https, without its fragment
};
// Nothing: the parameters came by themselves. By reference only for clients of the profile
// oidc_compat, and only what they registered (PJ-01).
Result<std::optional<RequestObject>> find_request_object(const Form& form, const Client& client);

// The `kid` that a JWT names, before any proof: it only decides which keys are fetched.
std::string named_key(std::string_view jwt);

// Signed by a key of the client's, under the algorithm it registered, never `none`, and made to be
// a request (PJ-12, RFC9101-6.2, RFC9101-10.8).
Result<boost::json::object> verify_request_object(std::string_view jwt, const crypto::JwkSet& keys,
                                                  const Client& client);

// The parameters that count. Inner values win; those that stand outside alone count only in OpenID
// requests of clients that aren't held to more (OIDCC-6.1, PJ-08). Refused: another client's or
// server's object, an expired one, one within one (PJ-06), a type or client that differs outside.
Result<Form> merge_request_object(const Form& outer, const boost::json::object& object,
                                  const Client& client, const Policy& policy, Time now);

}  // namespace claviger::protocol
