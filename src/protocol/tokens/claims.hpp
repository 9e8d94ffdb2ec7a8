// What a scope lets a client see of a person: each scope gives the claim of the same name.
#pragma once
#include <array>
#include <boost/json.hpp>
#include <string_view>

#include "model/user.hpp"
#include "protocol/scope.hpp"

namespace claviger::protocol {

// In the order in which they are answered; the scope of the same name gives each.
inline constexpr std::array<std::string_view, 5> kClaimNames{"email", "username", "firstname",
                                                             "lastname", "phone"};

// Only claims that have a value, in the order email, username, firstname, lastname, phone.
boost::json::object claims_for(const User& user, const Scopes& scopes);

}  // namespace claviger::protocol
