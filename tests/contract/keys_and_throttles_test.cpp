#include <algorithm>

#include "tests/support/store_fixture.hpp"

namespace claviger::test {
namespace {

class ServerKeysContract : public StoreTest {
 protected:
  std::vector<ServerKey> all() { return run_task(store().server_keys.all()); }
  ServerKey key(std::string_view kid) {
    const auto keys = all();
    return *std::ranges::find(keys, kid, &ServerKey::kid);
  }
  static ServerKey waiting(std::string kid) {
    auto key = a_server_key(std::move(kid));
    key.active_from = kNow + hours(24);
    return key;
  }
};
CLAVIGER_ON_EVERY_ENGINE(ServerKeysContract);

TEST_P(ServerKeysContract, the_sealed_key_comes_back_byte_for_byte) {
  auto key = a_server_key("s1");
  key.sealed = {0, 255, 0, 1};
  key.active_from = kNow + hours(24);
  run_task(store().server_keys.rotate({key}, kNow));
  ASSERT_EQ(all().size(), 1u);
  const auto kept = all()[0];
  EXPECT_EQ(kept.kid, "s1");
  EXPECT_EQ(kept.purpose, KeyPurpose::signing);
  EXPECT_EQ(kept.alg, "ES256");
  EXPECT_EQ(kept.sealed, key.sealed);
  EXPECT_EQ(kept.created_at, kNow);
  EXPECT_EQ(kept.active_from, key.active_from);
  EXPECT_EQ(kept.retires_at, Time{});
}

TEST_P(ServerKeysContract, rotation_retires_the_others_of_its_kind) {
  auto second = a_server_key("s2");
  second.created_at = kNow + seconds(1);
  auto mac = a_server_key("m1", KeyPurpose::refresh_mac);
  mac.created_at = kNow + seconds(2);
  auto secret = a_server_key("h1", KeyPurpose::secret_hash);
  secret.created_at = kNow + seconds(3);
  run_task(store().server_keys.rotate({a_server_key("s1"), mac, secret}, kNow));
  run_task(store().server_keys.rotate({second}, kNow + hours(1)));
  const auto keys = all();
  ASSERT_EQ(keys.size(), 4u);
  EXPECT_EQ(keys[0].retires_at, kNow + hours(1));  // s1
  EXPECT_EQ(keys[1].retires_at, Time{});           // s2
  EXPECT_EQ(keys[2].retires_at, Time{});           // m1, of another purpose
  EXPECT_EQ(keys[3].purpose, KeyPurpose::secret_hash);
}

TEST_P(ServerKeysContract, retired_keys_are_removed_and_live_ones_never) {
  run_task(store().server_keys.rotate({a_server_key("s1")}, kNow));
  run_task(store().server_keys.rotate({a_server_key("s2")}, kNow + hours(1)));
  EXPECT_EQ(run_task(store().server_keys.remove_retired(kNow + hours(1))), 0u);
  EXPECT_EQ(run_task(store().server_keys.remove_retired(kNow + hours(2))), 1u);
  ASSERT_EQ(all().size(), 1u);
  EXPECT_EQ(all()[0].kid, "s2");
}

// Of any number of nodes that rotate at once one adds a key.
TEST_P(ServerKeysContract, replaced_by_whoever_saw_the_newest) {
  run_task(store().server_keys.rotate({a_server_key("s1")}, kNow));
  const Time end = kNow + hours(48);
  EXPECT_TRUE(run_task(store().server_keys.replace("s1", waiting("s2"), end)));
  EXPECT_FALSE(run_task(store().server_keys.replace("s1", waiting("s3"), end + hours(1))));
  EXPECT_FALSE(run_task(store().server_keys.replace("none", waiting("s3"), end)));
  EXPECT_EQ(all().size(), 2u);
  EXPECT_EQ(key("s1").retires_at, end);
  EXPECT_EQ(key("s2").retires_at, Time{});
  EXPECT_EQ(key("s2").active_from, kNow + hours(24));
}

TEST_P(ServerKeysContract, a_waiting_key_is_used_from_now_on) {
  const auto mac = a_server_key("m1", KeyPurpose::refresh_mac);
  run_task(store().server_keys.rotate({a_server_key("s1"), mac}, kNow));
  run_task(store().server_keys.replace("s1", waiting("s2"), kNow + hours(48)));
  run_task(store().server_keys.replace("s2", waiting("s3"), kNow + hours(72)));
  EXPECT_TRUE(run_task(store().server_keys.activate(key("s3"), kNow, kNow + hours(1))));
  EXPECT_EQ(key("s3").active_from, kNow);
  EXPECT_EQ(key("s3").retires_at, Time{});
  EXPECT_EQ(key("s2").retires_at, kNow);
  EXPECT_EQ(key("s1").retires_at, kNow + hours(1));
  EXPECT_EQ(key("m1").retires_at, Time{});
  const Time later = kNow + seconds(1);
  EXPECT_FALSE(run_task(store().server_keys.activate(key("s3"), later, later)));
  EXPECT_EQ(key("s1").retires_at, kNow + hours(1));
}

TEST_P(ServerKeysContract, a_revoked_key_ends_at_once_and_the_waiting_one_signs) {
  run_task(store().server_keys.rotate({a_server_key("s1")}, kNow));
  run_task(store().server_keys.replace("s1", waiting("s2"), kNow + hours(48)));
  EXPECT_TRUE(run_task(store().server_keys.revoke("s1", a_server_key("s3"), true, kNow)));
  EXPECT_EQ(key("s1").retires_at, kNow);
  EXPECT_EQ(key("s2").active_from, kNow);
  EXPECT_EQ(all().size(), 2u);
  EXPECT_FALSE(run_task(store().server_keys.revoke("s1", a_server_key("s3"), true, kNow)));
}

TEST_P(ServerKeysContract, the_last_key_is_revoked_for_a_replacement) {
  run_task(store().server_keys.rotate({a_server_key("s1")}, kNow));
  EXPECT_TRUE(run_task(store().server_keys.revoke("s1", a_server_key("s2"), false, kNow)));
  EXPECT_EQ(key("s1").retires_at, kNow);
  EXPECT_EQ(key("s2").retires_at, Time{});
  EXPECT_FALSE(run_task(store().server_keys.revoke("none", a_server_key("s3"), false, kNow)));
  EXPECT_EQ(all().size(), 2u);
}

class ThrottlesContract : public StoreTest {};
CLAVIGER_ON_EVERY_ENGINE(ThrottlesContract);

TEST_P(ThrottlesContract, counts_until_forgotten) {
  const auto key = a_digest(1);
  EXPECT_FALSE(run_task(store().throttles.find(key)));
  EXPECT_EQ(run_task(store().throttles.count(key, kNow, kNow - hours(1))), 1);
  EXPECT_EQ(run_task(store().throttles.count(key, kNow + seconds(1), kNow - hours(1))), 2);
  EXPECT_EQ(run_task(store().throttles.find(key))->failures, 2);
  EXPECT_EQ(run_task(store().throttles.find(key))->last_failure, kNow + seconds(1));
  EXPECT_EQ(run_task(store().throttles.count(key, kNow + hours(2), kNow + hours(1))), 1);
  EXPECT_FALSE(run_task(store().throttles.find(a_digest(2))));
  run_task(store().throttles.clear(key));
  EXPECT_FALSE(run_task(store().throttles.find(key)));
}

// I9: a restart resets nothing.
TEST_P(ThrottlesContract, survive_a_restart) {
  run_task(store().throttles.count(a_digest(1), kNow, kNow - hours(1)));
  open();
  EXPECT_EQ(run_task(store().throttles.find(a_digest(1)))->failures, 1);
}

}  // namespace
}  // namespace claviger::test
