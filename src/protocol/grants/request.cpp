#include "protocol/grants/request.hpp"

#include <algorithm>

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

Result<TokenRequest> parse_refresh_request(const Form& body) {
  const auto token = body.get("refresh_token");
  if (!token) return refused(reason::token_refresh_token_missing);
  RefreshRequest request{Secret(*token), {}, all_texts(body, "resource")};
  if (const auto text = body.get("scope")) {
    auto scope = parse_scope(*text);
    if (!scope) return std::unexpected(std::move(scope.error()));
    request.scope = std::move(*scope);
  }
  return request;
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
  if (*grant_type == "authorization_code") return parse_code_request(body);
  // The short word is the one that the first callers of this server send.
  if (*grant_type == "refresh_token" || *grant_type == "refresh") {
    return parse_refresh_request(body);
  }
  return refused(reason::token_grant_type_unknown, "authorization_code or refresh_token",
                 excerpt(*grant_type));
}

}  // namespace claviger::protocol
