// What a sign-in was worth: authentication context classes and methods (OIDCC-2, RFC8176-2).
#pragma once
#include <array>
#include <string_view>

namespace claviger::protocol {

// One factor that the person knows: a password.
inline constexpr std::string_view kAcrPassword = "urn:claviger:acr:1";
// From the weakest to the strongest: each satisfies every one before it.
inline constexpr std::array kAllAcrs{kAcrPassword};
inline constexpr std::string_view kAmrPassword = "pwd";

}  // namespace claviger::protocol
