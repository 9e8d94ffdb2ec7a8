#include "protocol/authorize/demands.hpp"

#include <algorithm>

#include "protocol/acr.hpp"
#include "protocol/gate.hpp"

namespace claviger::protocol {
namespace {

// The values that could be anything to us: a class and a subject are texts.
std::vector<std::string> texts_of(const WantedClaim& claim) {
  std::vector<std::string> texts;
  for (const auto& value : claim.values) {
    if (const auto* text = value.if_string()) texts.emplace_back(*text);
  }
  return texts;
}

}  // namespace

bool is_wanted_person(const Transaction& transaction, const ClaimsRequest& claims,
                      std::string_view subject) {
  if (transaction.hinted_sub && *transaction.hinted_sub != subject) return false;
  const auto* sub = claims.find_in_id_token("sub");
  if (sub == nullptr || sub->values.empty()) return true;
  const auto wanted = texts_of(*sub);
  return std::ranges::find(wanted, subject) != wanted.end();
}

Strength judge_strength(const ClaimsRequest& claims, std::string_view acr) {
  const auto* wanted = claims.find_in_id_token("acr");
  if (wanted == nullptr || !wanted->essential || wanted->values.empty()) return Strength::enough;
  const auto needed = texts_of(*wanted);
  if (is_worth(acr, needed)) return Strength::enough;
  return is_worth(kAllAcrs.back(), needed) ? Strength::too_weak : Strength::impossible;
}

}  // namespace claviger::protocol
