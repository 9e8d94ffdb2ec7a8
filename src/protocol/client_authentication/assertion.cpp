#include "protocol/client_authentication/assertion.hpp"

#include <algorithm>
#include <array>

#include "base/json.hpp"
#include "base/limits.hpp"
#include "base/text.hpp"
#include "crypto/digest.hpp"
#include "crypto/jws.hpp"

namespace claviger::protocol {
namespace {

namespace json = boost::json;
using std::chrono::seconds;

// How far two clocks may differ: certification wants ten seconds to pass and sixty not to.
constexpr seconds kSkew{10};
constexpr seconds kLongestLife{5 * 60};
constexpr seconds kLongestLifeCompat{3600};
constexpr std::size_t kMostAudiences = 16;

std::unexpected<RefusedAssertion> faulty(AssertionFault fault, std::string expected = {},
                                         std::string came = {}) {
  return std::unexpected(RefusedAssertion{fault, std::move(expected), std::move(came)});
}

AssertionFault fault_of(crypto::JwsError error) {
  switch (error) {
    case crypto::JwsError::wrong_algorithm:
      return AssertionFault::algorithm;
    case crypto::JwsError::unknown_key:
      return AssertionFault::key;
    case crypto::JwsError::bad_signature:
      return AssertionFault::signature;
    default:
      return AssertionFault::unsound;
  }
}

std::string registered_alg(const Client& client, AssertionUse use) {
  const bool authenticates = use == AssertionUse::client_authentication;
  return authenticates ? client.metadata.token_endpoint_auth_signing_alg : "";
}

bool may_sign(const Client& client, AssertionUse use, std::string_view alg) {
  const auto registered = registered_alg(client, use);
  if (!registered.empty()) return alg == registered;
  // PKCS #1 v1.5 is not for those who want the strictest (FAPI 2, 5.4).
  return !(client.profile == Profile::fapi2 && alg == to_string(crypto::Alg::RS256));
}

// The algorithm is a property of the client's record and of its key: a secret verifies HS256 and
// nothing else, a published key never does (CA-05).
std::expected<crypto::VerifiedJws, AssertionFault> verify(std::string_view assertion,
                                                          AssertionUse use, const Client& client,
                                                          const AssertionKeys& keys) {
  if (keys.secret) {
    if (!may_sign(client, use, "HS256")) return std::unexpected(AssertionFault::algorithm);
    auto verified = crypto::verify_secret_jws(assertion, "", *keys.secret);
    if (!verified) return std::unexpected(fault_of(verified.error()));
    return std::move(*verified);
  }
  bool alg_allowed = true;
  const auto find = [&](crypto::Alg alg, std::string_view kid) -> std::vector<crypto::PublicKey> {
    alg_allowed = may_sign(client, use, to_string(alg));
    if (!alg_allowed || keys.published == nullptr) return {};
    return keys.published->for_verifying(alg, kid);
  };
  auto verified = crypto::verify_jws_with_any(assertion, "", find);
  if (!alg_allowed) return std::unexpected(AssertionFault::algorithm);
  if (!verified) return std::unexpected(fault_of(verified.error()));
  return std::move(*verified);
}

// Absent is fine (RFC7523-3 names none); a type that is there has to be ours, or an ID token or a
// proof of possession would do as well.
bool is_for(const json::object& header, AssertionUse use) {
  if (!header.contains("typ")) return true;
  const auto typ = json_text(header, "typ").value_or("");
  const bool authenticates = use == AssertionUse::client_authentication;
  return is_media_type(typ, "JWT") || is_media_type(typ, authenticates ? "client-authentication+jwt"
                                                                       : "authorization-grant+jwt");
}

bool names_us(std::string_view aud, const Client& client, const Policy& policy) {
  if (aud == policy.issuer) return true;
  return client.profile == Profile::oidc_compat && aud == policy.issuer + "/token";
}

// One string, the issuer: whoever else an assertion names could present it here in the client's
// stead. Certified OpenID clients name the token endpoint, and so some are let (CA-09).
bool is_for_us(const json::object& payload, const Client& client, const Policy& policy) {
  const auto* aud = payload.if_contains("aud");
  if (aud == nullptr) return false;
  if (const auto* text = aud->if_string()) return names_us(*text, client, policy);
  const auto* list = aud->if_array();
  if (list == nullptr || client.profile != Profile::oidc_compat) return false;
  if (list->size() > kMostAudiences) return false;
  const bool texts = std::ranges::all_of(*list, [](const auto& one) { return one.is_string(); });
  return texts && std::ranges::any_of(*list, [&](const auto& one) {
           return names_us(one.as_string(), client, policy);
         });
}

// The times as numbers, not as Time: 2^53 seconds are more than that holds.
std::optional<AssertionFault> fault_of_times(const json::object& payload, const Client& client,
                                             Time now) {
  const auto exp = json_seconds(payload, "exp");
  const auto iat = json_seconds(payload, "iat");
  const auto nbf = json_seconds(payload, "nbf");
  if (!exp || payload.contains("iat") != iat.has_value() ||
      payload.contains("nbf") != nbf.has_value()) {
    return AssertionFault::lifetime;
  }
  if ((nbf && *nbf > *exp) || (iat && *iat > *exp)) return AssertionFault::lifetime;
  const auto at = to_seconds(now);
  const auto skew = kSkew.count();
  if (at >= *exp + skew) return AssertionFault::expired;
  const auto longest = client.profile == Profile::oidc_compat ? kLongestLifeCompat : kLongestLife;
  if (*exp > at + longest.count() + skew) return AssertionFault::too_long;
  if (std::max(iat.value_or(0), nbf.value_or(0)) > at + skew) return AssertionFault::not_yet;
  return {};
}

// Before that it was not yet valid, or would have lived too long: what is remembered since then
// tells whether it came before. Without iat and nbf the expiry alone has to say.
Time usable_from(const json::object& payload, const Client& client) {
  const auto longest = client.profile == Profile::oidc_compat ? kLongestLifeCompat : kLongestLife;
  const auto made = std::max({*json_seconds(payload, "exp") - longest.count(),
                              json_seconds(payload, "iat").value_or(0),
                              json_seconds(payload, "nbf").value_or(0)});
  return from_seconds(std::max<std::int64_t>(made - kSkew.count(), 0));
}

// The lengths keep ("ab", "c") and ("a", "bc") apart.
Digest replay_key(AssertionUse use, const Client& client, std::string_view jti) {
  const bool authenticates = use == AssertionUse::client_authentication;
  std::string text = authenticates ? "client assertion " : "grant assertion ";
  text += std::to_string(client.client_id.size()) + ' ' + client.client_id;
  text += jti;
  return crypto::sha256(text);
}

std::string shown(const json::object& payload, std::string_view name) {
  const auto* value = payload.if_contains(name);
  return value == nullptr ? "none" : excerpt(json::serialize(*value));
}

std::string shown_times(const json::object& payload) {
  return "exp " + shown(payload, "exp") + ", iat " + shown(payload, "iat") + ", nbf " +
         shown(payload, "nbf");
}

}  // namespace

std::optional<AssertionHead> peek_assertion(std::string_view assertion) {
  const auto peeked = crypto::peek_jws(assertion);
  if (!peeked) return {};
  return AssertionHead{std::string(json_text(peeked->payload, "sub").value_or("")),
                       std::string(json_text(peeked->header, "kid").value_or(""))};
}

std::expected<AssertionClaims, RefusedAssertion> judge_assertion(std::string_view assertion,
                                                                 AssertionUse use,
                                                                 const Client& client,
                                                                 const AssertionKeys& keys,
                                                                 const Policy& policy, Time now) {
  const auto verified = verify(assertion, use, client, keys);
  if (!verified) return faulty(verified.error(), registered_alg(client, use));
  const auto& [header, payload] = *verified;
  if (!is_for(header, use)) return faulty(AssertionFault::type, "JWT", shown(header, "typ"));
  const auto sub = json_text(payload, "sub").value_or("");
  const bool about_itself = use == AssertionUse::client_authentication;
  if (json_text(payload, "iss") != client.client_id || sub.empty() ||
      (about_itself && sub != client.client_id)) {
    return faulty(AssertionFault::issuer, client.client_id,
                  "iss " + shown(payload, "iss") + ", sub " + shown(payload, "sub"));
  }
  if (!is_for_us(payload, client, policy)) {
    return faulty(AssertionFault::audience, policy.issuer, shown(payload, "aud"));
  }
  if (const auto fault = fault_of_times(payload, client, now)) {
    return faulty(*fault, "now " + std::to_string(to_seconds(now)), shown_times(payload));
  }
  const auto jti = json_text(payload, "jti").value_or("");
  if (jti.empty()) return faulty(AssertionFault::no_id);
  // Until nobody would take it any more, whichever way the clocks differ (CA-07).
  const Time expires_at = from_seconds(*json_seconds(payload, "exp"));
  return AssertionClaims{std::string(sub), replay_key(use, client, jti), expires_at + 2 * kSkew,
                         usable_from(payload, client)};
}

}  // namespace claviger::protocol
