#include "protocol/grants/jwt_bearer.hpp"

#include <array>

#include "base/reasons/assertion.hpp"
#include "base/reasons/gate.hpp"
#include "protocol/grants/client_credentials.hpp"

namespace claviger::protocol {
namespace {

// By AssertionFault.
constexpr std::array kReasons{
    &reason::assertion_unsound,  &reason::assertion_type,      &reason::assertion_algorithm,
    &reason::assertion_key,      &reason::assertion_signature, &reason::assertion_issuer,
    &reason::assertion_audience, &reason::assertion_lifetime,  &reason::assertion_expired,
    &reason::assertion_too_long, &reason::assertion_not_yet,   &reason::assertion_no_id,
};
static_assert(kReasons.size() == static_cast<std::size_t>(AssertionFault::no_id) + 1);

}  // namespace

Result<void> judge_assertion_client(const Client& client) {
  if (client.is_public()) return refused(reason::assertion_public);
  if (!client.may_use(GrantType::jwt_bearer)) return refused(reason::gate_grant_type);
  // A pairwise name can't be turned back into the person that it stands for.
  if (client.metadata.subject_type != SubjectType::public_) {
    return refused(reason::assertion_subject);
  }
  return {};
}

Result<AssertionClaims> judge_grant_assertion(const std::string& assertion, const Client& client,
                                              const crypto::JwkSet* published, const Policy& policy,
                                              Time now) {
  const AssertionKeys keys{published, {}};
  auto claims = judge_assertion(assertion, AssertionUse::grant, client, keys, policy, now);
  if (claims) return std::move(*claims);
  auto& [fault, expected, came] = claims.error();
  const auto& why = *kReasons[static_cast<std::size_t>(fault)];
  return refused(why, std::move(expected), std::move(came));
}

Result<Scopes> judge_assertion_scope(const std::optional<Scopes>& asked,
                                     const std::optional<Consent>& consent, const Client& client,
                                     const Policy& policy) {
  if (!consent) return refused(reason::assertion_no_consent);
  auto allowed = without_sign_in(clamp_scopes(consent->scopes, client, policy));
  if (!asked) return allowed;
  if (!covers(allowed, *asked)) {
    return refused(reason::assertion_no_consent, to_text(allowed), to_text(*asked));
  }
  return *asked;
}

}  // namespace claviger::protocol
