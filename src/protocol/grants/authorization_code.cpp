#include "protocol/grants/authorization_code.hpp"

#include <algorithm>
#include <array>

#include "base/reasons/code.hpp"
#include "base/text.hpp"
#include "crypto/digest.hpp"
#include "protocol/authorize/pkce.hpp"
#include "protocol/grants/refresh_token.hpp"

namespace claviger::protocol {
namespace {

struct Presentation {
  const CodeRequest& request;
  const OpaqueToken& token;
  const Code& code;
  const Client& client;
  Time now;
};

// What is explained to a developer. Nothing of it is secret: a challenge travels in a URL, and its
// verifier is shown hashed as the client should have hashed it.
struct Told {
  std::string expected;
  std::string came;
};

struct Check {
  const Reason* reason;
  Consequence consequence;
  bool (*fails)(const Presentation&);
  Told (*tell)(const Presentation&) = nullptr;
};

std::string since_issued(const Presentation& p, Time at) {
  return std::to_string(
             std::chrono::duration_cast<std::chrono::seconds>(at - p.code.issued_at).count()) +
         " s after it was issued";
}

bool is_another_verifier(const Presentation& p) {
  return !crypto::constant_time_equal(crypto::sha256(ByteView(p.token.verifier)),
                                      p.code.verifier_hash);
}

bool lacks_redirect_uri(const Presentation& p) {
  return !p.request.redirect_uri && p.code.redirect_uri_sent && !p.code.code_challenge;
}

// In this order. Who can't even show the code itself learns nothing and counts for nothing; who
// shows it without what belongs to it is counted, so that guessing ends, but ends nothing that the
// rightful client has (CI-02).
constexpr std::array kChecks{
    Check{&reason::code_unknown, Consequence::none, is_another_verifier},
    Check{&reason::code_other_client, Consequence::count_failure,
          [](const Presentation& p) { return p.code.client_id != p.client.client_id; },
          [](const Presentation& p) { return Told{p.code.client_id, p.client.client_id}; }},
    // One that is known to have been redeemed is a replay in every epoch.
    Check{&reason::code_other_epoch, Consequence::none,
          [](const Presentation& p) { return p.code.of_another_epoch && !p.code.redeemed_at; }},
    Check{&reason::code_redirect_uri_missing, Consequence::none, lacks_redirect_uri,
          [](const Presentation& p) { return Told{p.code.redirect_uri, "no redirect_uri"}; }},
    Check{&reason::code_redirect_uri_mismatch, Consequence::count_failure,
          [](const Presentation& p) {
            return p.request.redirect_uri && *p.request.redirect_uri != p.code.redirect_uri;
          },
          [](const Presentation& p) {
            return Told{p.code.redirect_uri, excerpt(*p.request.redirect_uri)};
          }},
    // Somebody took the challenge away on the way here: nobody may have this code (CI-05).
    Check{&reason::code_verifier_unexpected, Consequence::burn_code,
          [](const Presentation& p) { return p.request.code_verifier && !p.code.code_challenge; }},
    Check{&reason::code_pkce_required, Consequence::none,
          [](const Presentation& p) { return !p.code.code_challenge && must_use_pkce(p.client); }},
    Check{&reason::code_verifier_missing, Consequence::count_failure,
          [](const Presentation& p) { return p.code.code_challenge && !p.request.code_verifier; }},
    Check{&reason::code_verifier_malformed, Consequence::count_failure,
          [](const Presentation& p) {
            return p.code.code_challenge && !is_verifier(*p.request.code_verifier);
          }},
    Check{&reason::code_pkce_mismatch, Consequence::count_failure,
          [](const Presentation& p) {
            return p.code.code_challenge &&
                   !verifier_fits(*p.request.code_verifier, *p.code.code_challenge);
          },
          [](const Presentation& p) {
            return Told{"S256 " + *p.code.code_challenge, "S256 " + s256(*p.request.code_verifier)};
          }},
    // Not of a code that was redeemed: its row is kept to recognise a replay, however late (CI-12).
    Check{&reason::code_expired, Consequence::none,
          [](const Presentation& p) { return !p.code.redeemed_at && p.now >= p.code.expires_at; },
          [](const Presentation& p) {
            return Told{"less than " + since_issued(p, p.code.expires_at), since_issued(p, p.now)};
          }},
};

RefreshFamily first_of_family(const Grant& grant, const Client& client, const Policy& policy) {
  RefreshFamily family;
  family.grant = grant.id;
  family.counter = 1;
  family.rotated_at = grant.created_at;
  const auto lifetime =
      client.is_public() ? policy.refresh_absolute_ttl_public : policy.refresh_absolute_ttl;
  family.expires_at = grant.created_at + lifetime;
  family.idle_expires_at =
      std::min(family.expires_at, Time{grant.created_at + policy.refresh_idle_ttl});
  // Never rotated, so nothing would tell that it is in use (RT-12).
  if (client.profile == Profile::fapi2) family.idle_expires_at = family.expires_at;
  return family;
}

}  // namespace

std::optional<OpaqueToken> parse_code(const Secret& code) {
  return OpaqueToken::parse(code.reveal());
}

std::expected<void, RefusedCode> judge_code_presentation(const CodeRequest& request,
                                                         const OpaqueToken& token, const Code* code,
                                                         const AuthenticatedClient& client,
                                                         Time now) {
  if (!code) return std::unexpected(RefusedCode{refuse(reason::code_unknown), Consequence::none});
  const Presentation presentation{request, token, *code, client.record(), now};
  for (const auto& check : kChecks) {
    if (!check.fails(presentation)) continue;
    const Told told = check.tell != nullptr ? check.tell(presentation) : Told{};
    return std::unexpected(
        RefusedCode{refuse(*check.reason, told.expected, told.came), check.consequence});
  }
  return {};
}

RefusedCode judge_replay(Time arrived, Time redeemed_at) {
  if (arrived <= redeemed_at) return {refuse(reason::code_race), Consequence::none};
  return {refuse(reason::code_reuse), Consequence::revoke_grant};
}

IssuePlan plan_issue(const Code& code, const Client& client, const Policy& policy, Id grant,
                     Id family, const std::string& mac_kid, std::int64_t storage_epoch, Time now) {
  const auto refresh = refresh_due(client, code.scopes);
  IssuePlan plan;
  static_cast<Authorized&>(plan.grant) = code.authorized();
  plan.grant.id = grant;
  plan.grant.session_bound = refresh.session_bound;
  plan.grant.created_at = now;
  if (refresh.due) {
    plan.family = first_of_family(plan.grant, client, policy);
    plan.family->id = family;
    plan.family->mac_kid = mac_kid;
    plan.family->storage_epoch = storage_epoch;
  }
  return plan;
}

}  // namespace claviger::protocol
