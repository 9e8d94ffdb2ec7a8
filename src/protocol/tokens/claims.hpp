// What a scope lets a client see of a person: each scope gives the claim of the same name.
#pragma once
#include <boost/json.hpp>

#include "model/user.hpp"
#include "protocol/scope.hpp"

namespace claviger::protocol {

// Only claims that have a value, in the order email, username, firstname, lastname, phone.
boost::json::object claims_for(const User& user, const Scopes& scopes);

}  // namespace claviger::protocol
