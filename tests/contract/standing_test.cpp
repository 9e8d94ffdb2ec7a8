// How everybody behind a code, a grant or a token stands, read in one statement.
#include "tests/support/store_fixture.hpp"

namespace claviger::test {
namespace {

class StandingContract : public StoreTest {
 protected:
  void SetUp() override {
    open();
    run_task(store().clients.add(a_client()));
    run_task(store().users.add(a_user(), "alice", "alice@example.com"));
    session = a_session(random);
    run_task(store().sessions.start(session, {}));
    code = a_code(random);
    code.session = session.id;
    run_task(store().codes.issue(an_answer(code)));
  }
  store::Standing standing() {
    return run_task(store().standings.find(code.sub, code.client_id, session.id));
  }

  Session session;
  Code code;
};
CLAVIGER_ON_EVERY_ENGINE(StandingContract);

TEST_P(StandingContract, is_the_same_whatever_it_is_read_with) {
  execute({"UPDATE users SET epoch = 7, claims = '{\"nickname\":\"al\"}'", {}});
  execute({"UPDATE clients SET epoch = 8, version = 3", {}});
  execute({"INSERT INTO consents (sub, client_id, epoch) VALUES ('alice-sub', 'shop', 9)", {}});
  run_task(store().sessions.end(session.id, kNow));
  const auto of_code = run_task(store().codes.find_with_standing(code.selector))->standing;
  const auto plan = a_redeem_plan(random, code);
  run_task(store().codes.redeem(plan));
  const auto of_family = run_task(store().grants.find_family(plan.family->id))->standing;
  const auto of_grant = run_task(store().grants.find_with_standing(plan.grant.id, "j"))->standing;
  for (const auto& now : {standing(), of_code, of_family, of_grant}) {
    ASSERT_TRUE(now.user && now.client);
    EXPECT_EQ(now.user->sub, "alice-sub");
    EXPECT_EQ(now.user->epoch, 7);
    EXPECT_EQ(now.user->claims.at("nickname"), "al");
    EXPECT_TRUE(now.user->password_hash.empty());
    EXPECT_EQ(now.client->client_id, "shop");
    EXPECT_EQ(now.client->epoch, 8);
    EXPECT_EQ(now.consent_epoch, 9);
    EXPECT_TRUE(now.session_ended);
  }
}

TEST_P(StandingContract, of_those_who_are_gone_is_nothing) {
  execute({"DELETE FROM users", {}});
  execute({"DELETE FROM sessions", {}});
  run_task(store().clients.remove("shop"));
  const auto now = standing();
  EXPECT_FALSE(now.user);
  EXPECT_FALSE(now.client);
  EXPECT_EQ(now.consent_epoch, 0);
  EXPECT_FALSE(now.session_ended);
}

// Expiry by time ends no grant: only who is signed out is.
TEST_P(StandingContract, a_session_that_expired_was_not_ended) {
  execute({"UPDATE sessions SET expires_at = 1, idle_expires_at = 1", {}});
  EXPECT_FALSE(standing().session_ended);
}

TEST_P(StandingContract, a_token_alone_has_its_client_and_its_denial) {
  const auto ask = [&](std::string client_id) {
    return run_task(store().standings.find_alone(std::move(client_id), "j1"));
  };
  EXPECT_FALSE(ask("shop").denied);
  run_task(store().grants.deny_token("j1", kNow + hours(1)));
  EXPECT_TRUE(ask("shop").denied);
  EXPECT_EQ(ask("shop").client->client_id, "shop");
  EXPECT_TRUE(ask("nobody").denied);
  EXPECT_FALSE(ask("nobody").client);
}

}  // namespace
}  // namespace claviger::test
