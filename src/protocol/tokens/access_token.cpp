#include "protocol/tokens/access_token.hpp"

#include <algorithm>

#include "base/json.hpp"
#include "base/json_writer.hpp"
#include "base/limits.hpp"
#include "base/reasons/access_token.hpp"
#include "base/text.hpp"

namespace claviger::protocol {
namespace {

constexpr std::string_view kType = "at+jwt";
constexpr std::size_t kMostAudiences = 16;
constexpr std::int64_t kLatest = 253'402'300'799;  // the end of the year 9999; beyond it Time ends

// Nothing: no text and no list of texts, or too many of them (JO-25).
std::optional<std::vector<std::string>> read_audience(const boost::json::object& payload) {
  const auto* aud = payload.if_contains("aud");
  if (aud == nullptr) return {};
  if (const auto* text = aud->if_string()) return std::vector{std::string(*text)};
  const auto* list = aud->if_array();
  if (list == nullptr || list->empty() || list->size() > kMostAudiences) return {};
  std::vector<std::string> audience;
  for (const auto& entry : *list) {
    const auto* text = entry.if_string();
    if (text == nullptr) return {};
    audience.emplace_back(*text);
  }
  return audience;
}

// False: the scope or the grant is there and of a wrong form.
bool read_optional(const boost::json::object& payload, AccessTokenClaims& claims) {
  if (payload.contains("scope")) {
    const auto text = json_text(payload, "scope");
    auto scopes = text ? parse_scope(*text) : Result<Scopes>(refused(reason::access_token_claims));
    if (!scopes) return false;
    claims.scopes = std::move(*scopes);
  }
  if (payload.contains("grant_id")) {
    const auto text = json_text(payload, "grant_id");
    claims.grant = text ? Id::parse(*text) : std::nullopt;
    if (!claims.grant) return false;
  }
  if (const auto* act = payload.if_contains("act")) {
    if (!act->is_object()) return false;
    claims.act = boost::json::serialize(*act);
  }
  return true;
}

// Nothing: a required claim is missing or of the wrong form.
std::optional<AccessTokenClaims> read_claims(const boost::json::object& payload) {
  const auto sub = json_text(payload, "sub");
  const auto client_id = json_text(payload, "client_id");
  const auto jti = json_text(payload, "jti");
  const auto issued_at = json_seconds(payload, "iat");
  const auto expires_at = json_seconds(payload, "exp");
  if (!sub || !client_id || !jti || !issued_at || !expires_at) return {};
  if (sub->empty() || client_id->empty() || jti->empty()) return {};
  if (*issued_at > kLatest || *expires_at > kLatest) return {};
  AccessTokenClaims claims;
  claims.sub = *sub;
  claims.client_id = *client_id;
  claims.jti = *jti;
  claims.issued_at = from_seconds(*issued_at);
  claims.expires_at = from_seconds(*expires_at);
  if (!read_optional(payload, claims)) return {};
  return claims;
}

}  // namespace

Secret mint_access_token(const AccessTokenClaims& claims, const crypto::PrivateKey& key,
                         const Policy& policy) {
  JsonWriter payload;
  payload.text("iss", policy.issuer);
  if (claims.audience.size() == 1) {
    payload.text("aud", claims.audience.front());
  } else {
    payload.texts("aud", claims.audience);
  }
  payload.text("sub", claims.sub)
      .text("client_id", claims.client_id)
      .text("jti", claims.jti)
      .number("iat", to_seconds(claims.issued_at))
      .number("exp", to_seconds(claims.expires_at));
  // A scope without a word is no scope (RFC6749-3.3).
  if (!claims.scopes.empty()) payload.text("scope", to_text(claims.scopes));
  if (claims.grant) payload.text("grant_id", claims.grant->text());
  if (!claims.act.empty()) payload.value("act", parse_json(claims.act).value());
  return Secret(crypto::sign_jws_text(key, kType, std::move(payload).finish()));
}

Result<AccessTokenClaims> verify_access_token(std::string_view token, const crypto::KeyRing& keys,
                                              const Policy& policy, Time now) {
  if (token.size() > limits::kJwtBytes) return refused(reason::access_token_invalid);
  const auto verified = crypto::verify_jws(
      token, kType, [&](std::string_view kid) { return keys.find_public(kid, now); });
  if (!verified) {
    return refused(reason::access_token_invalid, {}, std::string(to_string(verified.error())));
  }
  const auto& payload = verified->payload;
  if (json_text(payload, "iss") != policy.issuer) return refused(reason::access_token_issuer);
  auto audience = read_audience(payload);
  if (!audience) return refused(reason::access_token_audience);
  auto claims = read_claims(payload);
  if (!claims) return refused(reason::access_token_claims);
  if (now >= claims->expires_at) return refused(reason::access_token_expired);
  claims->audience = std::move(*audience);
  return std::move(*claims);
}

Result<void> judge_audience(const AccessTokenClaims& claims, const Policy& policy) {
  if (std::ranges::find(claims.audience, policy.issuer) == claims.audience.end()) {
    return refused(reason::access_token_audience, policy.issuer, excerpt(claims.audience.front()));
  }
  return {};
}

Result<void> judge_grant_behind_token(const AccessTokenClaims& claims, const Grant* grant,
                                      std::string_view subject, bool token_denied,
                                      const Result<void>& gate) {
  if (token_denied) return refused(reason::access_token_revoked);
  if (claims.grant) {
    const bool same = grant && grant->id == *claims.grant && subject == claims.sub &&
                      grant->client_id == claims.client_id;
    if (!same) return refused(reason::access_token_grant_gone);
    if (grant->revoked_at) return refused(reason::access_token_grant_revoked);
  }
  if (!gate) {
    return refused(reason::access_token_grant_ended, {}, std::string(gate.error().reason->id));
  }
  return {};
}

}  // namespace claviger::protocol
