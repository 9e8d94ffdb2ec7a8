// A person signed in with one browser, and the pending authorization requests of a browser.
#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/bytes.hpp"
#include "base/id.hpp"
#include "base/time.hpp"
#include "model/response_type.hpp"

namespace claviger {

struct Session {
  Id id;
  Digest cookie_hash{};  // SHA-256 of the cookie's 256-bit value; changes at every sign-in
  std::string sub;
  std::int64_t user_epoch = 0;
  Time auth_time{};              // of the real authentication
  std::string acr;               // what it was worth (see protocol/acr.hpp)
  std::vector<std::string> amr;  // by which methods (RFC8176-2)
  Time created_at{};
  Time idle_expires_at{};
  Time expires_at{};
  std::optional<Time> ended_at;  // ended by logout, administrator or credential reset
};

// A validated authorization request that waits for a person (RFC6749-4.1.1). The id stands in the
// URL and in every form; it is useless without the browser cookie whose hash is here.
struct Transaction {
  Id id;
  Digest browser_hash{};
  std::string client_id;
  std::string redirect_uri;         // as matched; matched again before it is used
  bool redirect_uri_sent = false;   // was it a parameter of the request (RFC6749-4.1.3)
  std::vector<std::string> scopes;  // after dropping what is unknown or not allowed
  std::optional<std::string> state;
  std::optional<std::string> nonce;
  std::optional<std::string> code_challenge;  // S256, 43 characters
  std::string login_hint;
  std::string ui_locales;
  ResponseType response_type = kCodeOnly;
  ResponseMode response_mode = ResponseMode::query;
  std::string claims;  // the `claims` parameter (OIDCC-5.5), verbatim, parsed once; empty: none
  std::vector<std::string> acr_values;    // in the order of preference
  std::vector<std::string> resources;     // RFC8707-2; empty: none asked
  std::optional<std::string> hinted_sub;  // of id_token_hint: nobody else may answer
  bool must_login = false;                // prompt=login, until a sign-in later than created_at
  bool select_account = false;            // prompt=select_account, until somebody chose
  bool wants_account = false;             // prompt=create: sign-up comes before sign-in
  bool must_consent = false;              // prompt=consent
  std::optional<std::int64_t> max_age;
  Time created_at{};
  Time expires_at{};
  std::optional<std::string> consented_sub;  // the person who approved exactly this request
  std::optional<Time> finished_at;           // answered: by a code or by a refusal
  bool of_another_epoch = false;             // begun before the data was restored
};

// What a person allowed a client (remembered consent).
struct Consent {
  std::string sub;
  std::string client_id;
  std::vector<std::string> scopes;
  std::int64_t epoch = 0;  // raised by withdrawal
  Time granted_at{};
};

}  // namespace claviger
