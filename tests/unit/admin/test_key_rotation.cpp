// Signing keys follow one another without anybody noticing (KY-04, KY-06, KY-15, C2.1, C2.3, C2.4).
#include "admin/key_rotation.hpp"

#include <map>
#include <set>

#include "crypto/jws.hpp"
#include "tests/unit/admin/office.hpp"

namespace claviger::admin::test {
namespace {

namespace json = boost::json;
using std::chrono::hours;
using std::chrono::minutes;
using std::chrono::seconds;

constexpr auto kDay = hours(24);
constexpr auto kMonth = 30 * kDay;

class KeyRotation : public Office {
 protected:
  std::string signing_kid(crypto::Alg alg = crypto::Alg::ES256) {
    const auto* key = keys.current()->signing_key(alg, clock.now());
    return key == nullptr ? "" : key->kid();
  }
  bool is_published(const std::string& kid) {
    return keys.current()->find_public(kid, clock.now()) != nullptr;
  }
  std::size_t published() { return keys.current()->jwks(clock.now()).at("keys").as_array().size(); }
  KeyRound keep(seconds rotate_every = kMonth) {
    auto round = run_task(keep_keys(operations->deps(), rotate_every));
    known = run_task(load_changed_keys(operations->deps(), known));
    return round;
  }
  std::string rotate(json::object arguments = {}) {
    return text(ok("key.rotate", std::move(arguments)), "kid");
  }

