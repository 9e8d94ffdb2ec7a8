#include "protocol/claims_request.hpp"

#include <algorithm>

#include "base/json.hpp"
#include "base/limits.hpp"
#include "base/reasons/claims_request.hpp"

namespace claviger::protocol {
namespace {

Result<WantedClaim> read_claim(std::string_view name, const boost::json::value& asked) {
  WantedClaim wanted;
  wanted.name = name;
  if (asked.is_null()) return wanted;
  const auto* object = asked.if_object();
  if (object == nullptr) return refused(reason::claims_member);
  if (const auto* essential = object->if_contains("essential")) {
    if (!essential->is_bool()) return refused(reason::claims_member);
    wanted.essential = essential->get_bool();
  }
  if (const auto* values = object->if_contains("values")) {
    const auto* list = values->if_array();
    if (list == nullptr) return refused(reason::claims_member);
    wanted.values.assign(list->begin(), list->end());
  }
  if (const auto* value = object->if_contains("value")) wanted.values.push_back(*value);
  return wanted;
}

Result<std::vector<WantedClaim>> read_place(const boost::json::object& request,
                                            std::string_view place) {
  std::vector<WantedClaim> claims;
  const auto* asked = request.if_contains(place);
  if (asked == nullptr || asked->is_null()) return claims;
  const auto* object = asked->if_object();
  if (object == nullptr) return refused(reason::claims_member);
  if (object->size() > limits::kClaims) return refused(reason::claims_too_long);
  for (const auto& [name, value] : *object) {
    auto claim = read_claim(name, value);
    if (!claim) return std::unexpected(std::move(claim.error()));
    claims.push_back(std::move(*claim));
  }
  return claims;
}

}  // namespace

const WantedClaim* ClaimsRequest::find_in_id_token(std::string_view name) const {
  const auto found = std::ranges::find(id_token, name, &WantedClaim::name);
  return found == id_token.end() ? nullptr : &*found;
}

Result<ClaimsRequest> parse_claims_request(std::string_view text) {
  ClaimsRequest request;
  if (text.empty()) return request;
  if (text.size() > limits::kClaimsBytes) return refused(reason::claims_too_long);
  const auto document = parse_json(text, limits::kClaimsBytes);
  if (!document || !document->is_object()) return refused(reason::claims_malformed);
  auto userinfo = read_place(document->get_object(), "userinfo");
  if (!userinfo) return std::unexpected(std::move(userinfo.error()));
  auto id_token = read_place(document->get_object(), "id_token");
  if (!id_token) return std::unexpected(std::move(id_token.error()));
  if (userinfo->size() + id_token->size() > limits::kClaims) {
    return refused(reason::claims_too_long);
  }
  request.userinfo = std::move(*userinfo);
  request.id_token = std::move(*id_token);
  return request;
}

}  // namespace claviger::protocol
