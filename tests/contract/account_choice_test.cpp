// prompt=select_account: asked until somebody chose, and no longer (OIDCC-3.1.2.1).
#include "store/transactions.hpp"
#include "tests/support/store_fixture.hpp"

namespace claviger::test {
namespace {

class AccountChoiceContract : public StoreTest {
 protected:
  Transaction added() {
    auto transaction = a_transaction(random);
    transaction.select_account = true;
    transaction.must_login = true;
    transaction.must_consent = true;
    run_task(store().transactions.add(transaction));
    return transaction;
  }
  bool choose(Id id, Time now = kNow) {
    return run_task(store().transactions.account_chosen(id, now));
  }
  bool asks(Id id) { return run_task(store().transactions.find(id))->select_account; }
};
CLAVIGER_ON_EVERY_ENGINE(AccountChoiceContract);

TEST_P(AccountChoiceContract, the_choice_is_kept_and_nothing_else_changes) {
  const auto chosen = added();
  const auto other = added();
  EXPECT_TRUE(choose(chosen.id));
  EXPECT_FALSE(asks(chosen.id));
  EXPECT_TRUE(asks(other.id));
  const auto kept = run_task(store().transactions.find(chosen.id));
  EXPECT_TRUE(kept->must_login);
  EXPECT_TRUE(kept->must_consent);
  EXPECT_EQ(kept->finished_at, std::nullopt);
  EXPECT_TRUE(choose(chosen.id)) << "a form that is sent twice";
}

TEST_P(AccountChoiceContract, a_finished_or_expired_request_takes_no_choice) {
  const auto finished = added();
  run_task(store().transactions.finish(finished.id, kNow));
  EXPECT_FALSE(choose(finished.id));
  EXPECT_TRUE(asks(finished.id));
  const auto expired = added();
  EXPECT_FALSE(choose(expired.id, expired.expires_at));
  EXPECT_TRUE(asks(expired.id));
  EXPECT_FALSE(choose(a_transaction(random).id));
}

}  // namespace
}  // namespace claviger::test
