// Device codes: answered once, redeemed once (RFC8628-3).
#include "store/device_codes.hpp"

#include "tests/support/store_fixture.hpp"

namespace claviger::test {
namespace {

using store::DeviceCodes;
using Polled = DeviceCodes::Polled;

class DeviceCodesContract : public StoreTest {
 protected:
  DeviceCode added(std::string user_code = "BCDFGHJK") {
    const auto code = a_device_code(random, std::move(user_code));
    EXPECT_EQ(run_task(store().device_codes.add(code)), DeviceCodes::Added::added);
    return code;
  }
  DeviceCode found(const DeviceCode& code) {
    return run_task(store().device_codes.find(code.selector)).value();
  }
  bool is_waiting(Time now = kNow) {
    return run_task(store().device_codes.find_waiting("BCDFGHJK", now)).has_value();
  }
  Authorized alice() {
    Authorized by = a_code(random);
    by.client_id = "somebody else";
    by.scopes = {"everything"};
    return by;
  }
  bool approve(const DeviceCode& code, Time now = kNow) {
    return run_task(store().device_codes.approve(code.selector, alice(), now));
  }
  bool redeem(const store::DeviceRedeemPlan& plan) {
    const auto redemption = run_task(store().device_codes.redeem(plan));
    return std::holds_alternative<DeviceCodes::Redeemed>(redemption);
  }
  Polled poll(const DeviceCode& code, Time now) {
    return run_task(store().device_codes.poll(code.selector, now));
  }
};
CLAVIGER_ON_EVERY_ENGINE(DeviceCodesContract);

// What the device was told (RFC8628-3.2), and what the person will be.
TEST_P(DeviceCodesContract, add_keeps_every_field) {
  const auto code = added();
  const auto kept = found(code);
  EXPECT_EQ(kept.verifier_hash, code.verifier_hash);
  EXPECT_EQ(kept.user_code, "BCDFGHJK");
  EXPECT_EQ(kept.client_id, "tv");
  EXPECT_EQ(kept.scopes, code.scopes);
  EXPECT_EQ(kept.resources, code.resources);
  EXPECT_EQ(kept.requester, "192.0.2.7");
  EXPECT_EQ(kept.interval, seconds(5));
  EXPECT_EQ(kept.issued_at, code.issued_at);
  EXPECT_EQ(kept.expires_at, code.expires_at);
  EXPECT_EQ(kept.last_polled_at, std::nullopt);
  EXPECT_FALSE(kept.approved);
  EXPECT_EQ(kept.denied_at, std::nullopt);
  EXPECT_EQ(kept.redeemed_at, std::nullopt);
  EXPECT_EQ(kept.storage_epoch, store().storage_epoch());
  EXPECT_FALSE(run_task(store().device_codes.find(Id())));
}

TEST_P(DeviceCodesContract, a_user_code_is_taken_once) {
  added();
  const auto other = a_device_code(random);
  EXPECT_EQ(run_task(store().device_codes.add(other)), DeviceCodes::Added::exists);
  EXPECT_FALSE(run_task(store().device_codes.find(other.selector)));
}

TEST_P(DeviceCodesContract, waits_until_answered_or_expired) {
  const auto code = added();
  EXPECT_TRUE(is_waiting());
  EXPECT_FALSE(is_waiting(code.expires_at));
  EXPECT_FALSE(run_task(store().device_codes.find_waiting("ZZZZZZZZ", kNow)));
  approve(code);
  EXPECT_FALSE(is_waiting());
}

TEST_P(DeviceCodesContract, denied_is_final) {
  const auto code = added();
  EXPECT_TRUE(run_task(store().device_codes.deny(code.selector, kNow)));
  EXPECT_EQ(found(code).denied_at, kNow);
  EXPECT_FALSE(is_waiting());
  EXPECT_FALSE(approve(code));
  EXPECT_FALSE(found(code).approved);
  EXPECT_FALSE(redeem(a_redeem_plan(random, code)));
}

// What is allowed stands in the row; of whoever approves counts who it is.
TEST_P(DeviceCodesContract, approval_keeps_who_and_how) {
  const auto code = added();
  EXPECT_TRUE(approve(code));
  const auto approved = found(code).approved;
  ASSERT_TRUE(approved);
  EXPECT_EQ(approved->sub, "alice-sub");
  EXPECT_EQ(approved->client_id, "tv");
  EXPECT_EQ(approved->scopes, code.scopes);
  EXPECT_EQ(approved->resources, code.resources);
  EXPECT_EQ(approved->acr, "urn:example:password");
  EXPECT_EQ(approved->amr, (std::vector<std::string>{"pwd"}));
  EXPECT_EQ(approved->auth_time, kNow - seconds(5));
  EXPECT_EQ(approved->epochs, (Epochs{1, 2, 3}));
}

TEST_P(DeviceCodesContract, an_expired_code_takes_no_answer) {
  const auto code = added();
  EXPECT_FALSE(approve(code, code.expires_at));
  EXPECT_FALSE(run_task(store().device_codes.deny(code.selector, code.expires_at)));
  EXPECT_FALSE(found(code).approved);
  EXPECT_EQ(count("SELECT count(*) FROM consents"), 0);
}

TEST_P(DeviceCodesContract, an_approval_can_be_withdrawn) {
  approve(added());
  EXPECT_FALSE(run_task(store().consents.find("alice-sub", "tv")));
  EXPECT_TRUE(run_task(store().consents.withdraw("alice-sub", "tv", kNow)));
  EXPECT_EQ(run_task(store().consents.epoch("alice-sub", "tv")), 1);
}

TEST_P(DeviceCodesContract, redeem_makes_grant_and_family) {
  const auto code = added();
  approve(code);
  const auto approved = found(code).approved.value();
  const auto plan = a_redeem_plan(random, code);
  const auto redemption = run_task(store().device_codes.redeem(plan));
  const auto* redeemed = std::get_if<DeviceCodes::Redeemed>(&redemption);
  ASSERT_TRUE(redeemed);
  const auto kept = run_task(store().grants.find_family(plan.family->id));
  ASSERT_TRUE(kept);
  for (const auto& grant : {redeemed->grant, kept->grant}) {
    EXPECT_EQ(grant.id, plan.grant.id);
    EXPECT_EQ(grant.type, GrantType::device_code);
    EXPECT_EQ(grant.client_id, "tv");
    EXPECT_EQ(grant.sub, "alice-sub");
    EXPECT_EQ(grant.session, approved.session);
    EXPECT_EQ(grant.scopes, code.scopes);
    EXPECT_EQ(grant.resources, code.resources);
    EXPECT_EQ(grant.acr, "urn:example:password");
    EXPECT_EQ(grant.epochs, (Epochs{1, 2, 3}));
    EXPECT_EQ(grant.created_at, plan.now);
  }
  EXPECT_EQ(found(code).redeemed_at, plan.now);
  EXPECT_EQ(run_task(store().sessions.clients(approved.session)), std::vector<std::string>{"tv"});
}

TEST_P(DeviceCodesContract, redeemed_once_and_only_when_approved) {
  const auto code = added();
  EXPECT_FALSE(redeem(a_redeem_plan(random, code)));
  approve(code);
  EXPECT_TRUE(redeem(a_redeem_plan(random, code)));
  EXPECT_FALSE(redeem(a_redeem_plan(random, code)));
  EXPECT_EQ(count("SELECT count(*) FROM grants"), 1);
}

// DV-07, and what a restore of an old backup would bring back.
TEST_P(DeviceCodesContract, DV_07_not_expired_nor_of_another_storage_epoch) {
  const auto expired = added();
  approve(expired);
  auto late = a_redeem_plan(random, expired);
  late.now = expired.expires_at;
  EXPECT_FALSE(redeem(late));
  const auto restored = added("RESTORED");
  approve(restored);
  execute({"UPDATE device_codes SET storage_epoch = storage_epoch + 1", {}});
  EXPECT_FALSE(redeem(a_redeem_plan(random, restored)));
  EXPECT_EQ(count("SELECT count(*) FROM grants"), 0);
}

// DV-03 (RFC8628-3.5): five seconds more for each time it came too early.
TEST_P(DeviceCodesContract, DV_03_too_early_makes_the_interval_longer) {
  const auto code = added();
  EXPECT_EQ(poll(code, kNow), Polled::noted);
  EXPECT_EQ(found(code).last_polled_at, kNow);
  EXPECT_EQ(poll(code, kNow + seconds(5)), Polled::noted);
  EXPECT_EQ(poll(code, kNow + seconds(9)), Polled::slow_down);
  EXPECT_EQ(found(code).interval, seconds(10));
  EXPECT_EQ(poll(code, kNow + seconds(18)), Polled::slow_down);
  EXPECT_EQ(found(code).interval, seconds(15));
  EXPECT_EQ(poll(code, kNow + seconds(33)), Polled::noted);
  EXPECT_EQ(found(code).interval, seconds(15));
}

TEST_P(DeviceCodesContract, DV_03_the_interval_grows_to_a_minute_at_most) {
  const auto code = added();
  for (int i = 0; i < 30; ++i) poll(code, kNow);
  EXPECT_EQ(found(code).interval, seconds(60));
}

}  // namespace
}  // namespace claviger::test
