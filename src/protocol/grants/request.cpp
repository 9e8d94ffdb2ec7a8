#include "protocol/grants/request.hpp"

#include <algorithm>

#include "base/reasons/assertion.hpp"
#include "base/reasons/device.hpp"
#include "base/reasons/exchange.hpp"
#include "base/reasons/token.hpp"
#include "base/text.hpp"

namespace claviger::protocol {
namespace {

std::optional<std::string> optional_text(const Form& form, std::string_view name) {
  const auto value = form.get(name);
  if (!value) return {};
  return std::string(*value);
}

std::vector<std::string> all_texts(const Form& form, std::string_view name) {
  const auto values = form.all(name);
  return {values.begin(), values.end()};
}

Result<TokenRequest> parse_code_request(const Form& body) {
  const auto code = body.get("code");
  if (!code) return refused(reason::token_code_missing);
  return CodeRequest{Secret(*code), optional_text(body, "redirect_uri"),
                     optional_text(body, "code_verifier"), all_texts(body, "resource")};
}

// `scope`, where it was sent.
Result<std::optional<Scopes>> optional_scope(const Form& body) {
  const auto text = body.get("scope");
  if (!text) return std::optional<Scopes>();
  auto scope = parse_scope(*text);
  if (!scope) return std::unexpected(std::move(scope.error()));
  return std::optional(std::move(*scope));
}

Result<TokenRequest> parse_refresh_request(const Form& body) {
  const auto token = body.get("refresh_token");
  if (!token) return refused(reason::token_refresh_token_missing);
  auto scope = optional_scope(body);
  if (!scope) return std::unexpected(std::move(scope.error()));
  return RefreshRequest{Secret(*token), std::move(*scope), all_texts(body, "resource")};
}

Result<TokenRequest> parse_client_credentials_request(const Form& body) {
  auto scope = optional_scope(body);
  if (!scope) return std::unexpected(std::move(scope.error()));
  return ClientCredentialsRequest{std::move(*scope), all_texts(body, "resource")};
}

Result<TokenRequest> parse_device_request(const Form& body) {
  const auto code = body.get("device_code");
  if (!code) return refused(reason::device_code_missing);
  return DeviceRequest{Secret(*code)};
}

constexpr std::string_view kAccessTokenType = "urn:ietf:params:oauth:token-type:access_token";
constexpr std::string_view kJwtType = "urn:ietf:params:oauth:token-type:jwt";

bool is_access_token_type(std::string_view type) {
  return type == kAccessTokenType || type == kJwtType;
}

// Whatever is missing or unknown is refused here: with a subject token that was dropped on the way,
// what is left would be a request for a token of the client's own (TX-02).
Result<TokenRequest> parse_exchange_request(const Form& body) {
  const auto subject = body.get("subject_token");
  const auto subject_type = body.get("subject_token_type");
  if (!subject || !subject_type) return refused(reason::exchange_parameter_missing);
  const auto actor = body.get("actor_token");
  const auto actor_type = body.get("actor_token_type");
  if (actor.has_value() != actor_type.has_value()) {
    return refused(reason::exchange_actor_incomplete);
  }
  for (const auto type : {*subject_type, actor_type.value_or(kAccessTokenType)}) {
    if (!is_access_token_type(type)) {
      return refused(reason::exchange_token_type, std::string(kAccessTokenType), excerpt(type));
    }
  }
  const auto requested = body.get("requested_token_type").value_or(kAccessTokenType);
  if (requested != kAccessTokenType) {
    return refused(reason::exchange_requested_type, std::string(kAccessTokenType),
                   excerpt(requested));
  }
  auto scope = optional_scope(body);
  if (!scope) return std::unexpected(std::move(scope.error()));
  ExchangeRequest request{Secret(*subject), {}, std::move(*scope), all_texts(body, "resource")};
  if (actor) request.actor_token.emplace(*actor);
  for (auto& audience : all_texts(body, "audience")) request.targets.push_back(std::move(audience));
  return request;
}

Result<TokenRequest> parse_assertion_request(const Form& body) {
  const auto assertion = body.get("assertion");
  if (!assertion) return refused(reason::assertion_missing);
  auto scope = optional_scope(body);
  if (!scope) return std::unexpected(std::move(scope.error()));
  return AssertionRequest{std::string(*assertion), std::move(*scope), all_texts(body, "resource")};
}

Result<TokenRequest> parse_as(GrantType type, const Form& body) {
  switch (type) {
    case GrantType::authorization_code:
      return parse_code_request(body);
    case GrantType::refresh_token:
      return parse_refresh_request(body);
    case GrantType::client_credentials:
      return parse_client_credentials_request(body);
    case GrantType::device_code:
      return parse_device_request(body);
    case GrantType::token_exchange:
      return parse_exchange_request(body);
    case GrantType::jwt_bearer:
      return parse_assertion_request(body);
    case GrantType::implicit:
      break;  // not of this endpoint
  }
  return refused(reason::token_grant_type_unknown);
}

}  // namespace

Result<TokenRequest> parse_token_request(const Form& body, const Form& query) {
  if (body.first_repeated({"resource", "audience"})) {
    return refused(reason::token_parameter_repeated);
  }
  const auto in_query = [&](const auto& field) { return query.get(field.first).has_value(); };
  if (std::ranges::any_of(body.fields(), in_query)) {
    return refused(reason::token_parameter_in_query);
  }
  const auto grant_type = body.get("grant_type");
  if (!grant_type) return refused(reason::token_grant_type_missing);
  // The short word is the one that the first callers of this server send.
  const auto type =
      *grant_type == "refresh" ? GrantType::refresh_token : parse_grant_type(*grant_type);
  if (!type) {
    return refused(reason::token_grant_type_unknown, "one of grant_types_supported",
                   excerpt(*grant_type));
  }
  return parse_as(*type, body);
}

}  // namespace claviger::protocol
