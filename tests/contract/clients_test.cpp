#include "store/clients.hpp"

#include "tests/support/store_fixture.hpp"

namespace claviger::test {
namespace {

using store::Clients;

class ClientsContract : public StoreTest {
 protected:
  SharedClient found(std::string id = "shop") {
    return run_task(store().clients.find(std::move(id)));
  }
};
CLAVIGER_ON_EVERY_ENGINE(ClientsContract);

TEST_P(ClientsContract, add_keeps_every_field) {
  Client client = a_client();
  client.auth_method = AuthMethod::client_secret_post;
  client.secret_expires_at = kNow + hours(9);
  client.grant_types = {GrantType::authorization_code};
  client.profile = Profile::oidc_compat;
  client.application_type = ApplicationType::native;
  client.registered_by = RegisteredBy::self;
  client.require_pkce = true;
  client.response_types = {kCodeOnly, {.code = true, .id_token = true, .token = true}};
  client.sealed_secret = {1, 2, 3};
  client.registration_token_hash = a_digest(7);
  EXPECT_EQ(run_task(store().clients.add(client)), Clients::Added::added);
  const auto kept = found();
  ASSERT_TRUE(kept);
  EXPECT_EQ(kept->name, "The Shop");
  EXPECT_EQ(kept->auth_method, AuthMethod::client_secret_post);
  EXPECT_EQ(kept->secret_hash, client.secret_hash);
  EXPECT_EQ(kept->secret_kid, "k1");
  EXPECT_EQ(kept->previous_secret_hash, std::nullopt);
  EXPECT_EQ(kept->secret_expires_at, kNow + hours(9));
  EXPECT_EQ(kept->redirect_uris, client.redirect_uris);
  EXPECT_EQ(kept->post_logout_redirect_uris, client.post_logout_redirect_uris);
  EXPECT_EQ(kept->scopes, client.scopes);
  EXPECT_EQ(kept->grant_types, client.grant_types);
  EXPECT_EQ(kept->profile, Profile::oidc_compat);
  EXPECT_EQ(kept->application_type, ApplicationType::native);
  EXPECT_EQ(kept->registered_by, RegisteredBy::self);
  EXPECT_TRUE(kept->require_pkce);
  EXPECT_FALSE(kept->disabled);
  EXPECT_EQ(kept->created_at, kNow);
  EXPECT_EQ(kept->response_types, client.response_types);
  EXPECT_EQ(kept->sealed_secret, client.sealed_secret);
  EXPECT_EQ(kept->registration_token_hash, a_digest(7));
  EXPECT_EQ(kept->version, 0);
  EXPECT_EQ(kept->first_used_at, std::nullopt);
  EXPECT_EQ(kept->metadata, ClientMetadata{});
}

// AD-04: an id that is used again never inherits what its first owner was granted.
TEST_P(ClientsContract, AD_04_epoch_comes_from_the_time_of_registration) {
  run_task(store().clients.add(a_client()));
  const auto first = found()->epoch;
  EXPECT_TRUE(run_task(store().clients.remove("shop")));
  Client again = a_client();
  again.created_at = kNow + seconds(1);
  run_task(store().clients.add(again));
  EXPECT_NE(found()->epoch, first);
}

TEST_P(ClientsContract, an_id_is_taken_once) {
  run_task(store().clients.add(a_client()));
  Client other = a_client();
  other.name = "Somebody else";
  EXPECT_EQ(run_task(store().clients.add(other)), Clients::Added::exists);
  EXPECT_EQ(found()->name, "The Shop");
}

TEST_P(ClientsContract, list_goes_on_behind_the_last) {
  for (const auto* id : {"c", "a", "b"}) run_task(store().clients.add(a_client(id)));
  const auto first = run_task(store().clients.list("", 2));
  ASSERT_EQ(first.size(), 2u);
  EXPECT_EQ(first[0].client_id, "a");
  EXPECT_EQ(first[1].client_id, "b");
  const auto rest = run_task(store().clients.list("b", 2));
  ASSERT_EQ(rest.size(), 1u);
  EXPECT_EQ(rest[0].client_id, "c");
}

TEST_P(ClientsContract, remove_tells_whether_there_was_one) {
  run_task(store().clients.add(a_client()));
  EXPECT_TRUE(run_task(store().clients.remove("shop")));
  EXPECT_FALSE(found());
  EXPECT_FALSE(run_task(store().clients.remove("shop")));
}

// AD-04 as well: what people allowed the first owner is not allowed to the next.
TEST_P(ClientsContract, AD_04_removal_withdraws_consent) {
  run_task(store().clients.add(a_client()));
  const auto transaction = a_transaction(random);
  run_task(store().transactions.add(transaction));
  run_task(store().transactions.approve(transaction.id, "alice-sub", true, kNow));
  run_task(store().clients.remove("shop"));
  EXPECT_FALSE(run_task(store().consents.find("alice-sub", "shop")));
  EXPECT_EQ(run_task(store().consents.epoch("alice-sub", "shop")), 1);
  EXPECT_EQ(count("SELECT count(*) FROM consent_scopes"), 0);
}

TEST_P(ClientsContract, rotate_keeps_the_old_secret_for_a_while) {
  run_task(store().clients.add(a_client()));
  const Time until = kNow + hours(1);
  EXPECT_TRUE(run_task(store().clients.rotate_secret("shop", a_digest(9), "k2", {7}, until)));
  const auto kept = found();
  EXPECT_EQ(kept->secret_hash, a_digest(9));
  EXPECT_EQ(kept->secret_kid, "k2");
  EXPECT_EQ(kept->sealed_secret, Bytes{7});
  EXPECT_EQ(kept->version, 1);
  EXPECT_EQ(kept->previous_secret_hash, a_digest(1));
  EXPECT_EQ(kept->previous_secret_kid, "k1");
  EXPECT_EQ(kept->previous_secret_until, until);
  EXPECT_FALSE(run_task(store().clients.rotate_secret("nobody", a_digest(9), "k2", {}, until)));
}

TEST_P(ClientsContract, disabling_raises_the_epoch_and_enabling_does_not) {
  run_task(store().clients.add(a_client()));
  const auto before = found()->epoch;
  EXPECT_TRUE(run_task(store().clients.set_disabled("shop", true, kNow)));
  EXPECT_TRUE(found()->disabled);
  EXPECT_EQ(found()->epoch, before + 1);
  EXPECT_EQ(found()->version, 1);
  EXPECT_TRUE(run_task(store().clients.set_disabled("shop", false, kNow)));
  EXPECT_FALSE(found()->disabled);
  EXPECT_EQ(found()->epoch, before + 1);
  EXPECT_FALSE(run_task(store().clients.set_disabled("nobody", true, kNow)));
}

}  // namespace
}  // namespace claviger::test
