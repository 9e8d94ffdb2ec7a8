// What may be used once or a few times, and opaque tokens.
#include "tests/support/store_fixture.hpp"

namespace claviger::test {
namespace {

using Remembered = store::Replays::Remembered;

class SingleUseContract : public StoreTest {
 protected:
  Remembered remember(std::uint8_t number, Time until) {
    return run_task(store().replays.remember(a_digest(number), until, kNow));
  }
  bool use(const store::InitialAccessToken& token, Time now = kNow) {
    return run_task(store().initial_access_tokens.use(token.selector, now));
  }
};
CLAVIGER_ON_EVERY_ENGINE(SingleUseContract);

// CA-06 (RFC7523-3): the second is told, and a row that is over its time still counts until it is
// swept.
TEST_P(SingleUseContract, CA_06_an_assertion_is_remembered) {
  EXPECT_EQ(remember(1, kNow), Remembered::first);
  EXPECT_EQ(remember(1, kNow + hours(1)), Remembered::seen_before);
  EXPECT_EQ(remember(2, kNow), Remembered::first);
  open();  // across a restart
  EXPECT_EQ(remember(1, kNow + hours(2)), Remembered::seen_before);
}

TEST_P(SingleUseContract, an_initial_access_token_keeps_every_field) {
  auto token = an_initial_access_token(random);
  token.profile = Profile::oidc_compat;
  token.uses_left = 3;
  run_task(store().initial_access_tokens.add(token));
  const auto kept = run_task(store().initial_access_tokens.find(token.selector));
  ASSERT_TRUE(kept);
  EXPECT_EQ(kept->selector, token.selector);
  EXPECT_EQ(kept->verifier_hash, token.verifier_hash);
  EXPECT_EQ(kept->profile, Profile::oidc_compat);
  EXPECT_EQ(kept->uses_left, 3);
  EXPECT_EQ(kept->created_at, token.created_at);
  EXPECT_EQ(kept->expires_at, token.expires_at);
}

TEST_P(SingleUseContract, an_initial_access_token_is_used_up) {
  auto token = an_initial_access_token(random);
  token.uses_left = 2;
  run_task(store().initial_access_tokens.add(token));
  EXPECT_FALSE(run_task(store().initial_access_tokens.find(token.selector))->profile);
  EXPECT_FALSE(use(token, token.expires_at));
  EXPECT_TRUE(use(token));
  EXPECT_TRUE(use(token));
  EXPECT_FALSE(use(token));
  EXPECT_EQ(run_task(store().initial_access_tokens.find(token.selector))->uses_left, 0);
}

TEST_P(SingleUseContract, initial_access_tokens_are_listed_and_removed) {
  const auto first = an_initial_access_token(random);
  const auto second = an_initial_access_token(random, kNow + seconds(1));
  run_task(store().initial_access_tokens.add(second));
  run_task(store().initial_access_tokens.add(first));
  const auto all = run_task(store().initial_access_tokens.list());
  ASSERT_EQ(all.size(), 2u);
  EXPECT_EQ(all[0].selector, first.selector);
  EXPECT_TRUE(run_task(store().initial_access_tokens.remove(first.selector)));
  EXPECT_FALSE(run_task(store().initial_access_tokens.remove(first.selector)));
  EXPECT_FALSE(use(first));
  EXPECT_TRUE(use(second));
}

TEST_P(SingleUseContract, an_opaque_token_keeps_what_it_says) {
  auto token = an_opaque_token(random);
  token.claims.act = R"({"sub":"backend"})";
  run_task(store().opaque_tokens.add(token));
  const auto kept = run_task(store().opaque_tokens.find(token.selector));
  ASSERT_TRUE(kept);
  EXPECT_EQ(kept->selector, token.selector);
  EXPECT_EQ(kept->verifier_hash, token.verifier_hash);
  EXPECT_EQ(kept->claims.sub, "alice-sub");
  EXPECT_EQ(kept->claims.client_id, "shop");
  EXPECT_EQ(kept->claims.scopes, token.claims.scopes);
  EXPECT_EQ(kept->claims.audience, token.claims.audience);
  EXPECT_EQ(kept->claims.jti, token.selector.text());
  EXPECT_EQ(kept->claims.grant, token.claims.grant);
  EXPECT_EQ(kept->claims.act, token.claims.act);
  EXPECT_EQ(kept->claims.issued_at, token.claims.issued_at);
  EXPECT_EQ(kept->claims.expires_at, token.claims.expires_at);
  EXPECT_FALSE(run_task(store().opaque_tokens.find(Id())));
}

TEST_P(SingleUseContract, an_opaque_token_of_no_grant) {
  auto token = an_opaque_token(random);
  token.claims.grant.reset();
  run_task(store().opaque_tokens.add(token));
  EXPECT_EQ(run_task(store().opaque_tokens.find(token.selector))->claims.grant, std::nullopt);
}

}  // namespace
}  // namespace claviger::test
