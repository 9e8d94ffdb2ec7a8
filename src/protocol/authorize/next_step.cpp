#include "protocol/authorize/next_step.hpp"

#include "base/reasons/authorize.hpp"
#include "protocol/authorize/demands.hpp"
#include "protocol/authorize/pkce.hpp"
#include "protocol/authorize/redirect_uri.hpp"
#include "protocol/authorize/response_type.hpp"
#include "protocol/gate.hpp"

namespace claviger::protocol {
namespace {

// Is somebody signed in whom a code could be issued for? A user who was disabled, deleted or given
// new credentials since is asked to sign in like a stranger (SE-04, SE-14).
bool somebody_is_signed_in(const Facts& facts, Time now) {
  const auto& session = facts.session;
  const auto& user = facts.user;
  return session && user && !session->ended_at && now < session->idle_expires_at &&
         now < session->expires_at && session->sub == user->sub && !user->disabled &&
         session->user_epoch == user->epoch;
}

// A sign-in made for this very request answers every wish for a new one, however long the person
// then thinks about consent.
bool signed_in_for_this(const Facts& facts) {
  return facts.session->auth_time > facts.transaction.created_at;
}

bool is_too_old(const Transaction& transaction, const Session& session, Time now) {
  if (transaction.must_login) return true;
  // Whole seconds, as auth_time is told to clients: an age that is reached is too old.
  return transaction.max_age &&
         to_seconds(now) - to_seconds(session.auth_time) >= *transaction.max_age;
}

bool is_consented(const Facts& facts) {
  const auto& transaction = facts.transaction;
  const auto& sub = facts.user->sub;
  if (transaction.consented_sub == sub) return true;
  if (transaction.must_consent || !facts.consent) return false;
  // Whoever can catch a native client's redirect could ask in its name (RFC8252-8.6).
  if (is_native_use(*facts.client, transaction.redirect_uri)) return false;
  const auto& consent = *facts.consent;
  return consent.sub == sub && consent.client_id == facts.client->client_id &&
         covers(consent.scopes, transaction.scopes) && covers(consent.scopes, facts.to_allow);
}

// The client as it is now against what it was allowed to ask at the start (CI-18).
Result<void> judge_client_again(const Facts& facts) {
  const auto& client = *facts.client;
  const auto& transaction = facts.transaction;
  if (auto judged = judge_response_type(client, transaction.response_type); !judged) return judged;
  if (transaction.response_type.code && !transaction.code_challenge && must_use_pkce(client)) {
    return refused(reason::authorize_pkce_missing);
  }
  if (!client.scopes.empty() && !covers(client.scopes, transaction.scopes)) {
    return refused(reason::authorize_scope_lost);
  }
  return {};
}

// The last word before anything is issued: the gate of every grant. `session` is live.
Result<void> pass_gate(const Facts& facts, GrantType grant_type) {
  GateFacts gate;
  gate.user = &*facts.user;
  gate.client = facts.client.get();
  gate.grant_type = grant_type;
  gate.epochs = {facts.session->user_epoch, facts.client->epoch, 0};
  gate.consent_epoch = 0;  // consent is being given, not relied on
  gate.session_ended = facts.session->ended_at.has_value();
  gate.session_bound = true;
  return subject_gate(gate);
}

NextStep pass_gates(const Facts& facts) {
  const auto type = facts.transaction.response_type;
  Result<void> open;
  if (type.code) open = pass_gate(facts, GrantType::authorization_code);
  if (open && type.is_front_channel()) open = pass_gate(facts, GrantType::implicit);
  if (!open) return ShownToUser{std::move(open.error())};
  return Issue{};
}

const Reason& why_consent(const Facts& facts) {
  const bool native = is_native_use(*facts.client, facts.transaction.redirect_uri);
  return native ? reason::authorize_native_interaction : reason::authorize_consent_required;
}

// Nothing: somebody is signed in, and as the request demands. Of several answers the first counts.
std::optional<NextStep> settle_person(const Facts& facts, const ClaimsRequest& claims, Time now) {
  const auto& transaction = facts.transaction;
  const bool signed_in = somebody_is_signed_in(facts, now);
  const bool just_now = signed_in && signed_in_for_this(facts);
  if (transaction.wants_account && !just_now) return AskSignUp{};
  if (!signed_in) {
    if (facts.prompt_none) return SentToClient{refuse(reason::authorize_login_required)};
    return AskLogin{};
  }
  if (!is_wanted_person(transaction, claims, facts.subject)) {
    // Whoever signs in for this request as somebody else would do so again (OIDCC-3.1.2.1).
    const bool final = just_now || facts.prompt_none;
    if (final) return SentToClient{refuse(reason::authorize_other_person)};
    return AskLogin{};
  }
  if (!just_now && is_too_old(transaction, *facts.session, now)) {
    if (facts.prompt_none) return SentToClient{refuse(reason::authorize_login_required)};
    return AskLogin{.reauthenticate = true};
  }
  if (judge_strength(claims, facts.session->acr) != Strength::enough) {
    if (just_now) return SentToClient{refuse(reason::authorize_acr_unmet)};
    if (facts.prompt_none) return SentToClient{refuse(reason::authorize_login_required)};
    return AskLogin{.reauthenticate = true};
  }
  if (transaction.select_account && !just_now) return AskAccount{};
  return {};
}

}  // namespace

NextStep decide_next_step(const Facts& facts, Time now) {
  const auto& transaction = facts.transaction;
  if (transaction.finished_at) return ShownToUser{refuse(reason::transaction_finished)};
  if (now >= transaction.expires_at) return ShownToUser{refuse(reason::transaction_expired)};
  // Not by redirect: what a disabled client's address is good for nobody knows any more.
  if (facts.client->disabled) return ShownToUser{refuse(reason::authorize_client_disabled)};
  if (auto judged = judge_client_again(facts); !judged) {
    return SentToClient{std::move(judged.error())};
  }
  const auto claims = parse_claims_request(transaction.claims);
  if (!claims) return SentToClient{claims.error()};
  // Said at once: no password would help.
  if (judge_strength(*claims, {}) == Strength::impossible) {
    return SentToClient{refuse(reason::authorize_acr_unmet)};
  }
  if (auto step = settle_person(facts, *claims, now)) return std::move(*step);
  if (!is_consented(facts)) {
    if (facts.prompt_none) return SentToClient{refuse(why_consent(facts))};
    return AskConsent{};
  }
  return pass_gates(facts);
}

}  // namespace claviger::protocol
