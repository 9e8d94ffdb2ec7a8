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
    run_task(store().codes.issue(an_answer(code)));
    const auto plan = a_redeem_plan(random, code);
    run_task(store().codes.redeem(plan));
    return *plan.family;
  }
  RefreshFamily found(const RefreshFamily& family) {
    return run_task(store().grants.find_family(family.id))->family;
  }
  Id exchanged(const Id& parent) {
    const auto grant = an_exchanged_grant(random, parent);
    EXPECT_TRUE(run_task(store().grants.add(grant, kNow + hours(1))));
    return grant.id;
  }
  std::string because(const Id& grant) {
    return run_task(store().grants.find(grant))->revoked_because;
  }
  void to_another_storage_epoch() { run_task(store().storage_epochs.raise(kNow)); }
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
  EXPECT_EQ(found(family).storage_epoch, run_task(store().storage_epochs.find()).number);
  plan.from = 4;
  EXPECT_EQ(run_task(store().grants.fast_forward(plan)), Rotation::lost);
}

TEST_P(GrantsContract, T_40_fast_forward_for_a_day) {
  const auto family = granted();
  to_another_storage_epoch();
  auto plan = a_rotate_plan(family);
  plan.from = 2;
  plan.idle_expires_at = kNow + hours(48);
  execute({"UPDATE refresh_families SET idle_expires_at = expires_at", {}});
  plan.now = kNow + hours(24);
  EXPECT_EQ(run_task(store().grants.fast_forward(plan)), Rotation::lost);
  plan.now -= std::chrono::microseconds(1);
  EXPECT_EQ(run_task(store().grants.fast_forward(plan)), Rotation::rotated);
}

TEST_P(GrantsContract, a_family_comes_with_the_stores_epoch) {
  const auto family = granted();
  const auto before = run_task(store().grants.find_family(family.id));
  EXPECT_EQ(before->epoch.number, before->family.storage_epoch);
  EXPECT_EQ(before->epoch.since, Time{});
  to_another_storage_epoch();
  const auto after = run_task(store().grants.find_family(family.id));
  EXPECT_EQ(after->epoch.number, after->family.storage_epoch + 1);
  EXPECT_EQ(after->epoch.since, kNow);
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
  EXPECT_EQ(found(family).storage_epoch, run_task(store().storage_epochs.find()).number);
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

TEST_P(GrantsContract, revoke_what_was_used_since) {
  const auto used = granted();
  auto rotation = a_rotate_plan(used);
  rotation.now = kNow + minutes(5);
  run_task(store().grants.rotate(rotation));
  const auto unused = granted();
  EXPECT_EQ(run_task(store().grants.count_live_families(kNow + minutes(6))), 2);
  const Time since = kNow + minutes(5);
  EXPECT_EQ(run_task(store().grants.revoke_since(since, "restored", since)), 1u);
  EXPECT_EQ(because(used.grant), "restored");
  EXPECT_EQ(because(unused.grant), "");
  EXPECT_EQ(run_task(store().grants.count_live_families(kNow + minutes(6))), 1);
  EXPECT_EQ(run_task(store().grants.revoke_since(kNow, "restored", since)), 1u);
  EXPECT_EQ(run_task(store().grants.revoke_since(kNow, "restored", since)), 0u);
}

// The resources (RFC8707-2.1) and who acts (RFC8693-4.1) among them.
TEST_P(GrantsContract, add_keeps_every_field) {
  auto grant = an_exchanged_grant(random, granted().grant);
  grant.session_bound = true;
  EXPECT_TRUE(run_task(store().grants.add(grant, kNow + hours(1))));
  const auto kept = run_task(store().grants.find(grant.id));
  ASSERT_TRUE(kept);
  EXPECT_EQ(kept->client_id, "backend");
  EXPECT_EQ(kept->sub, "alice-sub");
  EXPECT_EQ(kept->session, grant.session);
  EXPECT_EQ(kept->scopes, grant.scopes);
  EXPECT_EQ(kept->resources, grant.resources);
  EXPECT_EQ(kept->claims, grant.claims);
  EXPECT_EQ(kept->auth_time, grant.auth_time);
  EXPECT_EQ(kept->acr, grant.acr);
  EXPECT_EQ(kept->amr, grant.amr);
  EXPECT_EQ(kept->epochs, grant.epochs);
  EXPECT_EQ(kept->type, GrantType::token_exchange);
  EXPECT_TRUE(kept->session_bound);
  EXPECT_EQ(kept->parent, grant.parent);
  EXPECT_EQ(kept->act, R"({"sub":"backend"})");
  EXPECT_EQ(kept->created_at, kNow);
  EXPECT_EQ(kept->revoked_at, std::nullopt);
}

TEST_P(GrantsContract, add_without_a_parent) {
  auto grant = a_grant(random);
  grant.type = GrantType::jwt_bearer;
  EXPECT_TRUE(run_task(store().grants.add(grant, kNow + hours(1))));
  EXPECT_EQ(run_task(store().grants.find(grant.id))->type, GrantType::jwt_bearer);
}

// TX-11: every generation of what was exchanged from it, and nothing beside it.
TEST_P(GrantsContract, TX_11_revocation_cascades) {
  const Id source = granted().grant;
  const Id other = granted().grant;
  const Id child = exchanged(source);
  const Id grandchild = exchanged(child);
  const Id sibling = exchanged(source);
  const Id cousin = exchanged(other);
  EXPECT_TRUE(run_task(store().grants.revoke(child, "operator", kNow)));
  EXPECT_EQ(because(source), "");
  EXPECT_EQ(because(sibling), "");
  EXPECT_EQ(because(grandchild), "operator");
  EXPECT_TRUE(run_task(store().grants.revoke(source, "code_reuse", kNow + seconds(1))));
  EXPECT_EQ(because(child), "operator");
  EXPECT_EQ(because(sibling), "code_reuse");
  EXPECT_EQ(because(cousin), "");
  EXPECT_EQ(run_task(store().grants.revoke_all_of_client("shop", "operator", kNow)), 1u);
  EXPECT_EQ(because(cousin), "operator");
}

TEST_P(GrantsContract, TX_11_nothing_is_exchanged_from_what_was_revoked) {
  const Id source = granted().grant;
  const Id child = exchanged(source);
  run_task(store().grants.revoke(source, "operator", kNow));
  for (const Id& parent : {source, child, Id()}) {
    const auto grant = an_exchanged_grant(random, parent);
    EXPECT_FALSE(run_task(store().grants.add(grant, kNow + hours(1))));
    EXPECT_FALSE(run_task(store().grants.find(grant.id)));
  }
}

// Swept away, the source could not be revoked any more, and its child would live on.
TEST_P(GrantsContract, TX_11_a_source_is_kept_for_as_long_as_what_came_of_it) {
  auto short_lived = a_grant(random);
  run_task(store().grants.add(short_lived, kNow + minutes(1)));
  const auto child = an_exchanged_grant(random, short_lived.id);
  run_task(store().grants.add(child, kNow + hours(1)));
  run_task(store().grants.add(an_exchanged_grant(random, child.id), kNow + hours(2)));
  run_task(store().sweep(kNow + hours(2), 100));
  EXPECT_EQ(count("SELECT count(*) FROM grants"), 3);
  run_task(store().sweep(kNow + hours(2) + seconds(1), 100));
  EXPECT_EQ(count("SELECT count(*) FROM grants"), 0);
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
