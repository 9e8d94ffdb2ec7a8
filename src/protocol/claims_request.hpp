// The `claims` parameter (OIDCC-5.5): which claims are wanted, where, and how much.
#pragma once
#include <boost/json.hpp>
#include <string>
#include <string_view>
#include <vector>

#include "base/reason.hpp"

namespace claviger::protocol {

struct WantedClaim {
  std::string name;
  bool essential = false;
  std::vector<boost::json::value> values;  // of `value` or `values`; empty: any
};

struct ClaimsRequest {
  std::vector<WantedClaim> userinfo;
  std::vector<WantedClaim> id_token;

  const WantedClaim* find_in_id_token(std::string_view name) const;
};

// Empty text: nothing wanted. Unknown claims and members are kept and never served (OIDCC-5.5).
// Refused: no JSON object, too large (limits::kClaimsBytes), a member that is neither null nor an
// object of its form, more than limits::kClaims names.
Result<ClaimsRequest> parse_claims_request(std::string_view text);

}  // namespace claviger::protocol
