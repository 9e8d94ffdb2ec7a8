// Grants and their refresh tokens (RFC6749-6, RFC9700-4.14.2).
#include "store/grants.hpp"

#include "tests/support/store_fixture.hpp"

namespace claviger::test {
namespace {

using Rotation = store::Grants::Rotation;

class GrantsContract : public StoreTest {
 protected:
  RefreshFamily granted() {
    const Code code = a_code(random);
    run_task(store().codes.issue(code, Id(), false, kNow));
    const auto plan = a_redeem_plan(random, code);
    run_task(store().codes.redeem(plan));
    return *plan.family;
  }
  RefreshFamily found(const RefreshFamily& family) {
    return run_task(store().grants.find_family(family.id))->family;
  }
  void to_another_storage_epoch() {
    execute({"UPDATE refresh_families SET storage_epoch = storage_epoch + 1", {}});
  }
};
CLAVIGER_ON_EVERY_ENGINE(GrantsContract);

TEST_P(GrantsContract, rotation_moves_the_counter) {
  const auto family = granted();
  const auto plan = a_rotate_plan(family);
  EXPECT_EQ(run_task(store().grants.rotate(plan)), Rotation::rotated);
  const auto kept = found(family);
  EXPECT_EQ(kept.counter, 2);
  EXPECT_EQ(kept.rotated_at, plan.now);
  EXPECT_EQ(kept.mac_kid, "m2");
  EXPECT_EQ(kept.idle_expires_at, plan.idle_expires_at);
  EXPECT_EQ(kept.expires_at, family.expires_at);
}

TEST_P(GrantsContract, only_from_the_live_counter) {
  const auto family = granted();
  const auto plan = a_rotate_plan(family);
  run_task(store().grants.rotate(plan));
  EXPECT_EQ(run_task(store().grants.rotate(plan)), Rotation::lost);
  auto ahead = plan;
  ahead.from = 3;
  EXPECT_EQ(run_task(store().grants.rotate(ahead)), Rotation::lost);
  EXPECT_EQ(found(family).counter, 2);
}

TEST_P(GrantsContract, not_once_revoked_or_expired) {
  const auto revoked = granted();
  run_task(store().grants.revoke(revoked.grant, "operator", kNow));
  EXPECT_EQ(run_task(store().grants.rotate(a_rotate_plan(revoked))), Rotation::lost);

  const auto family = granted();
  auto idle = a_rotate_plan(family);
  idle.now = family.idle_expires_at;
  EXPECT_EQ(run_task(store().grants.rotate(idle)), Rotation::lost);
  EXPECT_EQ(run_task(store().grants.rotate(
                a_rotate_plan(a_redeem_plan(random, a_code(random)).family.value()))),
            Rotation::lost);
}

// After a restore the row may lag one behind: taken once, and of this storage epoch from then on.
TEST_P(GrantsContract, fast_forward_once_and_only_across_storage_epochs) {
  const auto family = granted();
  auto plan = a_rotate_plan(family);
  plan.from = 2;
  EXPECT_EQ(run_task(store().grants.fast_forward(plan)), Rotation::lost);
  to_another_storage_epoch();
  EXPECT_EQ(run_task(store().grants.fast_forward(plan)), Rotation::rotated);
  EXPECT_EQ(found(family).counter, 3);
  EXPECT_EQ(found(family).storage_epoch, store().storage_epoch());
  plan.from = 4;
  EXPECT_EQ(run_task(store().grants.fast_forward(plan)), Rotation::lost);
}

TEST_P(GrantsContract, fast_forward_by_one_step_only) {
  const auto family = granted();
  to_another_storage_epoch();
  auto plan = a_rotate_plan(family);
  plan.from = 3;
  EXPECT_EQ(run_task(store().grants.fast_forward(plan)), Rotation::lost);
  EXPECT_EQ(found(family).counter, 1);
}

TEST_P(GrantsContract, rotation_brings_a_family_into_this_storage_epoch) {
  const auto family = granted();
  to_another_storage_epoch();
  EXPECT_EQ(run_task(store().grants.rotate(a_rotate_plan(family))), Rotation::rotated);
  EXPECT_EQ(found(family).storage_epoch, store().storage_epoch());
}

TEST_P(GrantsContract, revoke_once) {
  const auto family = granted();
  EXPECT_TRUE(run_task(store().grants.revoke(family.grant, "refresh_reuse", kNow)));
  EXPECT_FALSE(run_task(store().grants.revoke(family.grant, "operator", kNow + seconds(1))));
  const auto grant = run_task(store().grants.find(family.grant));
  EXPECT_EQ(grant->revoked_at, kNow);
  EXPECT_EQ(grant->revoked_because, "refresh_reuse");
  EXPECT_FALSE(run_task(store().grants.revoke(Id::make(kNow, random), "operator", kNow)));
}

TEST_P(GrantsContract, revoke_all_of_a_client) {
  const auto first = granted();
  granted();
  run_task(store().grants.revoke(first.grant, "code_reuse", kNow));
  EXPECT_EQ(run_task(store().grants.revoke_all_of_client("bank", "operator", kNow)), 0u);
  EXPECT_EQ(run_task(store().grants.revoke_all_of_client("shop", "operator", kNow)), 1u);
  EXPECT_EQ(run_task(store().grants.find(first.grant))->revoked_because, "code_reuse");
}

TEST_P(GrantsContract, denied_tokens) {
  EXPECT_FALSE(run_task(store().grants.is_denied("j1")));
  run_task(store().grants.deny_token("j1", kNow + minutes(10)));
  run_task(store().grants.deny_token("j1", kNow + minutes(5)));
  EXPECT_TRUE(run_task(store().grants.is_denied("j1")));
  EXPECT_FALSE(run_task(store().grants.is_denied("j2")));
  EXPECT_EQ(count("SELECT expires_at FROM denied_tokens"), to_micros(kNow + minutes(10)));
}

}  // namespace
}  // namespace claviger::test
