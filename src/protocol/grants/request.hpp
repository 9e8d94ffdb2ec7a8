// The token request: which grant, and its parameters (RFC6749-4.1.3, RFC6749-6). `refresh` is taken
// for `refresh_token`: the contract of the first callers.
#pragma once
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "base/form.hpp"
#include "base/reason.hpp"
#include "base/secret.hpp"
#include "protocol/scope.hpp"

namespace claviger::protocol {

struct CodeRequest {
  Secret code;
  std::optional<std::string> redirect_uri;
  std::optional<std::string> code_verifier;
  std::vector<std::string> resources;  // RFC8707-2.2
};
struct RefreshRequest {
  Secret refresh_token;
  std::optional<Scopes> scope;
  std::vector<std::string> resources;  // RFC8707-2.2
};
using TokenRequest = std::variant<CodeRequest, RefreshRequest>;

// Repeated parameters are refused (TE-04), parameters in the query that the body repeats too
// (TE-03).
Result<TokenRequest> parse_token_request(const Form& body, const Form& query);

}  // namespace claviger::protocol
