// Refusals when somebody makes an account for themselves, beside those of user registration.
#pragma once
#include <array>

#include "base/reason.hpp"

namespace claviger::reason {

inline constexpr Reason signup_taken{
    "signup.taken", ErrorCode::conflict, "OIDCC-3.1.2.3",
    "the user name or the email address belongs to an account already",
    "choose another, or sign in with the account that is there"};
inline constexpr Reason signup_cancelled{
    "signup.cancelled", ErrorCode::access_denied, "RFC6749-4.1.2.1",
    "the person declined to make an account", "nothing to mend: a person decided"};

inline constexpr std::array kAllSignUp{&signup_taken, &signup_cancelled};

}  // namespace claviger::reason