  std::string known;  // the keys that were loaded last
};

// C2.3: one algorithm is rotated, the new key is there at once, the old one stays.
TEST_F(KeyRotation, C2_3_each_algorithm_by_itself) {
  for (const char* alg : {"RS256", "PS256", "ES256", "EdDSA"}) {
    const auto parsed = *crypto::parse_alg(alg);
    clock.advance(seconds(1));
    const auto before = signing_kid(parsed);
    const auto count = published();
    const auto kid = rotate({{"alg", alg}, {"now", true}});
    EXPECT_NE(kid, before) << alg;
    EXPECT_EQ(signing_kid(parsed), kid) << alg;
    EXPECT_TRUE(is_published(kid)) << alg;
    EXPECT_TRUE(before.empty() || is_published(before)) << alg;
    EXPECT_EQ(published(), count + 1) << alg;
  }
}

// C2.1, C2.4: every kid once, and what is signed names a published one.
TEST_F(KeyRotation, C2_1_no_two_keys_share_a_kid) {
  for (int i = 0; i < 5; ++i) rotate({{"now", true}});
  std::set<std::string> kids;
  const auto jwks = keys.current()->jwks(clock.now());
  for (const auto& key : jwks.at("keys").as_array()) {
    EXPECT_TRUE(kids.insert(text(key.as_object(), "kid")).second);
    EXPECT_FALSE(key.as_object().contains("d"));
  }
  EXPECT_TRUE(kids.contains(signing_kid()));
}

// The first key of its algorithm has no other to overlap with.
TEST_F(KeyRotation, a_new_algorithm_signs_at_once) {
  EXPECT_EQ(signing_kid(crypto::Alg::EdDSA), "");
  const auto kid = rotate({{"alg", "EdDSA"}});
  EXPECT_EQ(signing_kid(crypto::Alg::EdDSA), kid);
}

// KY-15
TEST_F(KeyRotation, KY_15_a_key_of_each_algorithm_and_RS256_always) {
  run_task(ensure_keys(*store, master, {"EdDSA", "PS256"}, clock, random));
  keys.replace(run_task(load_key_ring(*store, master)));
  for (const auto alg :
       {crypto::Alg::ES256, crypto::Alg::RS256, crypto::Alg::PS256, crypto::Alg::EdDSA}) {
    EXPECT_NE(signing_kid(alg), "") << crypto::to_string(alg);
  }
  EXPECT_EQ(published(), 4u);
  EXPECT_THROW(run_task(ensure_keys(*store, master, {"HS256"}, clock, random)), std::runtime_error);
}

TEST_F(KeyRotation, KY_04_now_uses_the_key_that_waits) {
  const auto old = signing_kid();
  const auto waiting = rotate();
  EXPECT_EQ(signing_kid(), old);
  clock.advance(hours(1));
  const auto count = published();
  EXPECT_EQ(rotate({{"now", true}}), waiting);
  EXPECT_EQ(signing_kid(), waiting);
  EXPECT_EQ(published(), count);
  // The old one's end moved with it: the longest token that it signed, and an hour.
  clock.advance(policy.access_token_ttl + hours(1) - seconds(1));
  EXPECT_TRUE(is_published(old));
  clock.advance(seconds(1));
  EXPECT_FALSE(is_published(old));
}

TEST_F(KeyRotation, KY_04_of_several_that_wait_the_last_is_used_and_no_other_ever) {
  const auto second = rotate();
  clock.advance(hours(1));
  const auto third = rotate();
  EXPECT_EQ(rotate({{"now", true}}), third);
  EXPECT_FALSE(is_published(second));
  for (int day = 0; day < 3; ++day) {
    EXPECT_EQ(signing_kid(), third);
    clock.advance(kDay);
  }
}

// KY-06: from one moment to the next.
TEST_F(KeyRotation, KY_06_a_revoked_key_is_gone_at_once_and_another_signs) {
  const auto old = signing_kid();
  const auto token =
      crypto::sign_jws(*keys.current()->signing_key(crypto::Alg::ES256, clock.now()), "JWT", {});
  const auto answer = ok("key.revoke", {{"kid", old}});
  EXPECT_EQ(text(answer, "revoked"), old);
  EXPECT_FALSE(is_published(old));
  EXPECT_NE(signing_kid(), old);
  EXPECT_EQ(signing_kid(), text(answer.at("signs").as_object(), "kid"));
  EXPECT_FALSE(crypto::verify_jws(token, "JWT", [&](std::string_view kid) {
    return keys.current()->find_public(kid, clock.now());
  }));
  // It stays so after a restart.
  keys.replace(run_task(load_key_ring(*store, master)));
  EXPECT_FALSE(is_published(old));
  EXPECT_EQ(refusal("key.revoke", {{"kid", old}}), "admin.key_unknown");
}

TEST_F(KeyRotation, KY_06_with_a_key_that_waits_that_one_signs) {
  const auto old = signing_kid();
  const auto waiting = rotate();
  ok("key.revoke", {{"kid", old}});
  EXPECT_EQ(signing_kid(), waiting);
  EXPECT_FALSE(is_published(old));
}

TEST_F(KeyRotation, KY_06_the_one_that_waits_can_be_taken_back) {
  clock.advance(seconds(1));  // of two keys of the same moment the kid decides, which is random
  const auto old = signing_kid();
  const auto waiting = rotate();
  ok("key.revoke", {{"kid", waiting}});
  EXPECT_FALSE(is_published(waiting));
  EXPECT_TRUE(is_published(old));
  const auto next = signing_kid();
  EXPECT_NE(next, waiting);
  clock.advance(3 * kDay);
  EXPECT_EQ(signing_kid(), next);  // somebody always signs
}

TEST_F(KeyRotation, KY_06_only_signing_keys_are_revoked) {
  EXPECT_EQ(refusal("key.revoke", {{"kid", "nobody"}}), "admin.key_unknown");
  EXPECT_EQ(refusal("key.revoke", {}), "admin.bad_argument");
  for (const auto& key : run_task(store->server_keys.all())) {
    if (key.purpose == KeyPurpose::signing) continue;
    EXPECT_EQ(refusal("key.revoke", {{"kid", key.kid}}), "admin.key_unknown");
  }
}

// Another node, or the command line while no server ran: noticed in the next round.
TEST_F(KeyRotation, KY_06_a_ring_follows_what_others_did_to_the_store) {
  keep();
  crypto::Keys elsewhere;
  elsewhere.replace(keys.current());
  auto deps = operations->deps();
  const Deps other{.store = deps.store,
                   .keys = elsewhere,
                   .master = deps.master,
                   .hashing = deps.hashing,
                   .password_cost = deps.password_cost,
                   .policy = deps.policy,
                   .signing_alg = deps.signing_alg,
                   .publish_ahead = deps.publish_ahead,
                   .clock = deps.clock,
                   .random = deps.random};
  const auto old = signing_kid();
  ok("key.revoke", {{"kid", old}});
  EXPECT_NE(elsewhere.current()->find_public(old, clock.now()), nullptr);
  known = run_task(load_changed_keys(other, known));
  EXPECT_EQ(elsewhere.current()->find_public(old, clock.now()), nullptr);
  // Nothing changed: the same ring.
  const auto ring = elsewhere.current();
  run_task(load_changed_keys(other, known));
  EXPECT_EQ(elsewhere.current(), ring);
}

TEST_F(KeyRotation, KY_04_the_schedule_rotates_what_is_of_age) {
  EXPECT_TRUE(keep().rotated.empty());
  clock.advance(kMonth - seconds(1));
  EXPECT_TRUE(keep().rotated.empty());
  clock.advance(seconds(1));
  const auto old = signing_kid();
  EXPECT_TRUE(keep(seconds(0)).rotated.empty());  // never by itself
  EXPECT_EQ(keep().rotated.size(), 2u);           // ES256 and RS256
  EXPECT_EQ(signing_kid(), old);
  EXPECT_TRUE(keep().rotated.empty());
  clock.advance(kDay);
  EXPECT_NE(signing_kid(), old);
  EXPECT_EQ(keep().removed, 0u);
  clock.advance(policy.access_token_ttl + hours(1) + seconds(1));
  EXPECT_EQ(keep().removed, 2u);
  EXPECT_EQ(published(), 2u);
}

// The other round runs while this one makes its key: a pause in the worst moment.
class InterruptedWorker final : public Worker {
 public:
  bool post(std::move_only_function<void()> job) override {
    if (auto interrupt = std::exchange(interruption, nullptr)) interrupt();
    job();
    return true;
  }
  std::move_only_function<void()> interruption;
};

TEST_F(KeyRotation, KY_04_of_two_schedules_at_once_one_rotates) {
  InterruptedWorker interrupted;
  const auto& deps = operations->deps();
  const Deps slow{.store = deps.store,
                  .keys = deps.keys,
                  .master = deps.master,
                  .hashing = interrupted,
                  .password_cost = deps.password_cost,
                  .policy = deps.policy,
                  .signing_alg = deps.signing_alg,
                  .publish_ahead = deps.publish_ahead,
                  .clock = deps.clock,
                  .random = deps.random};
  const auto before = run_task(store->server_keys.all()).size();
  clock.advance(kMonth);
  std::size_t by_the_other = 0;
  interrupted.interruption = [&] { by_the_other = keep().rotated.size(); };
  const auto round = run_task(keep_keys(slow, kMonth));
  EXPECT_EQ(by_the_other, 2u);
  EXPECT_TRUE(round.rotated.empty());
  EXPECT_EQ(run_task(store->server_keys.all()).size(), before + 2);
}

TEST_F(KeyRotation, KY_04_an_operator_who_is_too_late_is_told_so) {
  InterruptedWorker interrupted;
  const auto& deps = operations->deps();
  Operations slow(Deps{.store = deps.store,
                       .keys = deps.keys,
                       .master = deps.master,
                       .hashing = interrupted,
                       .password_cost = deps.password_cost,
                       .policy = deps.policy,
                       .signing_alg = deps.signing_alg,
                       .publish_ahead = deps.publish_ahead,
                       .clock = deps.clock,
                       .random = deps.random});
  interrupted.interruption = [&] { rotate(); };
  const auto result = run_task(slow.call("key.rotate", {}));
  ASSERT_FALSE(result);
  EXPECT_EQ(result.error().reason->id, "admin.key_changed");
}

// Verifiers that keep a copy of the key set for as long as new keys are published ahead. A hundred
// days, rotated every ten.
TEST_F(KeyRotation, KY_04_a_verifier_that_keeps_the_key_set_never_notices) {
  struct Token {
    std::string text;
    Time ends;
  };
  policy.access_token_ttl = hours(5);
  std::vector<Token> alive;
  std::set<std::string> used;
  // As fetched by three verifiers, at different hours.
  struct Copy {
    std::map<std::string, crypto::PublicKey, std::less<>> keys;
    Time fetched_at{};
  };
  std::array<Copy, 3> copies;
  const auto fetch = [&](Copy& copy) {
    copy.fetched_at = clock.now();
    copy.keys.clear();
    const auto jwks = keys.current()->jwks(clock.now());
    for (const auto& jwk : jwks.at("keys").as_array()) {
      auto key = crypto::PublicKey::from_jwk(jwk.as_object());
      ASSERT_TRUE(key);
      copy.keys.emplace(key->kid(), std::move(*key));
    }
  };
  const auto verifies = [](const Copy& copy, const std::string& token) {
    return crypto::verify_jws(token, "JWT",
                              [&](std::string_view kid) {
                                const auto found = copy.keys.find(kid);
                                return found == copy.keys.end() ? nullptr : &found->second;
                              })
        .has_value();
  };
  // One fetches with each rotation, one two hours before it, one in between.
  for (std::size_t i = 0; i < copies.size(); ++i) {
    fetch(copies[i]);
    copies[i].fetched_at -= std::array{hours(0), hours(2), hours(12)}[i];
  }
  for (int step = 0; step < 100 * 12; ++step) {
    clock.advance(hours(2));
    keep(10 * kDay);
    for (auto& copy : copies) {
      if (copy.fetched_at + kDay <= clock.now()) fetch(copy);
    }
    const auto* key = keys.current()->signing_key(crypto::Alg::ES256, clock.now());
    ASSERT_NE(key, nullptr);
    used.insert(key->kid());
    // Signed by a clock that runs before ours and presented at the end of its life.
    const json::object payload{{"n", step}};
    alive.push_back(
        {crypto::sign_jws(*key, "JWT", payload), clock.now() + policy.access_token_ttl});
    std::erase_if(alive, [&](const Token& token) { return token.ends < clock.now(); });
    for (const auto& token : alive) {
      for (const auto& copy : copies) ASSERT_TRUE(verifies(copy, token.text)) << step;
    }
  }
  EXPECT_GE(used.size(), 9u);
  EXPECT_LE(published(), 4u);
}

}  // namespace
}  // namespace claviger::admin::test
