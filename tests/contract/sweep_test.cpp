// SQ-11: what is of no use any more goes, in bounded steps, and nothing else.
#include "tests/support/store_fixture.hpp"

namespace claviger::test {
namespace {

constexpr auto kDay = hours(24);

class SweepContract : public StoreTest {
 protected:
  std::size_t sweep(Time now, std::size_t limit = 500) {
    return run_task(store().sweep(now, limit));
  }
  store::RedeemPlan redeemed(bool with_family, bool session_bound = false) {
    const Code code = a_code(random);
    run_task(store().codes.issue(an_answer(code)));
    auto plan = a_redeem_plan(random, code);
    plan.grant.session_bound = session_bound;
    if (!with_family) plan.family.reset();
    run_task(store().codes.redeem(plan));
    session_ = code.session;
    return plan;
  }
  Id session_;
};
CLAVIGER_ON_EVERY_ENGINE(SweepContract);

TEST_P(SweepContract, CI_01_a_code_stays_a_day_to_recognise_its_replay) {
  const auto plan = redeemed(true);
  const Time expiry = kNow + seconds(60);
  EXPECT_EQ(sweep(expiry + kDay), 0u);
  EXPECT_TRUE(run_task(store().codes.find(plan.selector)));
  EXPECT_EQ(sweep(expiry + kDay + seconds(1)), 1u);
  EXPECT_FALSE(run_task(store().codes.find(plan.selector)));
  EXPECT_TRUE(run_task(store().grants.find(plan.grant.id)));
}

TEST_P(SweepContract, SQ_11_in_bounded_steps) {
  for (int i = 0; i < 5; ++i) run_task(store().codes.issue(an_answer(a_code(random))));
  const Time later = kNow + 2 * kDay;
  EXPECT_EQ(sweep(later, 2), 2u);
  EXPECT_EQ(sweep(later, 2), 2u);
  EXPECT_EQ(sweep(later, 2), 1u);
  EXPECT_EQ(sweep(later, 2), 0u);
}

TEST_P(SweepContract, transactions_go_an_hour_after_their_expiry) {
  const auto transaction = a_transaction(random);
  run_task(store().transactions.add(transaction));
  EXPECT_EQ(sweep(transaction.expires_at + hours(1)), 0u);
  EXPECT_EQ(sweep(transaction.expires_at + hours(1) + seconds(1)), 1u);
}

TEST_P(SweepContract, requests_to_sign_out_go_with_their_expiry) {
  const auto request = a_logout_request(random);
  run_task(store().logout_requests.add(request));
  EXPECT_EQ(sweep(request.expires_at), 0u);
  EXPECT_EQ(sweep(request.expires_at + seconds(1)), 1u);
}

TEST_P(SweepContract, a_grant_goes_with_its_family) {
  const auto plan = redeemed(true);
  const Time end = plan.family->expires_at;
  sweep(end);
  EXPECT_TRUE(run_task(store().grants.find_family(plan.family->id)));
  sweep(end + kDay + seconds(1));
  EXPECT_FALSE(run_task(store().grants.find_family(plan.family->id)));
  EXPECT_FALSE(run_task(store().grants.find(plan.grant.id)));
}

TEST_P(SweepContract, a_grant_without_family_outlives_its_access_token) {
  const auto plan = redeemed(false);
  sweep(plan.now + kDay);
  EXPECT_TRUE(run_task(store().grants.find(plan.grant.id)));
  sweep(plan.now + kDay + seconds(1));
  EXPECT_FALSE(run_task(store().grants.find(plan.grant.id)));
}

TEST_P(SweepContract, an_ended_session_stays_while_a_grant_is_bound_to_it) {
  const auto plan = redeemed(true, true);
  auto session = a_session(random);
  session.id = session_;
  run_task(store().sessions.start(session, {}));
  run_task(store().sessions.end(session.id, kNow));
  sweep(session.expires_at + 2 * kDay);
  EXPECT_TRUE(run_task(store().sessions.find(session.id)));
  sweep(plan.family->expires_at + 2 * kDay);
  EXPECT_FALSE(run_task(store().sessions.find(session.id)));
}

TEST_P(SweepContract, a_session_goes_a_day_after_its_expiry) {
  const auto session = a_session(random);
  run_task(store().sessions.start(session, {}));
  EXPECT_EQ(sweep(session.expires_at + kDay), 0u);
  EXPECT_EQ(sweep(session.expires_at + kDay + seconds(1)), 1u);
}

TEST_P(SweepContract, denied_tokens_and_throttles) {
  run_task(store().grants.deny_token("j1", kNow + minutes(10)));
  run_task(store().throttles.count(a_digest(1), kNow, kNow));
  EXPECT_EQ(sweep(kNow + minutes(10)), 0u);
  EXPECT_EQ(sweep(kNow + minutes(11)), 1u);
  EXPECT_FALSE(run_task(store().grants.is_denied("j1")));
  EXPECT_EQ(sweep(kNow + 7 * kDay), 0u);
  EXPECT_EQ(sweep(kNow + 7 * kDay + seconds(1)), 1u);
}

TEST_P(SweepContract, device_codes_go_an_hour_after_their_expiry) {
  const auto code = a_device_code(random);
  run_task(store().device_codes.add(code));
  EXPECT_EQ(sweep(code.expires_at + hours(1)), 0u);
  EXPECT_EQ(sweep(code.expires_at + hours(1) + seconds(1)), 1u);
  EXPECT_FALSE(run_task(store().device_codes.find(code.selector)));
}

TEST_P(SweepContract, CA_06_a_remembered_id_goes_when_its_assertion_is_over) {
  run_task(store().replays.remember(a_digest(1), kNow, kNow));
  EXPECT_EQ(sweep(kNow), 0u);
  EXPECT_EQ(sweep(kNow + seconds(1)), 1u);
  EXPECT_EQ(run_task(store().replays.remember(a_digest(1), kNow + hours(1), kNow)),
            store::Replays::Remembered::first);
}

TEST_P(SweepContract, opaque_tokens_go_with_their_expiry) {
  const auto token = an_opaque_token(random);
  run_task(store().opaque_tokens.add(token));
  EXPECT_EQ(sweep(token.claims.expires_at), 0u);
  EXPECT_EQ(sweep(token.claims.expires_at + seconds(1)), 1u);
}

TEST_P(SweepContract, clients_go_with_their_session_and_logouts_after_a_day) {
  const auto session = a_session(random);
  run_task(store().sessions.start(session, {}));
  Code code = a_code(random);
  code.session = session.id;
  run_task(store().codes.issue(an_answer(code)));
  run_task(store().sessions.end(session.id, session.expires_at));
  EXPECT_EQ(count("SELECT count(*) FROM logouts"), 1);
  sweep(session.expires_at + kDay);
  EXPECT_EQ(count("SELECT count(*) FROM logouts"), 1);
  EXPECT_EQ(count("SELECT count(*) FROM session_clients"), 1);
  sweep(session.expires_at + kDay + seconds(1));
  EXPECT_EQ(count("SELECT count(*) FROM logouts"), 0);
  EXPECT_EQ(count("SELECT count(*) FROM session_clients"), 0);
  EXPECT_EQ(count("SELECT count(*) FROM sessions"), 0);
}

TEST_P(SweepContract, initial_access_tokens_stay_a_month_to_be_looked_at) {
  const auto expired = an_initial_access_token(random);
  auto used_up = an_initial_access_token(random);
  used_up.expires_at = kNow + 365 * kDay;
  auto usable = used_up;
  usable.selector = Id::make(kNow, random);
  for (const auto& token : {expired, used_up, usable}) {
    run_task(store().initial_access_tokens.add(token));
  }
  run_task(store().initial_access_tokens.use(used_up.selector, kNow));
  EXPECT_EQ(sweep(kNow + 30 * kDay), 0u);
  EXPECT_EQ(sweep(kNow + 30 * kDay + seconds(1)), 1u);
  EXPECT_FALSE(run_task(store().initial_access_tokens.find(used_up.selector)));
  EXPECT_EQ(sweep(expired.expires_at + 30 * kDay + seconds(1)), 1u);
  EXPECT_TRUE(run_task(store().initial_access_tokens.find(usable.selector)));
}

}  // namespace
}  // namespace claviger::test
