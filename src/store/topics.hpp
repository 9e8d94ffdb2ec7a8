// What nodes keep in memory and tell one another of when it changes (Driver::announce).
#pragma once
#include <string_view>

namespace claviger::store {

inline constexpr std::string_view kKeysTopic = "keys";  // the server's own
inline constexpr std::string_view kLogoutsTopic =
    "logouts";  // clients are to be told of ended sessions
inline constexpr std::string_view kClientsTopic = "clients";  // their records

}  // namespace claviger::store
