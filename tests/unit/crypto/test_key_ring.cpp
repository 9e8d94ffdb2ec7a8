#include "crypto/key_ring.hpp"

#include <gtest/gtest.h>

#include <string>

#include "base/json.hpp"
#include "crypto/digest.hpp"

namespace claviger::crypto {
namespace {

constexpr Time kNow = from_seconds(1'800'000'000);
constexpr Duration kDay = std::chrono::hours(24);

KeyRing::Mac mac(std::string kid, Time from, Time retires = {}) {
  return {kid, Secret(kid + std::string(32 - kid.size(), '.')), from, retires};
}

// An old ES256 key on its way out, the one in use, and one published for tomorrow.
class KeyRingTest : public testing::Test {
 protected:
  const PrivateKey old_ = PrivateKey::generate(Alg::ES256);
  const PrivateKey current_ = PrivateKey::generate(Alg::ES256);
  const PrivateKey next_ = PrivateKey::generate(Alg::ES256);
  const PrivateKey edwards_ = PrivateKey::generate(Alg::EdDSA);
  const KeyRing ring_{{{next_, kNow + kDay, {}},
                       {old_, kNow - 9 * kDay, kNow + kDay},
                       {current_, kNow - kDay, {}},
                       {edwards_, kNow - kDay, {}}},
                      {mac("r2", kNow + kDay), mac("r1", kNow - kDay), mac("r0", kNow - 9 * kDay)},
                      {mac("s1", kNow - kDay), mac("s0", kNow - 9 * kDay)}};
};

// Attack KY-04: published before its first use, kept for as long as something signed with it lives.
TEST_F(KeyRingTest, KY_04_signs_with_the_newest_active) {
  EXPECT_EQ(ring_.signing_key(Alg::ES256, kNow)->kid(), current_.kid());
  EXPECT_EQ(ring_.signing_key(Alg::ES256, kNow + kDay)->kid(), next_.kid());
  EXPECT_EQ(ring_.signing_key(Alg::ES256, kNow - 2 * kDay)->kid(), old_.kid());
  EXPECT_EQ(ring_.signing_key(Alg::EdDSA, kNow)->kid(), edwards_.kid());
  EXPECT_EQ(ring_.signing_key(Alg::RS256, kNow), nullptr);
  EXPECT_EQ(ring_.signing_key(Alg::ES256, kNow - 10 * kDay), nullptr);
}

TEST_F(KeyRingTest, KY_04_verifies_until_retired) {
  EXPECT_EQ(ring_.find_public(old_.kid(), kNow)->kid(), old_.kid());
  EXPECT_EQ(ring_.find_public(next_.kid(), kNow)->kid(), next_.kid());
  EXPECT_EQ(ring_.find_public(old_.kid(), kNow + kDay), nullptr);
  EXPECT_EQ(ring_.find_public("unknown", kNow), nullptr);
  EXPECT_EQ(ring_.find_public("", kNow), nullptr);
}

// What is made of the keys may be kept for so long.
TEST_F(KeyRingTest, KY_04_says_until_when_nothing_changes) {
  EXPECT_EQ(ring_.unchanged_until(kNow), kNow + kDay);
  EXPECT_EQ(ring_.unchanged_until(kNow + kDay), Time::max());
  EXPECT_EQ(ring_.unchanged_until(kNow - 10 * kDay), kNow - 9 * kDay);
  EXPECT_EQ(ring_.unchanged_until(kNow - 9 * kDay), kNow - kDay);
}

// RFC7517-5, attack KY-05
TEST_F(KeyRingTest, KY_05_jwks_is_public) {
  const auto jwks = ring_.jwks(kNow);
  EXPECT_EQ(jwks.at("keys").as_array().size(), 4u);
  EXPECT_EQ(ring_.jwks(kNow + kDay).at("keys").as_array().size(), 3u);
  for (const auto& entry : jwks.at("keys").as_array()) {
    EXPECT_FALSE(entry.as_object().contains("d"));
    EXPECT_EQ(json_text(entry.as_object(), "use"), "sig");
    EXPECT_TRUE(PublicKey::from_jwk(entry.as_object()));
  }
}

TEST_F(KeyRingTest, refresh_macs) {
  EXPECT_EQ(ring_.refresh_mac(kNow).kid, "r1");
  EXPECT_EQ(ring_.refresh_mac(kNow + kDay).kid, "r2");
  // The clock was set back behind every key: there is still one, the same on every node.
  EXPECT_EQ(ring_.refresh_mac(kNow - 100 * kDay).kid, "r0");
  const auto* const key = ring_.find_refresh_mac("r0");
  ASSERT_TRUE(key);
  const auto data = as_bytes("a token");
  EXPECT_EQ(key->mac(data), hmac_sha256(as_bytes("r0" + std::string(30, '.')), data));
  EXPECT_FALSE(ring_.find_refresh_mac("s1"));  // one purpose, one key
  EXPECT_FALSE(ring_.find_refresh_mac(""));
}

TEST_F(KeyRingTest, client_secrets) {
  const Secret secret("a secret of sixteen or more");
  const auto [hash, kid] = ring_.hash_client_secret(secret, kNow);
  EXPECT_EQ(kid, "s1");
  EXPECT_EQ(hash, hmac_sha256(as_bytes("s1" + std::string(30, '.')), as_bytes(secret.reveal())));
  EXPECT_EQ(ring_.hash_client_secret_with("s1", secret), hash);
  EXPECT_NE(ring_.hash_client_secret_with("s0", secret), hash);
  EXPECT_EQ(ring_.hash_client_secret_with("r1", secret), std::nullopt);
  EXPECT_NE(ring_.hash_client_secret(Secret("another"), kNow).first, hash);
}

TEST(KeyRing, equal_times_are_decided_by_kid) {
  const KeyRing one({}, {mac("a", kNow), mac("b", kNow)}, {});
  const KeyRing two({}, {mac("b", kNow), mac("a", kNow)}, {});
  EXPECT_EQ(one.refresh_mac(kNow).kid, two.refresh_mac(kNow).kid);
}

TEST(Keys, request_keeps_the_snapshot_it_began_with) {
  Keys keys;
  keys.replace(std::make_shared<const KeyRing>(KeyRing({}, {mac("old", kNow)}, {})));
  const auto mine = keys.current();
  keys.replace(std::make_shared<const KeyRing>(KeyRing({}, {mac("new", kNow)}, {})));
  EXPECT_EQ(mine->refresh_mac(kNow).kid, "old");
  EXPECT_EQ(keys.current()->refresh_mac(kNow).kid, "new");
}

}  // namespace
}  // namespace claviger::crypto
