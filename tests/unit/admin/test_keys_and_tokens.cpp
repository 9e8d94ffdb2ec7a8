#include "base/json.hpp"
#include "protocol/tokens/access_token.hpp"
#include "protocol/tokens/refresh_token.hpp"
#include "tests/unit/admin/office.hpp"

namespace claviger::admin::test {
namespace {

namespace json = boost::json;
using std::chrono::hours;
using std::chrono::seconds;

std::size_t published(const crypto::KeyRing& ring, Time now) {
  return ring.jwks(now).at("keys").as_array().size();
}

TEST_F(Office, what_is_missing_is_made_once) {
  const auto before = run_task(store->server_keys.all());
  EXPECT_EQ(before.size(), 4u);  // ES256, RS256, a MAC key, a secret-hashing key
  run_task(ensure_keys(*store, master, {"ES256"}, clock, random));
  EXPECT_EQ(run_task(store->server_keys.all()).size(), 4u);
  run_task(ensure_keys(*store, master, {"EdDSA"}, clock, random));
  EXPECT_EQ(run_task(store->server_keys.all()).size(), 5u);
  EXPECT_THROW(run_task(ensure_keys(*store, master, {"none"}, clock, random)), std::runtime_error);
}

// SQ-04: keys at rest are sealed, bound to their kid and purpose; another master key opens nothing.
TEST_F(Office, SQ_04_keys_open_under_their_master_key_alone) {
  EXPECT_THROW(run_task(load_key_ring(*store, master_key(8))), std::runtime_error);
  auto swapped = run_task(store->server_keys.all());
  std::vector<ServerKey> macs;
  for (const auto& key : swapped) {
    if (key.purpose != KeyPurpose::signing) macs.push_back(key);
  }
  ASSERT_EQ(macs.size(), 2u);
  ServerKey forged = macs[0];
  forged.kid = "another-kid";
  run_task(store->server_keys.rotate({forged}, clock.now() + hours(1)));
  EXPECT_THROW(run_task(load_key_ring(*store, master)), std::runtime_error);
}

TEST_F(Office, SQ_04_no_private_key_lies_open_in_the_database) {
  const std::string sequence("\x30\x81",
                             2);  // how DER of a private key begins, in any of its forms
  for (const auto& key : run_task(store->server_keys.all())) {
    const std::string sealed(as_text(key.sealed));
    EXPECT_NE(sealed.substr(0, 2), sequence);
    const auto opened =
        master.open(key.sealed, std::string(to_string(key.purpose)) + ":" + key.kid);
    ASSERT_TRUE(opened);
    EXPECT_EQ(sealed.find(opened->reveal()), std::string::npos);
  }
}

TEST_F(Office, a_new_key_is_published_ahead_and_the_old_one_outlives_its_tokens) {
  const auto old_kid = keys.current()->signing_key(crypto::Alg::ES256, clock.now())->kid();
  const auto answer = ok("key.rotate", {});
  const auto new_kid = text(answer, "kid");
  const auto ring = keys.current();
  EXPECT_EQ(ring->signing_key(crypto::Alg::ES256, clock.now())->kid(), old_kid);
  EXPECT_TRUE(ring->find_public(new_kid, clock.now()));
  EXPECT_EQ(text(answer, "state"), "published");

  const Time change = clock.now() + hours(24);
  EXPECT_EQ(ring->signing_key(crypto::Alg::ES256, change)->kid(), new_kid);
  const Time last_token_ends = change + policy.access_token_ttl;
  EXPECT_TRUE(ring->find_public(old_kid, last_token_ends));
  EXPECT_FALSE(ring->find_public(old_kid, last_token_ends + hours(1) + seconds(1)));
  // RS256 was left alone.
  EXPECT_EQ(published(*ring, last_token_ends + hours(2)), 2u);
}

TEST_F(Office, a_key_can_sign_at_once) {
  const auto answer = ok("key.rotate", {{"alg", "EdDSA"}, {"now", true}});
  const auto* key = keys.current()->signing_key(crypto::Alg::EdDSA, clock.now());
  ASSERT_NE(key, nullptr);
  EXPECT_EQ(key->kid(), text(answer, "kid"));
  EXPECT_EQ(refusal("key.rotate", {{"alg", "HS256"}}), "admin.alg_unknown");  // RFC7518-3.1, KY-15
  EXPECT_EQ(refusal("key.rotate", {{"alg", "none"}}), "admin.alg_unknown");
  EXPECT_EQ(ok("key.list", {}).at("keys").as_array().size(), 5u);
}

// A user, a client and a grant between them, with tokens of both kinds.
class WithTokens : public Office {
 protected:
  WithTokens() {
    sub = text(ok("user.add", {{"username", "ada"}, {"password", "correct-horse-7"}}), "sub");
    ok("client.add",
       {{"client_id", "shop"}, {"redirect_uris", json::array{"https://shop.example/cb"}}});
    Code code = claviger::test::a_code(random, clock.now());
    code.sub = sub;
    code.epochs = {run_task(store->users.find(sub))->epoch,
                   run_task(store->clients.find("shop"))->epoch,
                   run_task(store->consents.epoch(sub, "shop"))};
    run_task(store->codes.issue(claviger::test::an_answer(code, {}, clock.now())));
    auto plan = claviger::test::a_redeem_plan(random, code);
    plan.family->mac_kid = keys.current()->refresh_mac(clock.now()).kid;
    const auto redeemed = run_task(store->codes.redeem(plan));
    if (!std::holds_alternative<store::Codes::Redeemed>(redeemed)) ADD_FAILURE() << "no grant";
    grant = plan.grant.id;
    protocol::AccessTokenClaims claims;
    claims.sub = sub;
    claims.client_id = "shop";
    claims.scopes = {"email"};
    claims.audience = {policy.issuer};
    claims.jti = Id::make(clock.now(), random).text();
    claims.grant = grant;
    claims.issued_at = clock.now();
    claims.expires_at = clock.now() + seconds(600);
    const auto ring = keys.current();
    access = protocol::mint_access_token(
                 claims, *ring->signing_key(crypto::Alg::ES256, clock.now()), policy)
                 .reveal();
    jti = claims.jti;
    refresh =
        protocol::mint_refresh_token({plan.family->id, 1}, plan.family->mac_kid, *ring).reveal();
  }

