#include "protocol/authorize/consent.hpp"

#include <algorithm>

#include "protocol/claims_request.hpp"
#include "protocol/tokens/person_claims.hpp"

namespace claviger::protocol {

Scopes scopes_to_allow(const Transaction& transaction, const Client& client, const Policy& policy) {
  auto scopes = transaction.scopes;
  const auto claims = parse_claims_request(transaction.claims);
  if (!claims) return scopes;
  const auto is_wanted = [&](std::string_view name) {
    const auto& there = claims->userinfo;
    return std::ranges::find(there, name, &WantedClaim::name) != there.end() ||
           claims->find_in_id_token(name) != nullptr;
  };
  for (const auto& scope : clamp_scopes(std::nullopt, client, policy)) {
    if (contains(scopes, scope)) continue;
    if (std::ranges::any_of(claim_names_of({scope}), is_wanted)) scopes.push_back(scope);
  }
  return scopes;
}

}  // namespace claviger::protocol
