#include "protocol/authorize/request.hpp"

#include <algorithm>

#include "base/limits.hpp"
#include "base/reasons/authorize.hpp"
#include "base/reasons/redirect_uri.hpp"
#include "base/text.hpp"
#include "protocol/authorize/redirect_uri.hpp"
#include "protocol/authorize/request_checks.hpp"
#include "protocol/authorize/response_type.hpp"
#include "protocol/claims_request.hpp"
#include "protocol/resource.hpp"

namespace claviger::protocol {
namespace {

Prompt parse_prompt(std::string_view text) {
  Prompt prompt;
  for (const auto& word : split_words(text)) {
    prompt.none |= word == "none";
    prompt.login |= word == "login";
    prompt.consent |= word == "consent";
    prompt.select_account |= word == "select_account";
    prompt.create |= word == "create";
  }
  return prompt;
}

std::optional<std::string> optional_text(const Form& form, std::string_view name) {
  const auto value = form.get(name);
  if (!value) return {};
  return std::string(*value);
}

// For a wish that may never cause an error: unusable means not sent.
std::string wish(const Form& form, std::string_view name) {
  const auto value = form.get(name).value_or("");
  if (value.size() > limits::kUserFieldBytes || has_control_character(value)) return {};
  return std::string(value);
}

std::string text_of(const Form& form, std::string_view name) {
  return std::string(form.get(name).value_or(""));
}

// Long-lasting access is for who can be given it: by a code, for a refresh token (OIDCC-11).
bool may_stay_offline(const Client& client, ResponseType type) {
  return type.code && client.may_use(GrantType::refresh_token);
}

Result<Scopes> read_scopes(const Form& form, const Client& client, const Policy& policy,
                           ResponseType type) {
  std::optional<Scopes> asked;
  if (const auto text = form.get("scope")) {
    auto parsed = parse_scope(*text);
    if (!parsed) return parsed;
    asked = std::move(*parsed);
  }
  auto scopes = clamp_scopes(asked, client, policy);
  if (!may_stay_offline(client, type)) std::erase(scopes, kOfflineAccess);
  if (type.id_token && !contains(scopes, kOpenid)) {
    return refused(reason::authorize_openid_missing);
  }
  return scopes;
}

}  // namespace

bool is_state(std::string_view state) {
  return state.size() <= limits::kStateBytes && is_vschar(state);
}

bool asks_openid(const Form& form) {
  const auto words = split_words(form.get("scope").value_or(""));
  return std::ranges::find(words, kOpenid) != words.end();
}

Result<Addressee> parse_addressee(const Form& form) {
  if (form.repeated("client_id") || form.repeated("redirect_uri")) {
    return refused(reason::authorize_addressee_repeated);
  }
  const auto client_id = form.get("client_id");
  if (!client_id) return refused(reason::authorize_client_id_missing);
  if (client_id->size() > limits::kClientIdBytes || !is_vschar(*client_id)) {
    return refused(reason::authorize_client_id_malformed);
  }
  return Addressee{std::string(*client_id)};
}

Result<RedirectTarget> match_addressee(const Form& form, const Client& client) {
  const auto redirect_uri = form.get("redirect_uri").value_or("");
  if (redirect_uri.empty() && asks_openid(form)) return refused(reason::redirect_missing_openid);
  return match_redirect_uri(client, redirect_uri);
}

Result<AuthorizationRequest> parse_authorization_request(const Form& form, const Client& client,
                                                         const Policy& policy) {
  if (auto fault = find_fault(form, client)) return std::unexpected(std::move(*fault));
  AuthorizationRequest request;
  request.response_type = *parse_response_type(text_of(form, "response_type"));
  request.response_mode = response_mode_of(form);
  auto scopes = read_scopes(form, client, policy, request.response_type);
  if (!scopes) return std::unexpected(std::move(scopes.error()));
  request.scopes = std::move(*scopes);
  auto resources = parse_resources(form, policy);
  if (!resources) return std::unexpected(std::move(resources.error()));
  request.resources = std::move(*resources);
  if (contains(request.scopes, kOpenid)) {
    // To OAuth alone it is an unknown parameter, and those are ignored.
    request.claims = text_of(form, "claims");
    const auto claims = parse_claims_request(request.claims);
    if (!claims) return std::unexpected(claims.error());
  }
  request.state = optional_text(form, "state");
  request.nonce = optional_text(form, "nonce");
  if (request.response_type.code) request.code_challenge = optional_text(form, "code_challenge");
  request.prompt = parse_prompt(text_of(form, "prompt"));
  request.max_age = client.metadata.default_max_age;
  if (form.get("max_age")) request.max_age = parse_max_age(text_of(form, "max_age"));
  request.acr_values = split_words(wish(form, "acr_values"));
  if (request.acr_values.empty()) request.acr_values = client.metadata.default_acr_values;
  request.id_token_hint = text_of(form, "id_token_hint");
  request.login_hint = wish(form, "login_hint");
  request.ui_locales = wish(form, "ui_locales");
  return request;
}

std::optional<std::string> state_of(const Form& form) {
  const auto state = form.get("state");
  if (!state || form.repeated("state") || !is_state(*state)) return {};
  return std::string(*state);
}

Result<void> judge_client_at_authorize(const Client* client) {
  if (!client) return refused(reason::authorize_client_unknown, "a registered client");
  if (client->disabled) return refused(reason::authorize_client_disabled);
  return {};
}

Transaction make_transaction(const AuthorizationRequest& request, const Client& client,
                             const RedirectTarget& target, bool redirect_uri_sent, Id id,
                             Digest browser_hash, const Policy& policy, Time now) {
  Transaction transaction;
  transaction.id = id;
  transaction.browser_hash = browser_hash;
  transaction.client_id = client.client_id;
  transaction.redirect_uri = target.uri();
  transaction.redirect_uri_sent = redirect_uri_sent;
  transaction.scopes = request.scopes;
  transaction.state = request.state;
  transaction.nonce = request.nonce;
  transaction.code_challenge = request.code_challenge;
  transaction.login_hint = request.login_hint;
  transaction.ui_locales = request.ui_locales;
  transaction.response_type = request.response_type;
  transaction.response_mode = request.response_mode;
  transaction.claims = request.claims;
  transaction.acr_values = request.acr_values;
  transaction.resources = request.resources;
  // Where nobody may sign up, the nearest thing is to sign in.
  transaction.wants_account = request.prompt.create && policy.registration_open;
  transaction.must_login =
      request.prompt.login || (request.prompt.create && !policy.registration_open);
  transaction.select_account = request.prompt.select_account;
  transaction.must_consent = request.prompt.consent;
  transaction.max_age = request.max_age;
  transaction.created_at = now;
  transaction.expires_at = now + policy.transaction_ttl;
  return transaction;
}

void settle_offline_access(Transaction& transaction, const Client& client,
                           const std::optional<Consent>& remembered) {
  if (transaction.must_consent) return;
  const bool native = is_native_use(client, transaction.redirect_uri);
  if (remembered && !native && contains(remembered->scopes, kOfflineAccess)) return;
  std::erase(transaction.scopes, kOfflineAccess);
}

}  // namespace claviger::protocol
