// The authorization code grant's rules (RFC6749-4.1.3, RFC7636-4.6, OAUTH21-4.1.3).
#pragma once
#include <optional>

#include "base/token.hpp"
#include "model/grant.hpp"
#include "protocol/client_authentication/authenticate.hpp"
#include "protocol/gate.hpp"
#include "protocol/grants/request.hpp"
#include "protocol/policy.hpp"

namespace claviger::protocol {

enum class Consequence { none, count_failure, burn_code, revoke_grant };

struct RefusedCode {
  Error error;
  Consequence consequence = Consequence::none;
};

// The wire form of a code; nothing for garbage, which is refused without a read.
std::optional<OpaqueToken> parse_code(const Secret& code);

// Everything about the presentation itself: verifier, client, redirect URI, PKCE, expiry. Used
// twice: before the write, and to tell a valid replay (which revokes) from a stranger's (which does
// not: CI-01, CI-02). `code` nothing: unknown selector. A code that is redeemed already passes
// here; see judge_replay.
std::expected<void, RefusedCode> judge_code_presentation(const CodeRequest& request,
                                                         const OpaqueToken& token, const Code* code,
                                                         const AuthenticatedClient& client,
                                                         Time now);

// The code was redeemed before. One that arrived before the winner's commit is a race and revokes
// nothing (CI-03).
RefusedCode judge_replay(Time arrived, Time redeemed_at);

struct IssuePlan {
  Grant grant;
  std::optional<RefreshFamily> family;
};
// What to create; whether a refresh token is due: refresh_due.
IssuePlan plan_issue(const Code& code, const Client& client, const Policy& policy, Id grant,
                     Id family, const std::string& mac_kid, std::int64_t storage_epoch, Time now);

}  // namespace claviger::protocol
