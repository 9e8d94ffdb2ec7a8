#include "protocol/tokens/claims.hpp"

#include <algorithm>
#include <array>

namespace claviger::protocol {
namespace {

struct Claim {
  std::string_view name;
  std::string User::* member;
};

constexpr std::array kMembers{
    Claim{"email", &User::email},         Claim{"username", &User::username},
    Claim{"firstname", &User::firstname}, Claim{"lastname", &User::lastname},
    Claim{"phone", &User::phone},
};
static_assert(std::ranges::equal(kMembers, kClaimNames, {}, &Claim::name));

}  // namespace

boost::json::object claims_for(const User& user, const Scopes& scopes) {
  boost::json::object claims;
  for (const auto& [name, member] : kMembers) {
    const std::string& value = user.*member;
    const bool granted = std::ranges::find(scopes, name) != scopes.end();
    if (granted && !value.empty()) claims[name] = value;
  }
  return claims;
}

}  // namespace claviger::protocol
