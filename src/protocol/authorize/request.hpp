// The authorization request (RFC6749-4.1.1, RFC7636-4.3, RFC9207). Parsed once; the order of checks
// is the defence: until client and redirect URI are proven, a refusal is a page of ours and never a
// redirect.
#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/form.hpp"
#include "base/reason.hpp"
#include "model/client.hpp"
#include "model/redirect_target.hpp"
#include "model/session.hpp"
#include "protocol/policy.hpp"
#include "protocol/scope.hpp"

namespace claviger::protocol {

// First half: who asks, and where an answer may go. Every refusal is an error page.
struct Addressee {
  std::string client_id;
};
Result<Addressee> parse_addressee(const Form& form);
// Of the form whose parameters count: a request object was merged into it. A request with scope
// openid always names its URI (OIDCC-3.1.2.1).
Result<RedirectTarget> match_addressee(const Form& form, const Client& client);
bool asks_openid(const Form& form);

struct Prompt {
  bool none = false, login = false, consent = false, select_account = false, create = false;
};

// Second half: everything else.
struct AuthorizationRequest {
  ResponseType response_type = kCodeOnly;
  ResponseMode response_mode = ResponseMode::query;
  Scopes scopes;                       // clamped
  std::vector<std::string> resources;  // RFC8707-2.1
  std::string claims;                  // OIDCC-5.5, verbatim; parses
  std::optional<std::string> state;
  std::optional<std::string> nonce;
  std::optional<std::string> code_challenge;  // S256
  Prompt prompt;
  std::optional<std::int64_t> max_age;
  std::vector<std::string> acr_values;
  std::string id_token_hint;  // not verified yet
  std::string login_hint;
  std::string ui_locales;
};

// Refusals of this half go to the client by redirect. `client` is enabled and known.
Result<AuthorizationRequest> parse_authorization_request(const Form& form, const Client& client,
                                                         const Policy& policy);

// The `state` for an error response: of this form even when the rest of it is refused; nothing if
// repeated or malformed.
std::optional<std::string> state_of(const Form& form);
bool is_state(std::string_view state);

Result<void> judge_client_at_authorize(const Client* client);

Transaction make_transaction(const AuthorizationRequest& request, const Client& client,
                             const RedirectTarget& target, bool redirect_uri_sent, Id id,
                             Digest browser_hash, const Policy& policy, Time now);

// The scope offline_access stays only where the person is asked for consent, or gave it for that
// very scope before (OIDCC-11). Where nobody is signed in yet, nothing was remembered.
void settle_offline_access(Transaction& transaction, const Client& client,
                           const std::optional<Consent>& remembered);

}  // namespace claviger::protocol
