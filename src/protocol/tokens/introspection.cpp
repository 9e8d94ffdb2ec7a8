#include "protocol/tokens/introspection.hpp"

#include <algorithm>

#include "base/json.hpp"
#include "base/text.hpp"
#include "protocol/scope.hpp"

namespace claviger::protocol {
namespace {

constexpr std::string_view kSignedForm = "application/token-introspection+jwt";

boost::json::value audience_of(const std::vector<std::string>& audience) {
  if (audience.size() == 1) return boost::json::value(audience.front());
  boost::json::array array;
  for (const auto& entry : audience) array.emplace_back(entry);
  return array;
}

}  // namespace

bool may_introspect(const Client& client, const AccessTokenClaims& claims) {
  if (client.is_public()) return false;
  if (claims.client_id == client.client_id) return true;
  return std::ranges::any_of(claims.audience, [&](const std::string& resource) {
    return std::ranges::find(client.metadata.resources, resource) !=
           client.metadata.resources.end();
  });
}

bool may_introspect(const Client& client, const Grant& grant) {
  return !client.is_public() && grant.client_id == client.client_id;
}

boost::json::object introspect_access_token(const AccessTokenClaims& claims, const Policy& policy) {
  boost::json::object answer{{"active", true}};
  if (!claims.scopes.empty()) answer["scope"] = to_text(claims.scopes);
  answer["client_id"] = claims.client_id;
  answer["token_type"] = "Bearer";
  answer["exp"] = to_seconds(claims.expires_at);
  answer["iat"] = to_seconds(claims.issued_at);
  answer["sub"] = claims.sub;
  answer["aud"] = audience_of(claims.audience);
  answer["iss"] = policy.issuer;
  answer["jti"] = claims.jti;
  if (!claims.act.empty()) answer["act"] = parse_json(claims.act).value();
  return answer;
}

boost::json::object introspect_refresh_token(const Grant& grant, const RefreshFamily& family,
                                             std::string_view subject, const Policy& policy) {
  boost::json::object answer{{"active", true}};
  if (!grant.scopes.empty()) answer["scope"] = to_text(grant.scopes);
  answer["client_id"] = grant.client_id;
  answer["exp"] = to_seconds(std::min(family.expires_at, family.idle_expires_at));
  answer["iat"] = to_seconds(family.rotated_at);
  answer["sub"] = subject;
  answer["iss"] = policy.issuer;
  return answer;
}

boost::json::object introspect_nothing() { return {{"active", false}}; }

boost::json::object introspection_claims(boost::json::object answer, const Client& caller,
                                         const Policy& policy, Time now) {
  return {{"iss", policy.issuer},
          {"aud", caller.client_id},
          {"iat", to_seconds(now)},
          {"token_introspection", std::move(answer)}};
}

bool wants_signed_introspection(std::string_view accept) {
  while (!accept.empty()) {
    const auto end = std::min(accept.find(','), accept.size());
    const auto range = accept.substr(0, end);
    if (iequals_ascii(trim(range.substr(0, range.find(';'))), kSignedForm)) return true;
    accept.remove_prefix(std::min(end + 1, accept.size()));
  }
  return false;
}

}  // namespace claviger::protocol
