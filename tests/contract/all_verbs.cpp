#include "tests/support/store_verbs.hpp"

namespace claviger::test {
namespace {

using Scene = VerbScene;

const std::string kAlice = "alice-sub";

void redeem(Scene& scene) {
  // A plan of its own each time: the loser would have made another grant.
  run_task(scene.store->codes.redeem(a_redeem_plan(*scene.random, scene.code)));
}

void issue(Scene& scene) {
  run_task(scene.store->codes.issue(a_code(*scene.random), scene.transaction.id, true, kNow));
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
  store::sql::Operation operation;
  operation.push_back({"UPDATE refresh_families SET storage_epoch = storage_epoch + 1", {}});
  run_task(scene.store->driver().commit(std::move(operation)));
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
      {"Grants::revoke", first_redeem,
       [](Scene& s) { run_task(s.store->grants.revoke(s.redeem.grant.id, "operator", kNow)); },
       [](Scene& s) { run_task(s.store->grants.revoke(s.redeem.grant.id, "operator", kNow)); }},
      {"Grants::revoke_all_of_client", first_redeem,
       [](Scene& s) { run_task(s.store->grants.revoke_all_of_client("shop", "operator", kNow)); },
       [](Scene& s) { run_task(s.store->grants.revoke_all_of_client("shop", "operator", kNow)); }},
      {"Grants::deny_token",
       {},
       [](Scene& s) { run_task(s.store->grants.deny_token("j1", kNow)); },
       [](Scene& s) { run_task(s.store->grants.deny_token("j1", kNow)); }},
  };
}

std::vector<Verb> of_people() {
  return {
      {"Users::add",
       {},
       [](Scene& s) { run_task(s.store->users.add(a_user("bob-sub", "bob"), "bob", "bob@b")); },
       [](Scene& s) { run_task(s.store->users.add(a_user("bob-sub", "bob"), "bob", "bob@b")); }},
      {"Users::set_password",
       {},
       [](Scene& s) { run_task(s.store->users.set_password(kAlice, "$argon2id$new", kNow)); },
       [](Scene& s) { run_task(s.store->users.set_password("nobody", "$argon2id$new", kNow)); }},
      {"Users::rehash",
       {},
       [](Scene& s) { run_task(s.store->users.rehash(kAlice, "$argon2id$old", "$argon2id$n")); },
       [](Scene& s) { run_task(s.store->users.rehash(kAlice, "$argon2id$old", "$argon2id$n")); }},
      {"Users::set_disabled",
       {},
       [](Scene& s) { run_task(s.store->users.set_disabled(kAlice, true, kNow)); },
       [](Scene& s) { run_task(s.store->users.set_disabled("nobody", true, kNow)); }},
      {"Sessions::start",
       {},
       [](Scene& s) {
         run_task(s.store->sessions.start(a_session(*s.random, "bob-sub"), s.session.id));
       },
       {}},
      {"Sessions::reauthenticate",
       {},
       [](Scene& s) {
         run_task(s.store->sessions.reauthenticate(s.session.id, a_digest(9), kNow, kNow));
       },
       [](Scene& s) {
         run_task(s.store->sessions.reauthenticate(s.session.id, a_digest(9), kNow, kNow));
       }},
      {"Sessions::touch",
       {},
       [](Scene& s) { run_task(s.store->sessions.touch(s.session.id, kNow + hours(1))); },
       [](Scene& s) { run_task(s.store->sessions.touch(s.session.id, kNow + hours(1))); }},
      {"Sessions::end",
       {},
       [](Scene& s) { run_task(s.store->sessions.end(s.session.id, kNow)); },
       [](Scene& s) { run_task(s.store->sessions.end(s.session.id, kNow)); }},
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
      {"Transactions::finish", {}, finish, finish},
      {"Consents::withdraw", approve,
       [](Scene& s) { run_task(s.store->consents.withdraw(kAlice, "shop", kNow)); },
       [](Scene& s) { run_task(s.store->consents.withdraw(kAlice, "bank", kNow)); }},
  };
}

std::vector<Verb> of_operators() {
  return {
      {"Clients::add",
       {},
       [](Scene& s) { run_task(s.store->clients.add(a_client("bank"))); },
       [](Scene& s) { run_task(s.store->clients.add(a_client("bank"))); }},
      {"Clients::remove", approve, [](Scene& s) { run_task(s.store->clients.remove("shop")); },
       [](Scene& s) { run_task(s.store->clients.remove("shop")); }},
      {"Clients::rotate_secret",
       {},
       [](Scene& s) { run_task(s.store->clients.rotate_secret("shop", a_digest(9), "k", kNow)); },
       [](Scene& s) { run_task(s.store->clients.rotate_secret("no", a_digest(9), "k", kNow)); }},
      {"Clients::set_disabled",
       {},
       [](Scene& s) { run_task(s.store->clients.set_disabled("shop", true, kNow)); },
       [](Scene& s) { run_task(s.store->clients.set_disabled("nobody", true, kNow)); }},
      {"ServerKeys::rotate",
       {},
       [](Scene& s) { run_task(s.store->server_keys.rotate({a_server_key("s2")}, kNow)); },
       {}},
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

}  // namespace

void VerbScene::arrange() {
  run_task(store->clients.add(a_client()));
  run_task(store->users.add(a_user(), "alice", "alice@example.com"));
  session = a_session(*random);
  run_task(store->sessions.start(session, {}));
  transaction = a_transaction(*random);
  run_task(store->transactions.add(transaction));
  code = a_code(*random);
  run_task(store->codes.issue(code, Id(), false, kNow));
  redeem = a_redeem_plan(*random, code);
  run_task(store->server_keys.rotate({a_server_key("s1")}, kNow));
}

const std::vector<Verb>& all_verbs() {
  static const auto verbs = [] {
    auto all = of_codes_and_grants();
    for (auto& verb : of_people()) all.push_back(std::move(verb));
    for (auto& verb : of_operators()) all.push_back(std::move(verb));
    return all;
  }();
  return verbs;
}

}  // namespace claviger::test
