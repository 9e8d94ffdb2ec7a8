// What clients registered: kept whole, changed by whoever read the newest version, and purged when
// nobody ever used it (DC-07).
#include "store/client_metadata.hpp"
#include "tests/support/store_fixture.hpp"

namespace claviger::test {
namespace {

ClientMetadata full_metadata() {
  ClientMetadata metadata;
  metadata.contacts = {"a@example.com", "b \"c\"@example.com"};
  metadata.client_uri = "https://shop.example/";
  metadata.logo_uri = "https://shop.example/logo.png";
  metadata.policy_uri = "https://shop.example/policy";
  metadata.tos_uri = "https://shop.example/tos";
  metadata.jwks_uri = "https://shop.example/jwks";
  metadata.jwks = R"({"keys":[]})";
  metadata.subject_type = SubjectType::pairwise;
  metadata.sector_identifier_uri = "https://shop.example/sector";
  metadata.sector = "shop.example";
  metadata.id_token = {"ES256", "RSA-OAEP-256", "A256GCM"};
  metadata.userinfo = {"RS256", "", ""};
  metadata.introspection = {"", "ECDH-ES", "A128GCM"};
  metadata.request_object_signing_alg = "PS256";
  metadata.token_endpoint_auth_signing_alg = "EdDSA";
  metadata.default_max_age = 0;
  metadata.require_auth_time = true;
  metadata.default_acr_values = {"urn:b", "urn:a"};
  metadata.initiate_login_uri = "https://shop.example/login";
  metadata.request_uris = {"https://shop.example/request#hash"};
  metadata.resources = {"https://api.example/v1"};
  metadata.frontchannel_logout = {"https://shop.example/front", true};
  metadata.backchannel_logout = {"https://shop.example/back", false};
  metadata.access_token_format = AccessTokenFormat::opaque;
  metadata.has_logo = true;
  metadata.software_id = "4NRB1";
  metadata.software_version = "2";
  return metadata;
}

// Where it is told of a logout (OIDCBC-2.2) among them.
TEST(ClientMetadataText, keeps_every_member) {
  const auto metadata = full_metadata();
  EXPECT_EQ(store::text_to_metadata(store::metadata_to_text(metadata)), metadata);
}

TEST(ClientMetadataText, names_only_what_was_registered) {
  EXPECT_EQ(store::metadata_to_text({}), "{}");
  EXPECT_EQ(store::text_to_metadata("{}"), ClientMetadata{});
  ClientMetadata metadata;
  metadata.frontchannel_logout.session_required = true;
  EXPECT_EQ(store::metadata_to_text(metadata),
            R"({"frontchannel_logout":{"session_required":true}})");
}

TEST(ClientMetadataText, passes_over_what_a_later_release_wrote) {
  const auto metadata = store::text_to_metadata(
      R"({"from_the_future":[1],"id_token":{"signed_alg":"ES256","other":2}})");
  EXPECT_EQ(metadata.id_token.signed_alg, "ES256");
}

TEST(ClientMetadataText, refuses_what_is_not_ours) {
  for (const auto* text :
       {"[]", R"({"jwks":{}})", R"({"contacts":"a"})", R"({"contacts":[1]})", R"({"id_token":""})",
        R"({"id_token":{"signed_alg":1}})", R"({"subject_type":"secret"})",
        R"({"default_max_age":"1"})", R"({"backchannel_logout":{"session_required":1}})"}) {
    EXPECT_THROW(store::text_to_metadata(text), std::logic_error) << text;
  }
}

class ClientRecordsContract : public StoreTest {
 protected:
  Client found(std::string id = "shop") { return *run_task(store().clients.find(std::move(id))); }
  void add_stranger(const std::string& id, Time at) {
    auto client = a_client(id);
    client.registered_by = RegisteredBy::self;
    client.created_at = at;
    run_task(store().clients.add(client));
  }
  bool is_there(std::string id) { return run_task(store().clients.find(std::move(id))) != nullptr; }
};
CLAVIGER_ON_EVERY_ENGINE(ClientRecordsContract);

// A new registration access token (RFC7592-3) among it.
TEST_P(ClientRecordsContract, update_replaces_what_was_registered) {
  run_task(store().clients.add(a_client()));
  auto client = found();
  client.name = "Another name";
  client.auth_method = AuthMethod::private_key_jwt;
  client.redirect_uris = {"https://shop.example/new"};
  client.post_logout_redirect_uris = {};
  client.scopes = {};
  client.grant_types = {GrantType::implicit, GrantType::device_code};
  client.response_types = {{.id_token = true, .token = true}};
  client.profile = Profile::oidc_compat;
  client.application_type = ApplicationType::native;
  client.require_pkce = true;
  client.registration_token_hash = a_digest(7);
  client.metadata = full_metadata();
  EXPECT_TRUE(run_task(store().clients.update(client)));
  const auto kept = found();
  EXPECT_EQ(kept.version, 1);
  EXPECT_EQ(kept.name, client.name);
  EXPECT_EQ(kept.auth_method, client.auth_method);
  EXPECT_EQ(kept.redirect_uris, client.redirect_uris);
  EXPECT_EQ(kept.post_logout_redirect_uris, client.post_logout_redirect_uris);
  EXPECT_EQ(kept.scopes, client.scopes);
  EXPECT_EQ(kept.grant_types, client.grant_types);
  EXPECT_EQ(kept.response_types, client.response_types);
  EXPECT_EQ(kept.profile, client.profile);
  EXPECT_EQ(kept.application_type, client.application_type);
  EXPECT_TRUE(kept.require_pkce);
  EXPECT_EQ(kept.registration_token_hash, a_digest(7));
  EXPECT_EQ(kept.metadata, client.metadata);
}

// Each of these has a verb of its own, which a stale or hostile record must not undo.
TEST_P(ClientRecordsContract, update_leaves_secrets_state_and_origin_alone) {
  auto before = a_client();
  before.registered_by = RegisteredBy::self;
  before.sealed_secret = {1};
  run_task(store().clients.add(before));
  run_task(store().clients.set_disabled("shop", true, kNow));
  run_task(store().clients.mark_used("shop", kNow));
  before = found();
  auto client = before;
  client.secret_hash.reset();
  client.secret_kid = "other";
  client.sealed_secret = {};
  client.secret_expires_at = kNow;
  client.disabled = false;
  client.epoch = 0;
  client.created_at = kNow + hours(1);
  client.registered_by = RegisteredBy::operator_;
  client.first_used_at.reset();
  EXPECT_TRUE(run_task(store().clients.update(client)));
  const auto kept = found();
  EXPECT_EQ(kept.secret_hash, before.secret_hash);
  EXPECT_EQ(kept.secret_kid, before.secret_kid);
  EXPECT_EQ(kept.sealed_secret, before.sealed_secret);
  EXPECT_EQ(kept.secret_expires_at, before.secret_expires_at);
  EXPECT_TRUE(kept.disabled);
  EXPECT_EQ(kept.epoch, before.epoch);
  EXPECT_EQ(kept.created_at, before.created_at);
  EXPECT_EQ(kept.registered_by, RegisteredBy::self);
  EXPECT_EQ(kept.first_used_at, kNow);
}

TEST_P(ClientRecordsContract, update_of_an_old_version_is_refused) {
  run_task(store().clients.add(a_client()));
  auto mine = found();
  auto theirs = mine;
  theirs.name = "Theirs";
  EXPECT_TRUE(run_task(store().clients.update(theirs)));
  mine.name = "Mine";
  EXPECT_FALSE(run_task(store().clients.update(mine)));
  EXPECT_EQ(found().name, "Theirs");
  EXPECT_FALSE(run_task(store().clients.update(a_client("nobody"))));
  mine = found();
  run_task(store().clients.rotate_secret("shop", a_digest(9), "k2", {}, kNow));
  EXPECT_FALSE(run_task(store().clients.update(mine)));
}

TEST_P(ClientRecordsContract, only_the_first_use_is_noted) {
  run_task(store().clients.add(a_client()));
  run_task(store().clients.mark_used("shop", kNow));
  run_task(store().clients.mark_used("shop", kNow + hours(1)));
  EXPECT_EQ(found().first_used_at, kNow);
  EXPECT_EQ(found().version, 0);
}

TEST_P(ClientRecordsContract, DC_07_what_strangers_registered_and_nobody_used_is_purged) {
  add_stranger("old", kNow - hours(2));
  add_stranger("used", kNow - hours(2));
  add_stranger("new", kNow);
  auto operators = a_client();
  operators.created_at = kNow - hours(2);
  run_task(store().clients.add(operators));
  run_task(store().clients.mark_used("used", kNow));
  EXPECT_EQ(run_task(store().clients.count_self_registered()), 3);
  EXPECT_EQ(run_task(store().clients.purge_unused(kNow - hours(1), 10)), 1u);
  EXPECT_FALSE(is_there("old"));
  for (const auto* id : {"used", "new", "shop"}) EXPECT_TRUE(is_there(id)) << id;
  EXPECT_EQ(run_task(store().clients.count_self_registered()), 2);
}

TEST_P(ClientRecordsContract, DC_07_purged_in_bounded_steps_the_oldest_first) {
  add_stranger("b", kNow - hours(2));
  add_stranger("a", kNow - hours(3));
  EXPECT_EQ(run_task(store().clients.purge_unused(kNow, 1)), 1u);
  EXPECT_FALSE(is_there("a"));
  EXPECT_EQ(run_task(store().clients.purge_unused(kNow, 1)), 1u);
  EXPECT_EQ(run_task(store().clients.purge_unused(kNow, 1)), 0u);
}

// AD-04: whoever takes the id next was allowed nothing.
TEST_P(ClientRecordsContract, AD_04_a_purge_withdraws_consent_to_what_it_takes_alone) {
  for (const auto* id : {"stranger", "shop"}) {
    if (std::string_view(id) == "shop") run_task(store().clients.add(a_client()));
    if (std::string_view(id) == "stranger") add_stranger(id, kNow - hours(2));
    auto transaction = a_transaction(random);
    transaction.client_id = id;
    run_task(store().transactions.add(transaction));
    run_task(store().transactions.approve(transaction.id, "alice-sub", true, kNow));
  }
  EXPECT_EQ(run_task(store().clients.purge_unused(kNow, 10)), 1u);
  EXPECT_FALSE(run_task(store().consents.find("alice-sub", "stranger")));
  EXPECT_EQ(run_task(store().consents.epoch("alice-sub", "stranger")), 1);
  const auto other = run_task(store().consents.find("alice-sub", "shop"));
  ASSERT_TRUE(other);
  EXPECT_EQ(other->scopes.size(), 2u);
}

TEST_P(ClientRecordsContract, DC_08_a_logo_is_replaced_and_goes_with_its_client) {
  const auto logo = [&] { return run_task(store().client_logos.find("shop")); };
  run_task(store().client_logos.put(a_logo()));
  EXPECT_FALSE(logo());  // there is no such client
  run_task(store().clients.add(a_client()));
  run_task(store().client_logos.put(a_logo()));
  auto other = a_logo();
  other.content_type = "image/webp";
  other.image = {1, 0, 2};
  other.fetched_at = kNow + hours(1);
  run_task(store().client_logos.put(other));
  ASSERT_TRUE(logo());
  EXPECT_EQ(logo()->content_type, "image/webp");
  EXPECT_EQ(logo()->image, other.image);
  EXPECT_EQ(logo()->fetched_at, other.fetched_at);
  run_task(store().client_logos.remove("shop"));
  EXPECT_FALSE(logo());
  run_task(store().client_logos.put(a_logo()));
  run_task(store().clients.remove("shop"));
  EXPECT_FALSE(logo());
}

}  // namespace
}  // namespace claviger::test
