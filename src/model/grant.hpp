// An authorization code, the grant it becomes, and the family of refresh tokens under that grant.
#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/bytes.hpp"
#include "base/id.hpp"
#include "base/time.hpp"
#include "model/client.hpp"

namespace claviger {

// The epochs that the gate compares: what they were when the person consented.
struct Epochs {
  std::int64_t user = 0;
  std::int64_t client = 0;
  std::int64_t consent = 0;
  bool operator==(const Epochs&) const = default;
};

// What a person allowed a client, and how that person had signed in: common to whatever tokens are
// issued from.
struct Authorized {
  std::string client_id;
  std::string sub;  // the person's own; what the client sees of it: protocol/tokens/subject.hpp
  Id session;
  std::vector<std::string> scopes;
  std::vector<std::string> resources;  // RFC8707-2.1; empty: the issuer's own
  std::string claims;                  // the `claims` parameter, verbatim (OIDCC-5.5)
  Time auth_time{};
  std::string acr;
  std::vector<std::string> amr;
  Epochs epochs;

  // For copies that leave the rest of a code or grant behind, on purpose.
  const Authorized& authorized() const { return *this; }
};

struct Code : Authorized {
  Id selector;
  Digest verifier_hash{};  // SHA-256 of the 256-bit verifier
  std::string redirect_uri;
  bool redirect_uri_sent = false;
  std::optional<std::string> nonce;
  std::optional<std::string> code_challenge;
  Time issued_at{};
  Time expires_at{};
  int failures = 0;                 // wrong presentations; burned at kMaxCodeFailures
  std::optional<Time> redeemed_at;  // also set when burned
  std::optional<Id> grant;          // what it led to
  std::int64_t storage_epoch = 0;
  bool of_another_epoch = false;  // than the store's when it was read: from before a restore
};

struct Grant : Authorized {
  Id id;
  GrantType type = GrantType::authorization_code;  // how it came about
  bool session_bound = false;  // dies when the session is ended (not when it expires)
  std::optional<Id> parent;    // of an exchanged token: dies with it (TX-11)
  std::string act;             // who acts, as the claim's JSON (RFC8693-4.1); empty: nobody
  Time created_at{};
  std::optional<Time> revoked_at;
  std::string revoked_because;  // "code_reuse", "refresh_reuse", "operator" ...
};

// One row for all refresh tokens of a grant: only the counter says which of them lives.
struct RefreshFamily {
  Id id;
  Id grant;
  std::int64_t counter = 0;  // n of the live token
  Time rotated_at{};
  std::string mac_kid;  // the key under which the live token was made
  std::int64_t storage_epoch = 0;
  Time idle_expires_at{};
  Time expires_at{};  // absolute; a successor inherits it
};

}  // namespace claviger
