// What an operator says of clients and people, and the tokens with which clients register
// themselves.
#include "base/token.hpp"
#include "crypto/digest.hpp"
#include "tests/unit/admin/office.hpp"

namespace claviger::admin::test {
namespace {

namespace json = boost::json;

json::object parsed(std::string_view text) { return json::parse(text).as_object(); }

const json::object kClient = parsed(R"({
    "client_id": "shop", "client_name": "The Shop", "redirect_uris": ["https://shop.example/cb"],
    "policy_uri": "https://shop.example/policy"})");

json::object plus(json::object object, const char* name, json::value value) {
  object[name] = std::move(value);
  return object;
}

Client stored(store::Store& store, const std::string& id = "shop") {
  return *run_task(store.clients.find(id));
}

// RFC7591-2, OIDCDR-2: the standard's members, by their names.
TEST_F(Office, a_client_may_have_every_standard_member) {
  auto asked = kClient;
  asked["profile"] = "oidc_compat";
  asked["grant_types"] = {"authorization_code", "implicit", "client_credentials",
                          "urn:ietf:params:oauth:grant-type:token-exchange"};
  asked["response_types"] = {"code", "code id_token"};
  asked["backchannel_logout_uri"] = "https://shop.example/back";
  asked["id_token_signed_response_alg"] = "RS256";
  asked["access_token_format"] = "opaque";
  const auto shown = ok("client.add", asked);
  for (const char* name : {"grant_types", "response_types", "backchannel_logout_uri",
                           "id_token_signed_response_alg", "policy_uri", "access_token_format"}) {
    ASSERT_TRUE(shown.contains(name)) << name;
    EXPECT_EQ(shown.at(name), asked.at(name)) << name;
  }
  const auto client = stored(*store);
  EXPECT_EQ(client.registered_by, RegisteredBy::operator_);
  EXPECT_EQ(client.metadata.access_token_format, AccessTokenFormat::opaque);
  EXPECT_TRUE(client.may_use(GrantType::token_exchange));
  EXPECT_EQ(
      refusal("client.add", plus(plus(kClient, "client_id", "b"), "access_token_format", "x")),
      "admin.bad_argument");
  EXPECT_EQ(refusal("client.add", plus(kClient, "software_statement", "x")),
            "client_metadata.software_statement");
  EXPECT_EQ(refusal("client.add", plus(kClient, "id_token_signed_response_alg", "HS256")),
            "client_metadata.signing_alg");
}

// RFC7662-2, IN-02: which API a client is, an operator says; only of what tokens can be asked for.
TEST_F(Office, a_client_may_be_an_api) {
  policy.resources = {"https://api.example/v1"};
  const auto api = parsed(R"({"resources": ["https://api.example/v1"]})").at("resources");
  const auto shown = ok("client.add", plus(kClient, "resources", api));
  EXPECT_EQ(shown.at("resources"), api);
  EXPECT_EQ(stored(*store).metadata.resources, policy.resources);
  ok("client.edit", parsed(R"({"client_id": "shop", "client_name": "The API"})"));
  EXPECT_EQ(stored(*store).metadata.resources, policy.resources);
  EXPECT_EQ(refusal("client.edit", parsed(R"({
      "client_id": "shop", "resources": ["https://evil.example"]})")),
            "admin.bad_argument");
  ok("client.edit", parsed(R"({"client_id": "shop", "resources": []})"));
  EXPECT_TRUE(stored(*store).metadata.resources.empty());
}

TEST_F(Office, editing_replaces_what_is_named_and_nothing_else) {
  ok("client.add", plus(kClient, "require_pkce", true));
  const auto before = stored(*store);
  const auto shown = ok("client.edit", parsed(R"({
      "client_id": "shop", "tos_uri": "https://shop.example/terms", "policy_uri": null})"));
  EXPECT_EQ(shown.at("tos_uri"), "https://shop.example/terms");
  EXPECT_FALSE(shown.contains("policy_uri"));
  const auto after = stored(*store);
  EXPECT_EQ(after.name, "The Shop");
  EXPECT_EQ(after.redirect_uris, before.redirect_uris);
  EXPECT_EQ(after.secret_hash, before.secret_hash);
  EXPECT_EQ(after.epoch, before.epoch);
  EXPECT_TRUE(after.require_pkce);
  EXPECT_TRUE(after.scopes.empty());  // every scope still, those of tomorrow too
  ok("client.edit", {{"client_id", "shop"}, {"require_pkce", false}, {"profile", "oidc_compat"}});
  EXPECT_FALSE(stored(*store).require_pkce);
  EXPECT_EQ(stored(*store).profile, Profile::oidc_compat);
}

// DC-03: the rules hold for what would become of the record.
TEST_F(Office, DC_03_edits_obey_every_rule) {
  ok("client.add", kClient);
  const auto edit = [&](const char* name, json::value value) {
    return refusal("client.edit", {{"client_id", "shop"}, {name, std::move(value)}});
  };
  EXPECT_EQ(edit("redirect_uris", json::array(1, "javascript:x")), "redirect_uri.scheme");
  EXPECT_EQ(edit("post_logout_redirect_uris", json::array(1, "javascript:x")),
            "redirect_uri.scheme");  // OX-04
  EXPECT_EQ(edit("redirect_uris", nullptr), "client_registration.no_redirect_uri");
  EXPECT_EQ(edit("token_endpoint_auth_method", "none"), "client_metadata.method_changed");
  EXPECT_EQ(edit("response_types", json::array(1, "id_token")), "client_metadata.profile");
  EXPECT_EQ(edit("client_secret", "a-secret-of-the-operator"), "admin.unknown_argument");
  EXPECT_EQ(edit("registered_by", "self"), "admin.unknown_argument");
  EXPECT_EQ(refusal("client.edit", {{"client_id", "nobody"}}), "admin.client_unknown");
  EXPECT_EQ(stored(*store).version, 0);
}

TEST_F(Office, client_secret_jwt_keeps_the_secret_sealed) {
  const auto opened = [&](std::string_view secret) {
    const auto sealed = stored(*store).sealed_secret;
    const auto open = master.open(sealed, "client_secret:shop");
    return open && open->reveal() == secret;
  };
  const auto added =
      ok("client.add", plus(kClient, "token_endpoint_auth_method", "client_secret_jwt"));
  EXPECT_TRUE(opened(text(added, "client_secret")));
  const auto rotated = ok("client.rotate_secret", {{"client_id", "shop"}});
  EXPECT_TRUE(opened(text(rotated, "client_secret")));
  EXPECT_FALSE(opened(text(added, "client_secret")));
}

TEST_F(Office, a_client_with_keys_has_no_secret) {
  auto asked = plus(kClient, "token_endpoint_auth_method", "private_key_jwt");
  EXPECT_EQ(refusal("client.add", asked), "client_metadata.no_keys");
  asked["jwks_uri"] = "https://shop.example/jwks";
  EXPECT_FALSE(ok("client.add", asked).contains("client_secret"));
  EXPECT_EQ(refusal("client.rotate_secret", {{"client_id", "shop"}}), "admin.client_public");
}

// C11.3: a person with every claim, from one object.
TEST_F(Office, C11_3_users_have_every_standard_claim) {  // C11.3
  const auto claims = parsed(R"({
      "given_name": "Ada", "family_name": "King", "nickname": "Countess",
      "birthdate": "1815-12-10", "zoneinfo": "Europe/London", "locale": "en-GB",
      "email": "ada@king.test", "email_verified": true, "phone_number": "+44 20 7946 0958",
      "phone_number_verified": true, "address": {"country": "GB"}})");
  const auto added = ok("user.add", {{"username", "ada"},
                                     {"email", "other@king.test"},
                                     {"password", "correct-horse-7"},
                                     {"claims", claims}});
  EXPECT_EQ(added.at("email"), "ada@king.test");
  EXPECT_EQ(added.at("firstname"), "Ada");
  EXPECT_EQ(added.at("email_verified"), true);
  EXPECT_EQ(added.at("phone_number_verified"), true);
  EXPECT_EQ(added.at("claims").at("address").at("country"), "GB");
  const auto user = run_task(store->users.find(text(added, "sub"))).value();
  EXPECT_EQ(user.claims.at("locale"), "en-GB");
  EXPECT_EQ(user.updated_at, clock.now());
  EXPECT_EQ(refusal("user.add", {{"username", "eve"},
                                 {"password", "correct-horse-7"},
                                 {"claims", {{"admin", true}}}}),
            "user_claim.unknown");
  EXPECT_EQ(refusal("user.add", {{"username", "eve"}, {"claims", "x"}}), "admin.bad_argument");
}

TEST_F(Office, claims_are_set_one_by_one) {
  const json::object ada{
      {"username", "ada"}, {"email", "ada@example.test"}, {"password", "correct-horse-7"}};
  const auto sub = text(ok("user.add", ada), "sub");
  ok("user.add",
     {{"username", "eve"}, {"email", "eve@example.test"}, {"password", "correct-horse-7"}});
  clock.advance(std::chrono::hours(1));
  ok("user.set_claims", {{"user", "ada"}, {"claims", parsed(R"({"nickname": "Countess"})")}});
  const auto shown = ok("user.set_claims", {{"user", "ADA@example.test"},
                                            {"claims", parsed(R"({"email_verified": true})")}});
  EXPECT_EQ(shown.at("claims").at("nickname"), "Countess");
  EXPECT_EQ(shown.at("email_verified"), true);
  const auto user = run_task(store->users.find(sub)).value();
  EXPECT_EQ(user.updated_at, clock.now());
  EXPECT_EQ(user.username, "ada");
  const auto set = [&](std::string_view claims) {
    return refusal("user.set_claims", {{"user", "ada"}, {"claims", parsed(claims)}});
  };
  EXPECT_EQ(set(R"({"email": "eve@example.test"})"), "admin.user_exists");
  EXPECT_EQ(set(R"({"email": "nonsense"})"), "user_registration.email");
  EXPECT_EQ(set(R"({"locale": "en_GB"})"), "user_claim.locale");
  EXPECT_EQ(set(R"({"sub": "x"})"), "user_claim.unknown");
  EXPECT_EQ(refusal("user.set_claims", {{"user", "nobody"}, {"claims", json::object()}}),
            "admin.user_unknown");
}

// RFC7591-3
TEST_F(Office, C3_8_tokens_for_registration) {  // C3.8
  const auto made = ok("registration_token.add",
                       {{"uses", 2}, {"profile", "oidc_compat"}, {"expires_in_seconds", 60}});
  const auto token = OpaqueToken::parse(text(made, "initial_access_token"));
  ASSERT_TRUE(token);
  EXPECT_EQ(text(made, "id"), token->selector.text());
  const auto row = run_task(store->initial_access_tokens.find(token->selector)).value();
  EXPECT_EQ(row.verifier_hash, crypto::sha256(ByteView(token->verifier)));
  EXPECT_EQ(row.profile, Profile::oidc_compat);
  EXPECT_EQ(row.uses_left, 2);
  EXPECT_EQ(row.expires_at, clock.now() + std::chrono::seconds(60));
  const auto plain = ok("registration_token.add", {});
  const auto listed = ok("registration_token.list", {});
  EXPECT_EQ(listed.at("registration_tokens").as_array().size(), 2u);
  // AD-08: shown once.
  EXPECT_EQ(json::serialize(listed).find(text(made, "initial_access_token")), std::string::npos);
  EXPECT_EQ(json::serialize(listed).find("hash"), std::string::npos);
  EXPECT_EQ(ok("registration_token.rm", {{"id", text(made, "id")}}).at("removed"), true);
  EXPECT_EQ(refusal("registration_token.rm", {{"id", text(made, "id")}}),
            "admin.registration_token_unknown");
  EXPECT_EQ(refusal("registration_token.rm", {{"id", "nonsense"}}),
            "admin.registration_token_unknown");
  EXPECT_EQ(refusal("registration_token.add", {{"profile", "lenient"}}), "admin.bad_argument");
  EXPECT_EQ(refusal("registration_token.add", {{"uses", 0}}), "admin.bad_argument");
  EXPECT_EQ(refusal("registration_token.add", {{"expires_in_seconds", 0}}), "admin.bad_argument");
}

}  // namespace
}  // namespace claviger::admin::test
