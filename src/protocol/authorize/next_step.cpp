#include "protocol/authorize/next_step.hpp"

#include "base/reasons/authorize.hpp"
#include "protocol/authorize/pkce.hpp"
#include "protocol/authorize/redirect_uri.hpp"
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

// prompt=login and max_age ask for a sign-in of now. One made for this very request satisfies both,
// however long the person then thinks about consent; else max_age=0 would ask for ever.
bool must_sign_in_again(const Transaction& transaction, const Session& session, Time now) {
  if (session.auth_time > transaction.created_at) return false;
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
  if (is_native_use(facts.client, transaction.redirect_uri)) return false;
  const auto& consent = *facts.consent;
  return consent.sub == sub && consent.client_id == facts.client.client_id &&
         covers(consent.scopes, transaction.scopes);
}

// The client as it is now against what it was allowed to ask at the start (CI-18).
Result<void> judge_client_again(const Facts& facts) {
  const auto& client = facts.client;
  const auto& transaction = facts.transaction;
  if (!client.may_use(GrantType::authorization_code)) {
    return refused(reason::authorize_grant_not_allowed);
  }
  if (!transaction.code_challenge && must_use_pkce(client)) {
    return refused(reason::authorize_pkce_missing);
  }
  if (!client.scopes.empty() && !covers(client.scopes, transaction.scopes)) {
    return refused(reason::authorize_scope_lost);
  }
  return {};
}

// The last word before a code is issued: the gate of every grant. `session` is live.
NextStep pass_gate(const Facts& facts) {
  GateFacts gate;
  gate.user = facts.user;
  gate.client = facts.client;
  gate.grant_type = GrantType::authorization_code;
  gate.epochs = {facts.session->user_epoch, facts.client.epoch, 0};
  gate.consent_epoch = 0;  // consent is being given, not relied on
  gate.session = facts.session;
  gate.session_bound = true;
  auto open = subject_gate(gate);
  if (!open) return ShownToUser{std::move(open.error())};
  return IssueCode{*facts.session, *facts.user};
}

const Reason& why_consent(const Facts& facts) {
  const bool native = is_native_use(facts.client, facts.transaction.redirect_uri);
  return native ? reason::authorize_native_interaction : reason::authorize_consent_required;
}

}  // namespace

NextStep decide_next_step(const Facts& facts, Time now) {
  const auto& transaction = facts.transaction;
  if (transaction.finished_at) return ShownToUser{refuse(reason::transaction_finished)};
  if (now >= transaction.expires_at) return ShownToUser{refuse(reason::transaction_expired)};
  // Not by redirect: what a disabled client's address is good for nobody knows any more.
  if (facts.client.disabled) return ShownToUser{refuse(reason::authorize_client_disabled)};
  if (auto judged = judge_client_again(facts); !judged) {
    return SentToClient{std::move(judged.error())};
  }

  const bool signed_in = somebody_is_signed_in(facts, now);
  const bool again = signed_in && must_sign_in_again(transaction, *facts.session, now);
  if (!signed_in || again) {
    if (facts.prompt_none) return SentToClient{refuse(reason::authorize_login_required)};
    return AskLogin{.reauthenticate = again};
  }
  if (!is_consented(facts)) {
    if (facts.prompt_none) return SentToClient{refuse(why_consent(facts))};
    return AskConsent{};
  }
  return pass_gate(facts);
}

}  // namespace claviger::protocol
