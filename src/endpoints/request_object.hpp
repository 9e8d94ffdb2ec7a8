// Opens the request object that an authorization request carries or points to (OIDCC-6): its
// keys, and the object itself when it comes by reference, may have to be fetched.
#pragma once
#include "base/form.hpp"
#include "endpoints/deps.hpp"
#include "model/client.hpp"
#include "protocol/authorize/request_object.hpp"

namespace claviger::endpoints {

// The parameters that count. A refusal is shown here and never sent anywhere: until the object is
// proven, nobody knows whose wish an address in it is (PJ-13).
Task<Result<Form>> open_request_object(const Deps& deps, protocol::RequestObject object, Form outer,
                                       Client client);

}  // namespace claviger::endpoints
