#include "protocol/authorize/request.hpp"

#include <algorithm>
#include <array>
#include <charconv>

#include "base/base64url.hpp"
#include "base/limits.hpp"
#include "base/reasons/authorize.hpp"
#include "base/text.hpp"
#include "protocol/authorize/pkce.hpp"

namespace claviger::protocol {
namespace {

struct Asked {
  const Form& form;
  const Client& client;

  std::string_view text(std::string_view name) const { return form.get(name).value_or(""); }
  bool has(std::string_view name) const { return form.get(name).has_value(); }
};

// What is explained to a developer: the parameter that was looked at, and what it should have been.
struct Check {
  const Reason* reason;
  bool (*fails)(const Asked&);
  std::string_view parameter = {};
  std::string_view expected = {};
};

bool is_state(std::string_view state) {
  return state.size() <= limits::kStateBytes && is_vschar(state);
}

bool has_unknown_prompt(const Asked& a) {
  constexpr std::array<std::string_view, 4> kKnown{"none", "login", "consent", "select_account"};
  return std::ranges::any_of(split_words(a.text("prompt")), [&](const std::string& word) {
    return std::ranges::find(kKnown, word) == kKnown.end();
  });
}

bool mixes_prompt_none(const Asked& a) {
  const auto words = split_words(a.text("prompt"));
  return words.size() > 1 && std::ranges::find(words, "none") != words.end();
}

std::optional<std::int64_t> parse_max_age(std::string_view text) {
  constexpr std::size_t kMostDigits = 12;
  std::int64_t seconds = 0;
  const auto [stopped, error] = std::from_chars(text.begin(), text.end(), seconds);
  const bool number = error == std::errc{} && stopped == text.end() && text.front() != '-';
  if (!number || text.size() > kMostDigits) return {};
  return seconds;
}

// In the order in which they are refused: repetitions and request objects first, since behind them
// nothing else that was read means what it seems to mean.
constexpr std::array kChecks{
    Check{
        &reason::authorize_parameter_repeated,
        [](const Asked& a) { return a.form.first_repeated({"resource", "audience"}).has_value(); },
        {},
        "each parameter once"},
    Check{&reason::authorize_state_malformed,
          [](const Asked& a) { return !is_state(a.text("state")); }, "state",
          "at most 2048 characters %x20-7E"},
    Check{&reason::authorize_request_object, [](const Asked& a) { return a.has("request"); }},
    Check{&reason::authorize_request_uri, [](const Asked& a) { return a.has("request_uri"); }},
    Check{&reason::authorize_response_type_missing,
          [](const Asked& a) { return !a.has("response_type"); }, "response_type", "code"},
    Check{&reason::authorize_response_type_unknown,
          [](const Asked& a) { return a.text("response_type") != "code"; }, "response_type",
          "code"},
    Check{
        &reason::authorize_response_mode,
        [](const Asked& a) { return a.has("response_mode") && a.text("response_mode") != "query"; },
        "response_mode", "query"},
    Check{&reason::authorize_grant_not_allowed,
          [](const Asked& a) { return !a.client.may_use(GrantType::authorization_code); }},
    Check{&reason::authorize_pkce_missing,
          [](const Asked& a) { return !a.has("code_challenge") && must_use_pkce(a.client); },
          "code_challenge", "43 base64url characters"},
    // A method without a challenge, or a challenge that would default to plain (CI-07).
    Check{&reason::authorize_pkce_method,
          [](const Asked& a) {
            const bool sent = a.has("code_challenge") || a.has("code_challenge_method");
            return sent && a.text("code_challenge_method") != "S256";
          },
          "code_challenge_method", "S256"},
    Check{&reason::authorize_pkce_challenge,
          [](const Asked& a) {
            const bool sent = a.has("code_challenge") || a.has("code_challenge_method");
            return sent && !is_s256_challenge(a.text("code_challenge"));
          },
          "code_challenge", "43 base64url characters"},
    Check{&reason::authorize_nonce_malformed,
          [](const Asked& a) {
            const auto nonce = a.text("nonce");
            return nonce.size() > limits::kNonceBytes || has_control_character(nonce);
          },
          "nonce", "at most 1024 characters"},
    Check{&reason::authorize_prompt_unknown, has_unknown_prompt, "prompt",
          "none, login, consent or select_account"},
    Check{&reason::authorize_prompt_none_mixed, mixes_prompt_none, "prompt", "none alone"},
    Check{&reason::authorize_max_age_malformed,
          [](const Asked& a) { return a.has("max_age") && !parse_max_age(a.text("max_age")); },
          "max_age", "a whole number of seconds"},
};

Error explain(const Check& check, const Asked& asked) {
  std::string came;
  if (const auto repeated = asked.form.first_repeated({"resource", "audience"})) {
    came = excerpt(*repeated) + ", more than once";
  } else if (!check.parameter.empty()) {
    came = std::string(check.parameter) + "=" + excerpt(asked.text(check.parameter));
  }
  return refuse(*check.reason, std::string(check.expected), std::move(came));
}

Prompt parse_prompt(std::string_view text) {
  Prompt prompt;
  for (const auto& word : split_words(text)) {
    prompt.none |= word == "none";
    prompt.login |= word == "login";
    prompt.consent |= word == "consent";
    prompt.select_account |= word == "select_account";
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

}  // namespace

Result<Addressee> parse_addressee(const Form& form) {
  if (form.repeated("client_id") || form.repeated("redirect_uri")) {
    return refused(reason::authorize_addressee_repeated);
  }
  const auto client_id = form.get("client_id");
  if (!client_id) return refused(reason::authorize_client_id_missing);
  if (client_id->size() > limits::kClientIdBytes || !is_vschar(*client_id)) {
    return refused(reason::authorize_client_id_malformed);
  }
  return Addressee{std::string(*client_id), std::string(form.get("redirect_uri").value_or(""))};
}

Result<AuthorizationRequest> parse_authorization_request(const Form& form, const Client& client,
                                                         const Policy& policy) {
  const Asked asked{form, client};
  for (const auto& check : kChecks) {
    if (check.fails(asked)) return std::unexpected(explain(check, asked));
  }
  std::optional<Scopes> scopes;
  if (const auto text = form.get("scope")) {
    auto parsed = parse_scope(*text);
    if (!parsed) return std::unexpected(std::move(parsed.error()));
    scopes = std::move(*parsed);
  }
  AuthorizationRequest request;
  request.scopes = clamp_scopes(scopes, client, policy);
  request.state = optional_text(form, "state");
  request.nonce = optional_text(form, "nonce");
  request.code_challenge = optional_text(form, "code_challenge");
  request.prompt = parse_prompt(asked.text("prompt"));
  if (asked.has("max_age")) request.max_age = parse_max_age(asked.text("max_age"));
  request.login_hint = wish(form, "login_hint");
  request.ui_locales = wish(form, "ui_locales");
  return request;
}

std::optional<std::string> state_of(const Form& form) {
  const auto state = form.get("state");
  if (!state || form.repeated("state") || !is_state(*state)) return {};
  return std::string(*state);
}

Result<void> judge_client_at_authorize(const std::optional<Client>& client) {
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
  // Signing in again is how another account is chosen here.
  transaction.must_login = request.prompt.login || request.prompt.select_account;
  transaction.must_consent = request.prompt.consent;
  transaction.max_age = request.max_age;
  transaction.created_at = now;
  transaction.expires_at = now + policy.transaction_ttl;
  return transaction;
}

}  // namespace claviger::protocol