  std::string verdict() {
    const auto result = call("token.verify", {{"token", access}});
    return result ? "valid" : std::string(result.error().reason->id);
  }

  std::string sub;
  Id grant;
  std::string access;
  std::string refresh;
  std::string jti;
};

TEST_F(WithTokens, inspect_shows_what_is_written_and_proves_nothing) {
  const auto seen = ok("token.inspect", {{"token", access}});
  EXPECT_EQ(seen.at("verified"), false);
  EXPECT_EQ(seen.at("header").at("typ").as_string(), "at+jwt");
  EXPECT_EQ(seen.at("payload").at("sub").as_string(), sub);
  EXPECT_EQ(seen.at("expired"), false);
  auto forged = access;
  forged.back() = forged.back() == 'A' ? 'B' : 'A';
  clock.advance(seconds(600));
  EXPECT_EQ(ok("token.inspect", {{"token", access}}).at("expired"), true);
  EXPECT_EQ(refusal("token.inspect", {{"token", "not a token"}}),
            "admin.not_a_token");  // RFC7515-3.1
}

TEST_F(WithTokens, verify_says_what_the_protected_call_would_say) {
  const auto seen = ok("token.verify", {{"token", access}});
  EXPECT_EQ(seen.at("valid"), true);
  EXPECT_EQ(text(seen, "scope"), "email");
  EXPECT_EQ(text(seen.at("grant").as_object(), "grant_id"), grant.text());
  EXPECT_NE(refusal("token.verify", {{"token", refresh}}), "");
  ok("user.disable", {{"user", "ada"}});
  EXPECT_NE(verdict(), "valid");
}

TEST_F(WithTokens, verify_refuses_an_expired_token) {
  clock.advance(seconds(600));
  EXPECT_NE(verdict(), "valid");
}

TEST_F(WithTokens, removing_the_client_ends_the_token) {
  EXPECT_EQ(verdict(), "valid");
  EXPECT_EQ(ok("client.rm", {{"client_id", "shop"}}).at("grants_revoked"), 1);
  EXPECT_NE(verdict(), "valid");
}

TEST_F(WithTokens, revoking_an_access_token_ends_it_alone) {
  EXPECT_EQ(text(ok("token.revoke", {{"token", access}}), "revoked"), "access_token");
  EXPECT_NE(verdict(), "valid");
  EXPECT_FALSE(run_task(store->grants.find(grant))->revoked_at);
}

TEST_F(WithTokens, revoking_a_refresh_token_ends_its_grant) {
  const auto answer = ok("token.revoke", {{"token", refresh}});
  EXPECT_EQ(text(answer, "revoked"), "grant");
  EXPECT_EQ(answer.at("already"), false);
  EXPECT_EQ(text(answer.at("grant").as_object(), "revoked_because"), "operator");
  EXPECT_NE(verdict(), "valid");
  EXPECT_EQ(ok("token.revoke", {{"token", refresh}}).at("already"), true);
}

TEST_F(WithTokens, revoking_by_grant_id_and_by_jti) {
  EXPECT_EQ(text(ok("token.revoke", {{"token", jti}}), "revoked"), "access_token");
  EXPECT_NE(verdict(), "valid");
  EXPECT_EQ(text(ok("token.revoke", {{"token", grant.text()}}), "revoked"), "grant");
  EXPECT_TRUE(run_task(store->grants.find(grant))->revoked_at);
}

TEST_F(WithTokens, only_what_is_ours_is_revoked) {
  auto forged = access;
  forged[forged.size() - 10] = forged[forged.size() - 10] == 'A' ? 'B' : 'A';
  EXPECT_NE(refusal("token.revoke", {{"token", forged}}), "");
  EXPECT_EQ(refusal("token.revoke", {{"token", "short"}}), "admin.token_unknown");  // RFC7009-2.2
  EXPECT_EQ(verdict(), "valid");
}

}  // namespace
}  // namespace claviger::admin::test
