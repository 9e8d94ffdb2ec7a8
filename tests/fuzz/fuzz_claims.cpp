// The claims parameter, as strangers send it: what was read is bounded, and asking twice is
// answered the same way.
#include <cstdint>
#include <cstdlib>

#include "base/bytes.hpp"
#include "base/limits.hpp"
#include "protocol/acr.hpp"
#include "protocol/authorize/demands.hpp"
#include "protocol/claims_request.hpp"

using namespace claviger;
using namespace claviger::protocol;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto text = as_text(ByteView(data, size));
  const auto request = parse_claims_request(text);
  if (!request) return 0;
  if (text.size() > limits::kClaimsBytes) std::abort();
  if (request->userinfo.size() + request->id_token.size() > limits::kClaims) std::abort();
  const auto strength = judge_strength(*request, kAcrPassword);
  // The strongest sign-in that there is can't be too weak.
  if (kAllAcrs.size() == 1 && strength == Strength::too_weak) std::abort();
  Transaction transaction;
  const bool anybody = is_wanted_person(transaction, *request, "a");
  transaction.hinted_sub = "b";
  if (is_wanted_person(transaction, *request, "a")) std::abort();
  transaction.hinted_sub = "a";
  if (is_wanted_person(transaction, *request, "a") != anybody) std::abort();
  return 0;
}
