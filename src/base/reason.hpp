// Why something was refused: one constexpr row for each check, with the error that goes on the
// wire, the clause that demands it, and the way to mend it. Rows live in base/reasons/*.hpp.
#pragma once
#include <cstdint>
#include <expected>
#include <string>
#include <string_view>

namespace claviger {

// The wire words (RFC6749-4.1.2.1, RFC6749-5.2, RFC6750-3.1, RFC7591-3.2.2, RFC8628-3.5,
// OIDCC-3.1.2.6) and, after them, words of our own pages that never leave in an OAuth response.
enum class ErrorCode {
  invalid_request,
  unauthorized_client,
  access_denied,
  unsupported_response_type,
  invalid_scope,
  server_error,
  temporarily_unavailable,
  invalid_client,
  invalid_grant,
  unsupported_grant_type,
  invalid_token,
  insufficient_scope,
  invalid_redirect_uri,
  invalid_client_metadata,
  login_required,
  consent_required,
  interaction_required,
  account_selection_required,
  request_not_supported,
  request_uri_not_supported,
  invalid_target,
  unsupported_token_type,
  invalid_request_object,
  invalid_request_uri,
  registration_not_supported,
  unmet_authentication_requirements,
  authorization_pending,
  slow_down,
  expired_token,
  invalid_software_statement,
  unapproved_software_statement,
  login_failed,
  restart_needed,
  registration_closed,
  conflict,
  too_many_requests,
  not_found,
  method_not_allowed,
  misdirected_request,
  payload_too_large,
  unsupported_media_type,
  forbidden,
};
std::string_view to_string(ErrorCode code);

struct Reason {
  std::string_view id;  // stable: "code.pkce_mismatch"
  ErrorCode code;
  std::string_view clause;       // "RFC7636-4.6"
  std::string_view description;  // the error_description: fixed text, %x20-21 / %x23-5B / %x5D-7E
  std::string_view mend;         // what the developer should do
};

// A refusal. `expected` and `came` are for the log and `claviger explain` alone; secrets are
// redacted by whoever fills them in. Nothing of them goes on the wire.
struct Error {
  const Reason* reason = nullptr;
  std::string expected;
  std::string came;

  ErrorCode code() const { return reason->code; }
};

inline Error refuse(const Reason& reason, std::string expected = {}, std::string came = {}) {
  return Error{&reason, std::move(expected), std::move(came)};
}

// Where a clause can be read: "RFC7636-4.6" -> https://www.rfc-editor.org/rfc/rfc7636#section-4.6;
// empty if unknown.
std::string clause_url(std::string_view clause);

template <class T>
using Result = std::expected<T, Error>;

// For `return std::unexpected(...)` in one word.
inline std::unexpected<Error> refused(const Reason& reason, std::string expected = {},
                                      std::string came = {}) {
  return std::unexpected(refuse(reason, std::move(expected), std::move(came)));
}

}  // namespace claviger
