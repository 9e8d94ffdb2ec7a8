#include "protocol/authorize/request_checks.hpp"

#include <algorithm>
#include <array>
#include <charconv>

#include "base/limits.hpp"
#include "base/reasons/authorize.hpp"
#include "base/text.hpp"
#include "protocol/authorize/pkce.hpp"
#include "protocol/authorize/request.hpp"
#include "protocol/authorize/response_type.hpp"

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

bool has_unknown_prompt(const Asked& a) {
  constexpr std::array<std::string_view, 5> kKnown{"none", "login", "consent", "select_account",
                                                   "create"};
  return std::ranges::any_of(split_words(a.text("prompt")), [&](const std::string& word) {
    return std::ranges::find(kKnown, word) == kKnown.end();
  });
}

bool mixes_prompt_none(const Asked& a) {
  const auto words = split_words(a.text("prompt"));
  return words.size() > 1 && std::ranges::find(words, "none") != words.end();
}

// Tokens alone: a response type of RFC 6749 that OpenID Connect has no use for.
bool is_unsupported(const Asked& a) {
  const auto type = parse_response_type(a.text("response_type"));
  return !type || *type == ResponseType{.token = true};
}

// May rely on the checks above it in the table: the response type is known.
ResponseType type_of(const Asked& a) { return *parse_response_type(a.text("response_type")); }

bool judged_as(const Asked& a, const Reason& reason) {
  const auto judged = judge_response_type(a.client, type_of(a));
  return !judged && judged.error().reason == &reason;
}

// In the order in which they are refused: repetitions first, since behind them nothing else that
// was read means what it seems to mean.
constexpr std::array kChecks{
    Check{
        &reason::authorize_parameter_repeated,
        [](const Asked& a) { return a.form.first_repeated({"resource", "audience"}).has_value(); },
        {},
        "each parameter once"},
    Check{&reason::authorize_state_malformed,
          [](const Asked& a) { return a.has("state") && !is_state(a.text("state")); }, "state",
          "at most 2048 characters %x20-7E"},
    Check{&reason::authorize_response_type_missing,
          [](const Asked& a) { return !a.has("response_type"); }, "response_type", "code"},
    Check{&reason::authorize_response_type_unknown, is_unsupported, "response_type", "code"},
    Check{&reason::authorize_response_mode,
          [](const Asked& a) { return is_refused_response_mode(a.form); }, "response_mode",
          "query (for a code alone), fragment or form_post"},
    Check{&reason::authorize_response_type_not_allowed,
          [](const Asked& a) { return judged_as(a, reason::authorize_response_type_not_allowed); },
          "response_type", "one that the client registered"},
    Check{&reason::authorize_grant_not_allowed,
          [](const Asked& a) { return judged_as(a, reason::authorize_grant_not_allowed); }},
    Check{&reason::authorize_pkce_missing,
          [](const Asked& a) {
            return type_of(a).code && !a.has("code_challenge") && must_use_pkce(a.client);
          },
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
    // Without it nothing ties an ID token from the front channel to the request (OIDCC-3.2.2.11).
    Check{&reason::authorize_nonce_missing,
          [](const Asked& a) { return type_of(a).id_token && !a.has("nonce"); }, "nonce",
          "a fresh random value"},
    Check{&reason::authorize_registration, [](const Asked& a) { return a.has("registration"); }},
    Check{&reason::authorize_prompt_unknown, has_unknown_prompt, "prompt",
          "none, login, consent, select_account or create"},
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

}  // namespace

std::optional<Error> find_fault(const Form& form, const Client& client) {
  const Asked asked{form, client};
  for (const auto& check : kChecks) {
    if (check.fails(asked)) return explain(check, asked);
  }
  return {};
}

std::optional<std::int64_t> parse_max_age(std::string_view text) {
  constexpr std::size_t kMostDigits = 12;
  std::int64_t seconds = 0;
  const auto [stopped, error] = std::from_chars(text.begin(), text.end(), seconds);
  const bool number = error == std::errc{} && stopped == text.end() && text.front() != '-';
  if (!number || text.size() > kMostDigits) return {};
  return seconds;
}

}  // namespace claviger::protocol
