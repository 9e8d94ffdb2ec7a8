// The token request: which grant, and its parameters (RFC6749-4.1.3, RFC6749-4.4.2, RFC6749-6,
// RFC8628-3.4, RFC8693-2.1, RFC7523-2.1). `refresh` is taken for `refresh_token`: the contract of
// the first callers.
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
struct ClientCredentialsRequest {
  std::optional<Scopes> scope;
  std::vector<std::string> resources;
};
struct DeviceRequest {
  Secret device_code;
};
struct ExchangeRequest {
  Secret subject_token;
  std::optional<Secret> actor_token;
  std::optional<Scopes> scope;
  std::vector<std::string> targets;  // `resource` and `audience` alike
};
struct AssertionRequest {
  std::string assertion;
  std::optional<Scopes> scope;
  std::vector<std::string> resources;
};
using TokenRequest = std::variant<CodeRequest, RefreshRequest, ClientCredentialsRequest,
                                  DeviceRequest, ExchangeRequest, AssertionRequest>;

// Repeated parameters are refused (TE-04), parameters in the query that the body repeats too
// (TE-03).
Result<TokenRequest> parse_token_request(const Form& body, const Form& query);

}  // namespace claviger::protocol
