// What a request demands of the sign-in that answers it: a certain person (OIDCC-3.1.2.1,
// OIDCC-5.5.1) and a certain strength (OIDCC-5.5.1.1).
#pragma once
#include <string_view>

#include "model/session.hpp"
#include "protocol/claims_request.hpp"

namespace claviger::protocol {

// `subject`: the person as the client sees it. False: the hint, or the claims parameter, is about
// somebody else.
bool is_wanted_person(const Transaction& transaction, const ClaimsRequest& claims,
                      std::string_view subject);

enum class Strength {
  enough,  // acr_values and voluntary wishes always are: best effort
  too_weak,
  impossible,  // no sign-in here could satisfy it
};
// `acr`: of the sign-in that there is; empty: none yet.
Strength judge_strength(const ClaimsRequest& claims, std::string_view acr);

}  // namespace claviger::protocol
