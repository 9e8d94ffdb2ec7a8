// The standard claims of a person (OIDCC-5.1), with the JSON types that clients rely on.
#pragma once
#include <boost/json.hpp>
#include <string_view>
#include <vector>

#include "base/reason.hpp"
#include "model/user.hpp"

namespace claviger::protocol {

// Nobody vouches for what people say of themselves: they can't set `email_verified` and
// `phone_number_verified` (RM-06).
enum class Vouched { by_operator, by_nobody };

// Sets every claim that `claims` names; null takes one away. Another email or telephone number is
// not verified any more. By the operator: an unknown name is refused. By nobody: it is passed over
// (DC-05).
Result<void> set_user_claims(const boost::json::object& claims, Vouched vouched, User& user);

// Every name that can be set.
std::vector<std::string_view> settable_claim_names();

}  // namespace claviger::protocol
