// What was issued before the data was restored (T-15, T-40): one-time things are refused, whatever
// the process that redeems them believed when it read them.
#include "tests/support/store_fixture.hpp"

namespace claviger::test {
namespace {

using store::Codes;
using store::DeviceCodes;
using Remembered = store::Replays::Remembered;

class StorageEpochContract : public StoreTest {
 protected:
  StorageEpoch raise(Time at = kNow) { return run_task(store().storage_epochs.raise(at)); }
  Code issued() {
    const Code code = a_code(random);
    run_task(store().codes.issue(an_answer(code)));
    return code;
  }
  Transaction begun() {
    const auto transaction = a_transaction(random);
    run_task(store().transactions.add(transaction));
    return transaction;
  }
  DeviceCode waiting() {
    const auto code = a_device_code(random);
    run_task(store().device_codes.add(code));
    return code;
  }
  Codes::Issued finish(const Transaction& transaction) {
    return run_task(store().codes.issue(an_answer(a_code(random), transaction.id)));
  }
  Remembered remember(std::uint8_t number, Time usable_from) {
    return run_task(store().replays.remember(a_digest(number), kNow + hours(1), usable_from));
  }
  // As the release before this one leaves its rows.
  void forget_epochs() {
    execute({"UPDATE transactions SET storage_epoch = 0", {}});
    execute({"UPDATE initial_access_tokens SET storage_epoch = 0", {}});
  }
};
CLAVIGER_ON_EVERY_ENGINE(StorageEpochContract);

TEST_P(StorageEpochContract, is_raised_by_one_and_kept) {
  const auto before = run_task(store().storage_epochs.find());
  EXPECT_EQ(before.since, Time{});
  const auto raised = raise();
  EXPECT_EQ(raised.number, before.number + 1);
  EXPECT_EQ(raised.since, kNow);
  open();
  EXPECT_EQ(run_task(store().storage_epochs.find()).number, raised.number);
  EXPECT_EQ(store().storage_epoch(), raised.number);
}

// T-10: a file that was put in the place of another is taken for it only when somebody says so.
TEST_P(StorageEpochContract, accepting_forgets_which_file_it_was) {
  const auto named = "SELECT count(*) FROM store WHERE incarnation = 'another'";
  execute({"UPDATE store SET incarnation = 'another'", {}});
  raise();
  EXPECT_EQ(count(named), 1);
  const auto accepted = run_task(store().storage_epochs.accept(kNow));
  EXPECT_EQ(accepted.number, 3);
  EXPECT_EQ(count(named), store().driver().is_shared() ? 1 : 0);
}

TEST_P(StorageEpochContract, I1_T_40_a_code_of_before_is_refused) {
  const Code code = issued();
  EXPECT_FALSE(run_task(store().codes.find(code.selector))->of_another_epoch);
  raise();
  EXPECT_TRUE(run_task(store().codes.find(code.selector))->of_another_epoch);
  const auto plan = a_redeem_plan(random, code);
  EXPECT_TRUE(std::holds_alternative<Codes::Gone>(run_task(store().codes.redeem(plan))));
  EXPECT_FALSE(run_task(store().grants.find(plan.grant.id)));
  // One of after is not.
  const Code fresh = issued();
  const auto good = a_redeem_plan(random, fresh);
  EXPECT_TRUE(std::holds_alternative<Codes::Redeemed>(run_task(store().codes.redeem(good))));
  const auto family = run_task(store().grants.find_family(good.family->id));
  EXPECT_EQ(family->family.storage_epoch, family->epoch.number);
}

TEST_P(StorageEpochContract, I1_T_40_a_device_code_of_before_is_refused) {
  const auto approved = waiting();
  run_task(store().device_codes.approve(approved.selector, a_grant(random), kNow));
  auto unanswered = a_device_code(random, "WAITS");
  run_task(store().device_codes.add(unanswered));
  raise();
  EXPECT_TRUE(run_task(store().device_codes.find(approved.selector))->of_another_epoch);
  EXPECT_TRUE(std::holds_alternative<DeviceCodes::Gone>(
      run_task(store().device_codes.redeem(a_redeem_plan(random, approved)))));
  EXPECT_FALSE(run_task(store().device_codes.find_waiting(unanswered.user_code, kNow)));
  EXPECT_FALSE(run_task(store().device_codes.approve(unanswered.selector, a_grant(random), kNow)));
  EXPECT_FALSE(run_task(store().device_codes.deny(unanswered.selector, kNow)));
}

TEST_P(StorageEpochContract, I1_T_40_a_request_of_before_is_answered_by_nothing) {
  const auto transaction = begun();
  EXPECT_FALSE(run_task(store().transactions.find(transaction.id))->of_another_epoch);
  raise();
  EXPECT_TRUE(run_task(store().transactions.find(transaction.id))->of_another_epoch);
  EXPECT_EQ(finish(transaction), Codes::Issued::transaction_finished);
  EXPECT_EQ(count("SELECT count(*) FROM codes"), 0);
  auto& transactions = store().transactions;
  EXPECT_FALSE(run_task(transactions.approve(transaction.id, "alice-sub", true, kNow)));
  EXPECT_FALSE(run_task(transactions.account_chosen(transaction.id, kNow)));
  EXPECT_FALSE(run_task(transactions.finish(transaction.id, kNow)));
}

// How many uses are left is not known after a restore.
TEST_P(StorageEpochContract, I1_T_40_an_initial_access_token_of_before_is_refused) {
  const auto token = an_initial_access_token(random);
  run_task(store().initial_access_tokens.add(token));
  EXPECT_FALSE(run_task(store().initial_access_tokens.find(token.selector))->of_another_epoch);
  raise();
  EXPECT_TRUE(run_task(store().initial_access_tokens.find(token.selector))->of_another_epoch);
  EXPECT_FALSE(run_task(store().initial_access_tokens.use(token.selector, kNow)));
}

// I1: what was remembered of the last moments may be gone, so whoever could have come then is not
// believed to be the first.
TEST_P(StorageEpochContract, T_40_CA_06_an_assertion_of_before_is_refused) {
  EXPECT_EQ(remember(1, kNow), Remembered::first);
  raise(kNow + seconds(30));
  EXPECT_EQ(remember(2, kNow + seconds(30) - std::chrono::microseconds(1)),
            Remembered::other_epoch);
  EXPECT_EQ(count("SELECT count(*) FROM replays"), 1);
  EXPECT_EQ(remember(2, kNow + seconds(30)), Remembered::first);
  EXPECT_EQ(remember(2, kNow + seconds(30)), Remembered::seen_before);
}

// While an upgrade rolls through the nodes, those of the release before know of no such column.
TEST_P(StorageEpochContract, rows_of_the_release_before_are_told_by_their_age) {
  const auto transaction = begun();
  const auto token = an_initial_access_token(random);
  run_task(store().initial_access_tokens.add(token));
  forget_epochs();
  EXPECT_EQ(finish(transaction), Codes::Issued::issued);
  EXPECT_TRUE(run_task(store().initial_access_tokens.use(token.selector, kNow)));
  const auto older = begun();
  forget_epochs();
  raise(kNow + seconds(1));
  EXPECT_EQ(finish(older), Codes::Issued::transaction_finished);
  auto later = a_transaction(random, kNow + seconds(1));
  run_task(store().transactions.add(later));
  forget_epochs();
  EXPECT_EQ(finish(later), Codes::Issued::issued);
}

}  // namespace
}  // namespace claviger::test
