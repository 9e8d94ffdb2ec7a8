// The end of a session: what is bound to it dies in the same transaction, and its clients are put
// down to be told (OIDCBC-2.5), whichever verb ended it.
#include "tests/support/store_fixture.hpp"

namespace claviger::test {
namespace {

using Words = std::vector<std::string>;

class SessionEndContract : public StoreTest {
 protected:
  // A session in which `client` got a code that was redeemed.
  Session started(std::string sub = "alice-sub") {
    const auto session = a_session(random, std::move(sub));
    run_task(store().sessions.start(session, {}));
    return session;
  }
  Id granted(const Session& session, bool bound, std::string client = "shop") {
    Code code = a_code(random);
    code.session = session.id;
    code.sub = session.sub;
    code.client_id = std::move(client);
    run_task(store().codes.issue(an_answer(code)));
    auto plan = a_redeem_plan(random, code);
    plan.grant.session_bound = bound;
    run_task(store().codes.redeem(plan));
    return plan.grant.id;
  }
  Id exchanged(const Id& parent) {
    const auto grant = an_exchanged_grant(random, parent);
    EXPECT_TRUE(run_task(store().grants.add(grant, kNow + hours(1))));
    return grant.id;
  }
  Grant found(const Id& grant) { return run_task(store().grants.find(grant)).value(); }
  Words told(const Session& session) {
    Words clients;
    for (const auto& due : run_task(store().logouts.due(kNow + hours(1), 100))) {
      if (due.session == session.id) clients.push_back(due.client_id);
    }
    std::ranges::sort(clients);
    return clients;
  }
};
CLAVIGER_ON_EVERY_ENGINE(SessionEndContract);

TEST_P(SessionEndContract, joins_a_client_once) {
  const auto session = started();
  for (const auto* client : {"shop", "bank", "shop"}) granted(session, false, client);
  EXPECT_EQ(run_task(store().sessions.clients(session.id)), (Words{"bank", "shop"}));
  EXPECT_EQ(run_task(store().sessions.clients(Id())), Words{});
}

TEST_P(SessionEndContract, end_revokes_what_is_bound_and_what_came_of_it) {
  const auto session = started();
  const Id bound = granted(session, true);
  const Id child = exchanged(exchanged(bound));
  const Id offline = granted(session, false);
  const Id others = granted(started("bob-sub"), true);
  run_task(store().sessions.end(session.id, kNow));
  EXPECT_EQ(found(bound).revoked_at, kNow);
  EXPECT_EQ(found(bound).revoked_because, "session_ended");
  EXPECT_EQ(found(child).revoked_because, "session_ended");
  EXPECT_EQ(found(offline).revoked_at, std::nullopt);
  EXPECT_EQ(found(others).revoked_at, std::nullopt);
}

TEST_P(SessionEndContract, end_puts_every_client_down_to_be_told) {
  const auto session = started();
  for (const auto* client : {"shop", "bank"}) granted(session, false, client);
  const auto other = started("bob-sub");
  granted(other, false);
  run_task(store().sessions.end(session.id, kNow));
  EXPECT_EQ(told(session), (Words{"bank", "shop"}));
  EXPECT_EQ(told(other), Words{});
  const auto due = run_task(store().logouts.due(kNow, 1));
  ASSERT_EQ(due.size(), 1u);
  EXPECT_EQ(due[0].sub, "alice-sub");
  EXPECT_EQ(due[0].attempts, 0);
  EXPECT_EQ(due[0].ended_at, kNow);
}

TEST_P(SessionEndContract, nobody_is_told_twice) {
  const auto session = started();
  granted(session, false);
  run_task(store().sessions.end(session.id, kNow));
  run_task(store().logouts.done(session.id, "shop"));
  run_task(store().sessions.end(session.id, kNow));
  EXPECT_EQ(told(session), Words{});
}

// A logout after the expiry: the clients don't know that it expired.
TEST_P(SessionEndContract, of_an_expired_session_too) {
  const auto session = started();
  const Id bound = granted(session, true);
  EXPECT_FALSE(run_task(store().sessions.end(session.id, session.expires_at)));
  EXPECT_EQ(found(bound).revoked_at, session.expires_at);
  EXPECT_EQ(run_task(store().logouts.due(session.expires_at, 10)).size(), 1u);
}

TEST_P(SessionEndContract, by_another_sign_in) {
  const auto session = started();
  const Id bound = granted(session, true);
  run_task(store().sessions.start(a_session(random, "bob-sub", kNow + seconds(1)), session.id));
  EXPECT_EQ(found(bound).revoked_at, kNow + seconds(1));
  EXPECT_EQ(told(session), Words{"shop"});
}

// RM-09, and the same for a person who was disabled.
TEST_P(SessionEndContract, RM_09_by_a_change_of_the_person) {
  run_task(store().users.add(a_user(), "alice", "alice@example.com"));
  const auto end_by_password = [&] {
    run_task(store().users.set_password("alice-sub", "$argon2id$new", kNow));
  };
  const auto end_by_disabling = [&] {
    run_task(store().users.set_disabled("alice-sub", true, kNow));
  };
  for (const std::function<void()>& end :
       {std::function<void()>(end_by_password), {end_by_disabling}}) {
    const auto first = started();
    const auto second = started();
    const auto others = started("bob-sub");
    const Id bound = granted(first, true);
    const Id child = exchanged(granted(second, true, "bank"));
    const Id foreign = granted(others, true);
    end();
    EXPECT_TRUE(found(bound).revoked_at);
    EXPECT_TRUE(found(child).revoked_at);
    EXPECT_FALSE(found(foreign).revoked_at);
    EXPECT_EQ(told(first), Words{"shop"});
    EXPECT_EQ(told(second), Words{"bank"});
    EXPECT_EQ(told(others), Words{});
  }
}

TEST_P(SessionEndContract, a_logout_is_tried_again_later_and_oldest_first) {
  const auto session = started();
  for (const auto* client : {"shop", "bank"}) granted(session, false, client);
  run_task(store().sessions.end(session.id, kNow));
  auto due = run_task(store().logouts.due(kNow, 10));
  ASSERT_EQ(due.size(), 2u);
  EXPECT_TRUE(run_task(store().logouts.take(due[0], kNow + minutes(1))));
  EXPECT_FALSE(run_task(store().logouts.take(due[0], kNow + minutes(1))));
  EXPECT_EQ(run_task(store().logouts.due(kNow, 10)).size(), 1u);
  const auto later = run_task(store().logouts.due(kNow + minutes(1), 10));
  ASSERT_EQ(later.size(), 2u);
  EXPECT_EQ(later[0].client_id, due[1].client_id);
  EXPECT_EQ(later[1].client_id, due[0].client_id);
  EXPECT_EQ(later[1].attempts, 1);
  run_task(store().logouts.done(session.id, "shop"));
  EXPECT_EQ(told(session), Words{"bank"});
}

}  // namespace
}  // namespace claviger::test
