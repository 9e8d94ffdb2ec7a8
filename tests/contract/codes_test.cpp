// Codes: issued once, redeemed once (RFC6749-4.1.2, RFC9700-2.1.1).
#include "store/codes.hpp"

#include "tests/support/store_fixture.hpp"

namespace claviger::test {
namespace {

using store::Codes;

class CodesContract : public StoreTest {
 protected:
  Code issued() {
    const Code code = a_code(random);
    EXPECT_EQ(run_task(store().codes.issue(an_answer(code))), Codes::Issued::issued);
    return code;
  }
  Codes::Redemption redeem(const store::RedeemPlan& plan) {
    return run_task(store().codes.redeem(plan));
  }
};
CLAVIGER_ON_EVERY_ENGINE(CodesContract);

TEST_P(CodesContract, issue_keeps_every_field) {
  const Code code = issued();
  const auto found = run_task(store().codes.find(code.selector));
  ASSERT_TRUE(found);
  EXPECT_EQ(found->verifier_hash, code.verifier_hash);
  EXPECT_EQ(found->client_id, "shop");
  EXPECT_EQ(found->sub, "alice-sub");
  EXPECT_EQ(found->session, code.session);
  EXPECT_EQ(found->redirect_uri, code.redirect_uri);
  EXPECT_TRUE(found->redirect_uri_sent);
  EXPECT_EQ(found->scopes, code.scopes);
  EXPECT_EQ(found->nonce, "n-1");
  EXPECT_EQ(found->code_challenge, std::nullopt);
  EXPECT_EQ(found->auth_time, code.auth_time);
  EXPECT_EQ(found->resources, code.resources);
  EXPECT_EQ(found->claims, code.claims);
  EXPECT_EQ(found->acr, "urn:example:password");
  EXPECT_EQ(found->amr, code.amr);
  EXPECT_EQ(found->epochs, (Epochs{1, 2, 3}));
  EXPECT_EQ(found->issued_at, code.issued_at);
  EXPECT_EQ(found->expires_at, code.expires_at);
  EXPECT_EQ(found->failures, 0);
  EXPECT_EQ(found->redeemed_at, std::nullopt);
  EXPECT_EQ(found->grant, std::nullopt);
  EXPECT_EQ(found->storage_epoch, store().storage_epoch());
}

TEST_P(CodesContract, unknown_selector_is_not_found) {
  EXPECT_FALSE(run_task(store().codes.find(Id::make(kNow, random))));
}

TEST_P(CodesContract, issue_finishes_its_transaction) {
  const auto transaction = a_transaction(random);
  run_task(store().transactions.add(transaction));
  const Code code = a_code(random);
  EXPECT_EQ(run_task(store().codes.issue(an_answer(code, transaction.id, kNow + seconds(3)))),
            Codes::Issued::issued);
  EXPECT_TRUE(run_task(store().codes.find(code.selector)));
  EXPECT_EQ(run_task(store().transactions.find(transaction.id))->finished_at, kNow + seconds(3));
}

TEST_P(CodesContract, a_transaction_yields_one_code) {
  const auto transaction = a_transaction(random);
  run_task(store().transactions.add(transaction));
  run_task(store().codes.issue(an_answer(a_code(random), transaction.id, kNow)));
  const Code second = a_code(random);
  EXPECT_EQ(run_task(store().codes.issue(an_answer(second, transaction.id, kNow))),
            Codes::Issued::transaction_finished);
  EXPECT_FALSE(run_task(store().codes.find(second.selector)));
}

TEST_P(CodesContract, an_expired_transaction_yields_none) {
  const auto transaction = a_transaction(random);
  run_task(store().transactions.add(transaction));
  const Code code = a_code(random);
  EXPECT_EQ(run_task(store().codes.issue(an_answer(code, transaction.id, transaction.expires_at))),
            Codes::Issued::transaction_finished);
  EXPECT_FALSE(run_task(store().codes.find(code.selector)));
}

// OIDCC-3.2.2.5: an access token of the front channel has a grant behind it, with a code or
// without.
TEST_P(CodesContract, issue_writes_the_grant_of_the_front_channel) {
  const auto transaction = a_transaction(random);
  run_task(store().transactions.add(transaction));
  auto hybrid = an_answer(a_code(random), transaction.id);
  hybrid.grant = a_grant(random);
  auto implicit = an_answer(a_code(random));
  implicit.code.reset();
  implicit.grant = a_grant(random);
  for (const auto& plan : {hybrid, implicit}) {
    EXPECT_EQ(run_task(store().codes.issue(plan)), Codes::Issued::issued);
    const auto kept = run_task(store().grants.find(plan.grant->id));
    ASSERT_TRUE(kept);
    EXPECT_EQ(kept->type, GrantType::implicit);
    EXPECT_EQ(kept->claims, plan.grant->claims);
    EXPECT_EQ(kept->epochs, plan.grant->epochs);
    EXPECT_EQ(run_task(store().sessions.clients(plan.session)), std::vector<std::string>{"shop"});
  }
  EXPECT_EQ(count("SELECT count(*) FROM codes"), 1);
}

TEST_P(CodesContract, a_finished_transaction_yields_nothing_at_all) {
  const auto transaction = a_transaction(random);
  run_task(store().transactions.add(transaction));
  run_task(store().transactions.finish(transaction.id, kNow));
  auto plan = an_answer(a_code(random), transaction.id);
  plan.grant = a_grant(random);
  EXPECT_EQ(run_task(store().codes.issue(plan)), Codes::Issued::transaction_finished);
  for (const auto* query : {"SELECT count(*) FROM codes", "SELECT count(*) FROM grants",
                            "SELECT count(*) FROM session_clients"}) {
    EXPECT_EQ(count(query), 0) << query;
  }
}

TEST_P(CodesContract, redeem_makes_grant_and_family) {
  const Code code = issued();
  auto plan = a_redeem_plan(random, code);
  plan.grant.session_bound = true;
  const auto redemption = redeem(plan);
  const auto* redeemed = std::get_if<Codes::Redeemed>(&redemption);
  ASSERT_TRUE(redeemed);
  EXPECT_EQ(redeemed->grant.id, plan.grant.id);
  EXPECT_EQ(redeemed->grant.scopes, code.scopes);
  EXPECT_EQ(redeemed->grant.epochs, code.epochs);
  EXPECT_EQ(redeemed->grant.claims, code.claims);
  EXPECT_EQ(redeemed->grant.session, code.session);

  const auto kept = run_task(store().grants.find_family(plan.family->id));
  ASSERT_TRUE(kept);
  EXPECT_EQ(kept->family.counter, 1);
  EXPECT_EQ(kept->family.grant, plan.grant.id);
  EXPECT_EQ(kept->family.mac_kid, "m1");
  EXPECT_EQ(kept->family.storage_epoch, store().storage_epoch());
  EXPECT_EQ(kept->family.expires_at, plan.family->expires_at);
  EXPECT_EQ(kept->grant.client_id, "shop");
  EXPECT_EQ(kept->grant.sub, "alice-sub");
  EXPECT_EQ(kept->grant.session, code.session);
  EXPECT_TRUE(kept->grant.session_bound);
  EXPECT_EQ(kept->grant.auth_time, code.auth_time);
  EXPECT_EQ(kept->grant.epochs, code.epochs);
  EXPECT_EQ(kept->grant.created_at, plan.now);
  EXPECT_EQ(kept->grant.type, GrantType::authorization_code);
  EXPECT_EQ(kept->grant.resources, code.resources);
  EXPECT_EQ(kept->grant.claims, code.claims);
  EXPECT_EQ(kept->grant.acr, code.acr);
  EXPECT_EQ(kept->grant.amr, code.amr);
  EXPECT_EQ(kept->grant.parent, std::nullopt);
  EXPECT_EQ(kept->grant.act, "");
  EXPECT_EQ(kept->grant.revoked_at, std::nullopt);
}

TEST_P(CodesContract, redeem_without_a_refresh_token) {
  auto plan = a_redeem_plan(random, issued());
  const Id family = plan.family->id;
  plan.family.reset();
  EXPECT_TRUE(std::holds_alternative<Codes::Redeemed>(redeem(plan)));
  EXPECT_TRUE(run_task(store().grants.find(plan.grant.id)));
  EXPECT_FALSE(run_task(store().grants.find_family(family)));
}

// CI-01: the second is told, and to which grant the first one led.
TEST_P(CodesContract, CI_01_second_redemption_names_the_grant) {
  const Code code = issued();
  const auto first = a_redeem_plan(random, code);
  redeem(first);
  const auto second = a_redeem_plan(random, code);
  const auto redemption = redeem(second);
  const auto* already = std::get_if<Codes::AlreadyRedeemed>(&redemption);
  ASSERT_TRUE(already);
  EXPECT_EQ(already->grant, first.grant.id);
  EXPECT_EQ(already->redeemed_at, first.now);
  EXPECT_FALSE(run_task(store().grants.find(second.grant.id)));
  EXPECT_FALSE(run_task(store().grants.find_family(second.family->id)));
}

TEST_P(CodesContract, an_expired_code_is_gone) {
  auto plan = a_redeem_plan(random, issued());
  plan.now = kNow + seconds(60);
  EXPECT_TRUE(std::holds_alternative<Codes::Gone>(redeem(plan)));
  EXPECT_FALSE(run_task(store().grants.find(plan.grant.id)));
}

TEST_P(CodesContract, an_unknown_code_is_gone) {
  EXPECT_TRUE(std::holds_alternative<Codes::Gone>(redeem(a_redeem_plan(random, a_code(random)))));
}

TEST_P(CodesContract, a_code_of_another_storage_epoch_is_gone) {
  const auto plan = a_redeem_plan(random, issued());
  execute({"UPDATE codes SET storage_epoch = storage_epoch + 1", {}});
  EXPECT_TRUE(std::holds_alternative<Codes::Gone>(redeem(plan)));
}

// CI-02: a few wrong presentations burn the code.
TEST_P(CodesContract, CI_02_failures_are_counted_and_burn) {
  const Code code = issued();
  for (int i = 1; i < store::kMaxCodeFailures; ++i) {
    run_task(store().codes.count_failure(code.selector, kNow));
    const auto found = run_task(store().codes.find(code.selector));
    EXPECT_EQ(found->failures, i);
    EXPECT_FALSE(found->redeemed_at);
  }
  run_task(store().codes.count_failure(code.selector, kNow + seconds(1)));
  EXPECT_EQ(run_task(store().codes.find(code.selector))->redeemed_at, kNow + seconds(1));
  const auto redemption = redeem(a_redeem_plan(random, code));
  const auto* already = std::get_if<Codes::AlreadyRedeemed>(&redemption);
  ASSERT_TRUE(already);
  EXPECT_EQ(already->grant, std::nullopt);
}

TEST_P(CodesContract, a_failure_after_redemption_changes_nothing) {
  const Code code = issued();
  const auto plan = a_redeem_plan(random, code);
  redeem(plan);
  run_task(store().codes.count_failure(code.selector, kNow + seconds(9)));
  const auto found = run_task(store().codes.find(code.selector));
  EXPECT_EQ(found->failures, 0);
  EXPECT_EQ(found->redeemed_at, plan.now);
}

// CI-05: nobody can redeem it any more.
TEST_P(CodesContract, CI_05_burned_is_final) {
  const Code code = issued();
  run_task(store().codes.burn(code.selector, kNow));
  EXPECT_TRUE(std::holds_alternative<Codes::AlreadyRedeemed>(redeem(a_redeem_plan(random, code))));
  EXPECT_EQ(count("SELECT count(*) FROM grants"), 0);
}

TEST_P(CodesContract, burning_leaves_a_redeemed_code_as_it_is) {
  const Code code = issued();
  const auto plan = a_redeem_plan(random, code);
  redeem(plan);
  run_task(store().codes.burn(code.selector, kNow + seconds(9)));
  EXPECT_EQ(run_task(store().codes.find(code.selector))->grant, plan.grant.id);
}

}  // namespace
}  // namespace claviger::test
