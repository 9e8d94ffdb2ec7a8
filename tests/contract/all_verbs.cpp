#include "tests/support/store_verbs.hpp"

namespace claviger::test {
namespace {

using Scene = VerbScene;

const std::string kAlice = "alice-sub";

void redeem(Scene& scene) {
  // A plan of its own each time: the loser would have made another grant.
  run_task(scene.store->codes.redeem(a_redeem_plan(*scene.random, scene.code)));
}

// Everything that the authorization endpoint can answer with.
void issue(Scene& scene) {
  auto plan = an_answer(a_code(*scene.random), scene.transaction.id);
  plan.grant = a_grant(*scene.random);
  plan.grant_keep_until = kNow + hours(1);
  run_task(scene.store->codes.issue(plan));
}

void approve(Scene& scene) {
  run_task(scene.store->transactions.approve(scene.transaction.id, kAlice, true, kNow));
}

void finish(Scene& scene) {
  run_task(scene.store->transactions.finish(scene.transaction.id, kNow));
}

void first_redeem(Scene& scene) { run_task(scene.store->codes.redeem(scene.redeem)); }

void rotate(Scene& scene) {
  run_task(scene.store->grants.rotate(a_rotate_plan(*scene.redeem.family)));
}

void fast_forward(Scene& scene) {
  auto plan = a_rotate_plan(*scene.redeem.family);
  plan.from = 2;
  run_task(scene.store->grants.fast_forward(plan));
}

void redeem_in_another_epoch(Scene& scene) {
  first_redeem(scene);
  run_task(scene.store->storage_epochs.raise(kNow));
}

void add_exchanged(Scene& scene) {
  const auto grant = an_exchanged_grant(*scene.random, scene.redeem.grant.id);
  run_task(scene.store->grants.add(grant, kNow + hours(1)));
}

void add_exchanged_from_nothing(Scene& scene) {
  run_task(scene.store->grants.add(an_exchanged_grant(*scene.random, Id()), kNow + hours(1)));
}

void bound_redeem(Scene& scene) {
  scene.redeem.grant.session_bound = true;
  first_redeem(scene);
  add_exchanged(scene);
}

void approve_device(Scene& scene) {
  run_task(scene.store->device_codes.approve(scene.device.selector, scene.code, kNow));
}

void deny_device(Scene& scene) {
  run_task(scene.store->device_codes.deny(scene.device.selector, kNow));
}

void redeem_device(Scene& scene) {
  run_task(scene.store->device_codes.redeem(a_redeem_plan(*scene.random, scene.device)));
}

std::vector<Verb> of_device_codes() {
  return {
      {"DeviceCodes::add",
       {},
       [](Scene& s) { run_task(s.store->device_codes.add(a_device_code(*s.random, "NEW"))); },
       [](Scene& s) { run_task(s.store->device_codes.add(a_device_code(*s.random, "NEW"))); }},
      {"DeviceCodes::approve", {}, approve_device, approve_device},
      {"DeviceCodes::deny", {}, deny_device, approve_device},
      {"DeviceCodes::poll",
       {},
       [](Scene& s) { run_task(s.store->device_codes.poll(s.device.selector, kNow)); },
       [](Scene& s) { run_task(s.store->device_codes.poll(Id(), kNow)); }},
      {"DeviceCodes::redeem", approve_device, redeem_device, redeem_device},
  };
}

std::vector<Verb> of_codes_and_grants() {
  return {
      {"Codes::issue", {}, issue, issue},
      {"Codes::redeem", {}, redeem, redeem},
      {"Codes::count_failure",
       {},
       [](Scene& s) { run_task(s.store->codes.count_failure(s.code.selector, kNow)); },
       [](Scene& s) { run_task(s.store->codes.count_failure(Id(), kNow)); }},
      {"Codes::burn",
       {},
       [](Scene& s) { run_task(s.store->codes.burn(s.code.selector, kNow)); },
       [](Scene& s) { run_task(s.store->codes.burn(s.code.selector, kNow)); }},
      {"Grants::rotate", first_redeem, rotate, rotate},
      {"Grants::fast_forward", redeem_in_another_epoch, fast_forward, fast_forward},
      {"Grants::add", first_redeem, add_exchanged, add_exchanged_from_nothing},
      {"Grants::revoke", bound_redeem,
       [](Scene& s) { run_task(s.store->grants.revoke(s.redeem.grant.id, "operator", kNow)); },
       [](Scene& s) { run_task(s.store->grants.revoke(s.redeem.grant.id, "operator", kNow)); }},
      {"Grants::revoke_all_of_client", first_redeem,
       [](Scene& s) { run_task(s.store->grants.revoke_all_of_client("shop", "operator", kNow)); },
       [](Scene& s) { run_task(s.store->grants.revoke_all_of_client("shop", "operator", kNow)); }},
      {"Grants::revoke_since", first_redeem,
       [](Scene& s) { run_task(s.store->grants.revoke_since(kNow, "restored", kNow)); },
       [](Scene& s) { run_task(s.store->grants.revoke_since(kNow, "restored", kNow)); }},
      {"StorageEpochs::raise",
       {},
       [](Scene& s) { run_task(s.store->storage_epochs.raise(kNow)); },
       {}},
      {"StorageEpochs::accept",
       {},
       [](Scene& s) { run_task(s.store->storage_epochs.accept(kNow)); },
       {}},
      {"Grants::deny_token",
       {},
       [](Scene& s) { run_task(s.store->grants.deny_token("j1", kNow)); },
       [](Scene& s) { run_task(s.store->grants.deny_token("j1", kNow)); }},
  };
}

void end_session(Scene& scene) { run_task(scene.store->sessions.end(scene.session.id, kNow)); }

store::DueLogout due_logout(Scene& scene) {
  store::DueLogout due;
  due.session = scene.session.id;
  due.client_id = "shop";
  return due;
}

void take_logout(Scene& scene) {
  run_task(scene.store->logouts.take(due_logout(scene), kNow + minutes(1)));
}

void done_logout(Scene& scene) { run_task(scene.store->logouts.done(scene.session.id, "shop")); }

store::Sessions::SignIn a_sign_in() {
  store::Sessions::SignIn again;
  again.cookie_hash = a_digest(9);
  again.auth_time = kNow;
  again.idle_expires_at = kNow;
  return again;
}

std::vector<Verb> of_people() {
  return {
      {"Users::add",
       {},
       [](Scene& s) { run_task(s.store->users.add(a_user("bob-sub", "bob"), "bob", "bob@b")); },
       [](Scene& s) { run_task(s.store->users.add(a_user("bob-sub", "bob"), "bob", "bob@b")); }},
      {"Users::set_claims",
       {},
       [](Scene& s) { run_task(s.store->users.set_claims(a_user(), "new@example.com", kNow)); },
       [](Scene& s) { run_task(s.store->users.set_claims(a_user("no"), "no@example.com", kNow)); }},
      {"Users::set_password", bound_redeem,
       [](Scene& s) { run_task(s.store->users.set_password(kAlice, "$argon2id$new", kNow)); },
       [](Scene& s) { run_task(s.store->users.set_password("nobody", "$argon2id$new", kNow)); }},
      {"Users::rehash",
       {},
       [](Scene& s) { run_task(s.store->users.rehash(kAlice, "$argon2id$old", "$argon2id$n")); },
       [](Scene& s) { run_task(s.store->users.rehash(kAlice, "$argon2id$old", "$argon2id$n")); }},
      {"Users::set_disabled", bound_redeem,
       [](Scene& s) { run_task(s.store->users.set_disabled(kAlice, true, kNow)); },
       [](Scene& s) { run_task(s.store->users.set_disabled("nobody", true, kNow)); }},
  };
}

std::vector<Verb> of_sessions() {
  return {
      {"Sessions::start",
       bound_redeem,
       [](Scene& s) {
         run_task(s.store->sessions.start(a_session(*s.random, "bob-sub"), s.session.id));
       },
       {}},
      {"Sessions::reauthenticate",
       {},
       [](Scene& s) { run_task(s.store->sessions.reauthenticate(s.session.id, a_sign_in())); },
       [](Scene& s) { run_task(s.store->sessions.reauthenticate(s.session.id, a_sign_in())); }},
      {"Sessions::touch",
       {},
       [](Scene& s) { run_task(s.store->sessions.touch(s.session.id, kNow + hours(1))); },
       [](Scene& s) { run_task(s.store->sessions.touch(s.session.id, kNow + hours(1))); }},
      {"Sessions::end", bound_redeem, end_session, end_session},
      {"Logouts::take", end_session, take_logout, take_logout},
      {"Logouts::done", end_session, done_logout, done_logout},
      {"LogoutRequests::add",
       {},
       [](Scene& s) { run_task(s.store->logout_requests.add(a_logout_request(*s.random))); },
       {}},
  };
}

std::vector<Verb> of_requests() {
  return {
      {"Transactions::add",
       {},
       [](Scene& s) { run_task(s.store->transactions.add(a_transaction(*s.random))); },
       {}},
      {"Transactions::approve",
       {},
       approve,
       [](Scene& s) {
         run_task(s.store->transactions.approve(s.transaction.id, "bob-sub", true,
                                                s.transaction.expires_at));
       }},
      {"Transactions::account_chosen",
       {},
       [](Scene& s) { run_task(s.store->transactions.account_chosen(s.transaction.id, kNow)); },
       [](Scene& s) { run_task(s.store->transactions.account_chosen(Id(), kNow)); }},
      {"Transactions::account_chosen",
       {},
       [](Scene& s) { run_task(s.store->transactions.account_chosen(s.transaction.id, kNow)); },
       [](Scene& s) {
         run_task(s.store->transactions.account_chosen(s.transaction.id, s.transaction.expires_at));
       }},
      {"Transactions::finish", {}, finish, finish},
      {"Consents::withdraw", approve,
       [](Scene& s) { run_task(s.store->consents.withdraw(kAlice, "shop", kNow)); },
       [](Scene& s) { run_task(s.store->consents.withdraw(kAlice, "bank", kNow)); }},
  };
}

Client a_stranger() {
  auto client = a_client("stranger");
  client.registered_by = RegisteredBy::self;
  return client;
}

void purge(Scene& scene) { run_task(scene.store->clients.purge_unused(kNow + hours(1), 10)); }

void update_client(Scene& scene) { run_task(scene.store->clients.update(a_client())); }

void mark_used(Scene& scene) { run_task(scene.store->clients.mark_used("shop", kNow)); }

void use_token(Scene& scene) {
  run_task(scene.store->initial_access_tokens.use(scene.token.selector, kNow));
}

void remove_token(Scene& scene) {
  run_task(scene.store->initial_access_tokens.remove(scene.token.selector));
}

std::vector<Verb> of_tokens() {
  return {
      {"InitialAccessTokens::add",
       {},
       [](Scene& s) {
         run_task(s.store->initial_access_tokens.add(an_initial_access_token(*s.random)));
       },
       {}},
      {"InitialAccessTokens::use", {}, use_token, use_token},
      {"InitialAccessTokens::remove", {}, remove_token, remove_token},
      {"OpaqueTokens::add",
       {},
       [](Scene& s) { run_task(s.store->opaque_tokens.add(an_opaque_token(*s.random))); },
       {}},
      {"Replays::remember",
       {},
       [](Scene& s) { run_task(s.store->replays.remember(a_digest(1), kNow, kNow)); },
       [](Scene& s) { run_task(s.store->replays.remember(a_digest(1), kNow + hours(9), kNow)); }},
  };
}

ServerKey a_waiting_key() {
  auto key = a_server_key("s2");
  key.active_from = kNow + hours(24);
  return key;
}

void replace_key(Scene& scene) {
  run_task(scene.store->server_keys.replace("s1", a_waiting_key(), kNow + hours(48)));
}

void activate_key(Scene& scene) {
  run_task(scene.store->server_keys.activate(a_waiting_key(), kNow, kNow + hours(1)));
}

void revoke_key(Scene& scene, std::string replacement) {
  const auto key = a_server_key(std::move(replacement));
  run_task(scene.store->server_keys.revoke("s1", key, true, kNow));
}

std::vector<Verb> of_operators() {
  return {
      {"Clients::add",
       {},
       [](Scene& s) { run_task(s.store->clients.add(a_client("bank"))); },
       [](Scene& s) { run_task(s.store->clients.add(a_client("bank"))); }},
      {"Clients::remove", approve, [](Scene& s) { run_task(s.store->clients.remove("shop")); },
       [](Scene& s) { run_task(s.store->clients.remove("shop")); }},
      {"ClientLogos::put",
       {},
       [](Scene& s) { run_task(s.store->client_logos.put(a_logo())); },
       [](Scene& s) { run_task(s.store->client_logos.put(a_logo("nobody"))); }},
      {"ClientLogos::remove", [](Scene& s) { run_task(s.store->client_logos.put(a_logo())); },
       [](Scene& s) { run_task(s.store->client_logos.remove("shop")); },
       [](Scene& s) { run_task(s.store->client_logos.remove("shop")); }},
      {"Clients::update", {}, update_client, update_client},
      {"Clients::mark_used", {}, mark_used, mark_used},
      {"Clients::purge_unused", [](Scene& s) { run_task(s.store->clients.add(a_stranger())); },
       purge, purge},
      {"Clients::rotate_secret",
       {},
       [](Scene& s) {
         run_task(s.store->clients.rotate_secret("shop", a_digest(9), "k", {1}, kNow));
       },
       [](Scene& s) {
         run_task(s.store->clients.rotate_secret("no", a_digest(9), "k", {1}, kNow));
       }},
      {"Clients::set_disabled",
       {},
       [](Scene& s) { run_task(s.store->clients.set_disabled("shop", true, kNow)); },
       [](Scene& s) { run_task(s.store->clients.set_disabled("nobody", true, kNow)); }},
      {"ServerKeys::rotate",
       {},
       [](Scene& s) { run_task(s.store->server_keys.rotate({a_server_key("s2")}, kNow)); },
       {}},
      {"ServerKeys::replace", {}, replace_key, replace_key},
      {"ServerKeys::activate", replace_key, activate_key, activate_key},
      {"ServerKeys::revoke",
       {},
       [](Scene& s) { revoke_key(s, "s2"); },
       [](Scene& s) { revoke_key(s, "s3"); }},
      {"ServerKeys::remove_retired",
       [](Scene& s) { run_task(s.store->server_keys.rotate({a_server_key("s2")}, kNow)); },
       [](Scene& s) { run_task(s.store->server_keys.remove_retired(kNow + hours(1))); },
       [](Scene& s) { run_task(s.store->server_keys.remove_retired(kNow + hours(1))); }},
      {"Throttles::count",
       {},
       [](Scene& s) { run_task(s.store->throttles.count(a_digest(1), kNow, kNow)); },
       {}},
      {"Throttles::clear",
       [](Scene& s) { run_task(s.store->throttles.count(a_digest(1), kNow, kNow)); },
       [](Scene& s) { run_task(s.store->throttles.clear(a_digest(1))); },
       [](Scene& s) { run_task(s.store->throttles.clear(a_digest(1))); }},
      {"Store::sweep",
       {},
       [](Scene& s) { run_task(s.store->sweep(kNow + hours(24 * 365), 500)); },
       [](Scene& s) { run_task(s.store->sweep(kNow + hours(24 * 365), 500)); }},
  };
}

void acquire(Scene& scene, std::uint8_t node) {
  run_task(scene.store->leases.acquire("sweep", a_node_id(node), kNow, kNow + seconds(15)));
}
void acquire_first(Scene& scene) { acquire(scene, 1); }
void acquire_second(Scene& scene) { acquire(scene, 2); }
void release(Scene& scene) { run_task(scene.store->leases.release("sweep", a_node_id(1), kNow)); }
void beat(Scene& scene) { run_task(scene.store->nodes.beat({a_node_id(1), "a", kNow, kNow, {}})); }
void leave(Scene& scene) { run_task(scene.store->nodes.leave(a_node_id(1))); }

std::vector<Verb> of_nodes() {
  return {
      {"Leases::acquire", {}, acquire_first, acquire_second},
      {"Leases::release", acquire_first, release, release},
      {"Nodes::beat", {}, beat, {}},
      {"Nodes::leave", beat, leave, leave},
  };
}

}  // namespace

void VerbScene::arrange() {
  run_task(store->clients.add(a_client()));
  run_task(store->users.add(a_user(), "alice", "alice@example.com"));
  session = a_session(*random);
  run_task(store->sessions.start(session, {}));
  transaction = a_transaction(*random);
  run_task(store->transactions.add(transaction));
  code = a_code(*random);
  code.session = session.id;
  run_task(store->codes.issue(an_answer(code)));
  redeem = a_redeem_plan(*random, code);
  device = a_device_code(*random);
  run_task(store->device_codes.add(device));
  token = an_initial_access_token(*random);
  run_task(store->initial_access_tokens.add(token));
  run_task(store->server_keys.rotate({a_server_key("s1")}, kNow));
}

const std::vector<Verb>& all_verbs() {
  static const auto verbs = [] {
    auto all = of_codes_and_grants();
    for (auto more : {of_device_codes(), of_people(), of_sessions(), of_requests(), of_tokens(),
                      of_operators(), of_nodes()}) {
      for (auto& verb : more) all.push_back(std::move(verb));
    }
    return all;
  }();
  return verbs;
}

}  // namespace claviger::test
