// Refusals of scope strings, wherever one is sent.
#pragma once
#include <array>

#include "base/reason.hpp"

namespace claviger::reason {

inline constexpr Reason scope_too_long{"scope.too_long", ErrorCode::invalid_scope, "RFC6749-3.3",
                                       "scope is longer than 4096 bytes or 64 items",
                                       "ask for fewer scopes"};
inline constexpr Reason scope_malformed{
    "scope.malformed", ErrorCode::invalid_scope, "RFC6749-3.3",
    "scope has a character that no scope has",
    "send scope names separated by single spaces, in visible ASCII"};

inline constexpr std::array kAllScope{
    &scope_too_long,
    &scope_malformed,
};

}  // namespace claviger::reason
