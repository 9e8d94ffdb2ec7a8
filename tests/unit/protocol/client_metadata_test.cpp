// What a client may register beyond its redirect URIs: a complete registration that is right, and
// one member spoiled at a time.
#include <boost/json.hpp>

#include "base/json.hpp"
#include "protocol/registration/client.hpp"
#include "protocol/registration/client_keys.hpp"
#include "protocol/registration/client_record.hpp"
#include "tests/unit/crypto/vectors.hpp"
#include "tests/unit/protocol/baseline.hpp"

namespace claviger::protocol::test {
namespace {

namespace json = boost::json;
using crypto::Alg;

const std::vector<Alg> kAlgs{Alg::ES256, Alg::RS256};

// Braces around one text would be that text, not a list of it.
json::array list(std::initializer_list<const char*> texts) {
  json::array array;
  for (const auto* text : texts) array.emplace_back(text);
  return array;
}

Policy certified() {
  Policy made = policy();
  made.registration_profile = Profile::oidc_compat;
  made.loopback_issuer = true;
  return made;
}

json::object keys() {
  json::array list{crypto::test::object(crypto::test::kP256),
                   crypto::test::object(crypto::test::kRsa)};
  int number = 0;
  for (auto& key : list) key.as_object()["kid"] = "k" + std::to_string(++number);
  return {{"keys", std::move(list)}};
}

// Everything that a client can say, and all of it right. C3.3
json::object valid() {
  return {{"client_name", "My App"},
          {"redirect_uris", list({"https://app.example/cb", "https://app.example/cb2"})},
          {"post_logout_redirect_uris", list({"https://app.example/bye"})},
          {"grant_types", list({"authorization_code", "refresh_token", "implicit"})},
          {"response_types", list({"code", "code id_token", "id_token token"})},
          {"application_type", "web"},
          {"contacts", list({"ops@app.example"})},
          {"client_uri", "https://app.example/"},
          {"logo_uri", "https://app.example/logo.png"},
          {"policy_uri", "https://app.example/privacy"},
          {"tos_uri", "https://app.example/terms"},
          {"jwks", keys()},
          {"subject_type", "pairwise"},
          {"token_endpoint_auth_method", "private_key_jwt"},
          {"token_endpoint_auth_signing_alg", "ES256"},
          {"id_token_signed_response_alg", "ES256"},
          {"id_token_encrypted_response_alg", "RSA-OAEP-256"},
          {"id_token_encrypted_response_enc", "A128GCM"},
          {"userinfo_signed_response_alg", "RS256"},
          {"introspection_signed_response_alg", "RS256"},
          {"request_object_signing_alg", "RS256"},
          {"default_max_age", 3600},
          {"require_auth_time", true},
          {"default_acr_values", list({"urn:claviger:acr:1"})},
          {"initiate_login_uri", "https://app.example/start"},
          {"request_uris", list({"https://app.example/request.jwt#x8dHy-1"})},
          {"frontchannel_logout_uri", "https://app.example/front?a=b"},
          {"frontchannel_logout_session_required", true},
          {"backchannel_logout_uri", "https://push.example/back"},
          {"backchannel_logout_session_required", true},
          {"software_id", "4NRB1-0XZABZI9E6-5SM3R"},
          {"software_version", "2.1"},
          {"scope", "email phone"}};
}

json::object with_member(std::string_view name, json::value value) {
  auto object = valid();
  object[name] = std::move(value);
  return object;
}

json::object plain() { return {{"redirect_uris", list({"https://app.example/cb"})}}; }

json::object plain_with(std::initializer_list<std::pair<const char*, json::value>> members) {
  auto object = plain();
  for (const auto& [name, value] : members) object[name] = value;
  return object;
}

std::string_view judged(const json::object& object, const Policy& policy = certified()) {
  const auto parsed = parse_complete_registration(object, policy);
  if (!parsed) return parsed.error().reason->id;
  return outcome(judge_client_registration(*parsed, policy, true, kAlgs));
}

std::string_view spoiled(std::string_view name, json::value value) {
  return judged(with_member(name, std::move(value)));
}

// RFC7591-2, OIDCDR-2
TEST(ClientMetadata, C3_3_everything_is_accepted_and_told_again) {  // C3.3
  ASSERT_EQ(judged(valid()), "ok");
  const auto parsed = parse_complete_registration(valid(), certified());
  const auto told = client_information(parsed->metadata, certified());
  for (const auto& [name, value] : valid()) {
    ASSERT_TRUE(told.contains(name)) << name;
    EXPECT_EQ(told.at(name), value) << name;
  }
  EXPECT_EQ(parsed->metadata.metadata.sector, "app.example");
  for (const char* internal : {"profile", "registered_by", "sector", "disabled", "epoch",
                               "secret_hash", "registration_token_hash"}) {
    EXPECT_FALSE(told.contains(internal)) << internal;
  }
}

// RFC7591-3.2.1: what was filled in is told as well.
TEST(ClientMetadata, defaults_are_told) {
  const auto parsed = parse_complete_registration(plain(), certified());
  ASSERT_TRUE(parsed);
  const auto told = client_information(parsed->metadata, certified());
  EXPECT_EQ(told.at("response_types"), json::value(list({"code"})));
  EXPECT_EQ(told.at("token_endpoint_auth_method"), "client_secret_basic");
  EXPECT_EQ(told.at("subject_type"), "public");
  EXPECT_EQ(told.at("application_type"), "web");
  // C3.9: no scope asked is every scope that is offered.
  EXPECT_EQ(told.at("scope"), "username email firstname lastname phone");
}

// RFC7592-2.2: null takes away. DC-05: what nobody knows is passed over, in other languages too.
TEST(ClientMetadata, DC_05_null_and_unknown_members) {
  const auto parsed = parse_complete_registration(plain_with({{"client_name", nullptr},
                                                              {"policy_uri", nullptr},
                                                              {"jwks", nullptr},
                                                              {"client_name#de", "Meine App"},
                                                              {"policy_uri#fr", "javascript:x"},
                                                              {"trusted", true},
                                                              {"profile", "fapi2"},
                                                              {"sector", "other.example"},
                                                              {"has_logo", true},
                                                              {"access_token_format", "opaque"},
                                                              {"epoch", 7}}),
                                                  policy());
  ASSERT_TRUE(parsed);
  const auto& client = parsed->metadata;
  EXPECT_EQ(client.name, "");
  EXPECT_EQ(client.profile, Profile::standard);
  EXPECT_EQ(client.metadata.sector, "app.example");
  EXPECT_FALSE(client.metadata.has_logo);
  EXPECT_EQ(client.metadata.access_token_format, AccessTokenFormat::jwt);
  EXPECT_EQ(client.epoch, 0);
  EXPECT_EQ(judged(plain(), policy()), "ok");
}

TEST(ClientMetadata, wrong_types_of_every_member) {
  for (const auto& [name, value] : valid()) {
    // A list for a text, a text for everything else: never what it should be.
    const json::value wrong =
        value.is_string() ? json::value(json::array(1, 1)) : json::value("no such thing");
    EXPECT_NE(judged(with_member(name, wrong)), "ok") << name;
    EXPECT_NE(judged(with_member(name, json::object{{"a", 1}})), "ok") << name;
    EXPECT_NE(judged(with_member(name, -1)), "ok") << name;
  }
}

struct Row {
  std::string_view id;
  const char* name;
  json::value value;
  std::string_view outcome;
};

// OX-04, OX-07, RU-10, RU-15, DC-02, OIDCC-4, OIDCFC-2, OIDCRL-3.1
TEST(ClientMetadata, C3_4_uris) {  // C3.4
  const Row rows[] = {
      {"C3.4", "redirect_uris", list({"https://app.example/cb#f"}), "redirect_uri.fragment"},
      {"RU-10", "post_logout_redirect_uris", list({"https://app.example/#f"}),
       "redirect_uri.fragment"},
      {"RU-06", "redirect_uris", list({"https://*.example/cb"}), "redirect_uri.wildcard"},
      {"RU-15", "redirect_uris", list({"view-source:https://app.example"}), "redirect_uri.scheme"},
      {"OX-04", "post_logout_redirect_uris", list({"javascript:alert(1)"}), "redirect_uri.scheme"},
      {"OX-04", "post_logout_redirect_uris", list({"http://app.example/"}),
       "redirect_uri.plain_http"},
      {"RU-14", "redirect_uris", list({"myapp:/cb"}), "redirect_uri.scheme"},
      {"C3.4", "initiate_login_uri", "http://app.example/start",
       "client_metadata.initiate_login_uri"},
      {"OX-04", "initiate_login_uri", "http://localhost/start",
       "client_metadata.initiate_login_uri"},
      {"OX-04", "initiate_login_uri", "javascript:alert(1)", "client_metadata.initiate_login_uri"},
      {"DC-02", "jwks_uri", "http://169.254.169.254/latest", "client_metadata.uri"},
      {"RU-15", "policy_uri", "javascript:alert(1)", "client_metadata.uri"},
      {"RU-15", "tos_uri", "data:text/html,x", "client_metadata.uri"},
      {"RU-15", "client_uri", "http://app.example/", "client_metadata.uri"},
      {"DC-08", "logo_uri", "file:///etc/passwd", "client_metadata.uri"},
      {"RU-04", "logo_uri", "https://good@evil.example/", "client_metadata.uri"},
      {"OX-07", "frontchannel_logout_uri", "javascript:alert(1)", "client_metadata.uri"},
      {"OIDCFC-2", "frontchannel_logout_uri", "https://other.example/front",
       "client_metadata.logout_uri"},
      {"OIDCFC-2", "frontchannel_logout_uri", "https://app.example:444/front",
       "client_metadata.logout_uri"},
      {"OX-04", "backchannel_logout_uri", "http://push.example/back", "client_metadata.uri"},
      {"OX-04", "backchannel_logout_uri", "http://localhost:3000/back", "ok"},
      {"RU-10", "backchannel_logout_uri", "https://push.example/back#f", "client_metadata.uri"},
      {"C3.3", "request_uris", list({"http://app.example/r"}), "client_metadata.request_uris"},
      {"C3.3", "request_uris", list({"https://app.example/r#a#b"}), "client_metadata.request_uris"},
      {"DC-10", "sector_identifier_uri", "http://localhost/sector", "client_metadata.uri"},
      {"DC-10", "sector_identifier_uri", "https://app.example/sector.json", "ok"},
  };
  for (const auto& row : rows) {
    auto object = with_member(row.name, row.value);
    if (std::string_view(row.name) == "jwks_uri") object.erase("jwks");
    EXPECT_EQ(judged(object), row.outcome) << row.id << ' ' << row.name;
  }
  json::array many;
  for (int i = 0; i < 33; ++i) many.emplace_back("https://app.example/" + std::to_string(i));
  EXPECT_EQ(spoiled("request_uris", many), "client_metadata.request_uris");
  EXPECT_EQ(spoiled("post_logout_redirect_uris", many),
            "client_metadata.post_logout_redirect_uris");
}

// Plain http on this very machine is for issuers on this very machine.
TEST(ClientMetadata, loopback_only_where_the_issuer_is) {
  auto elsewhere = certified();
  elsewhere.loopback_issuer = false;
  const auto object = plain_with({{"backchannel_logout_uri", "http://localhost:3000/back"}});
  EXPECT_EQ(judged(object), "ok");
  EXPECT_EQ(judged(object, elsewhere), "client_metadata.uri");
}

// C3.6, C3.9: https on localhost passes; for a web client with implicit where the issuer is
// loopback.
TEST(ClientMetadata, C3_6_https_on_localhost) {  // C3.6 C3.9
  auto object = json::object{{"redirect_uris", list({"https://localhost:8443/test/a/x/callback"})}};
  EXPECT_EQ(judged(object, policy()), "ok");
  object["grant_types"] = list({"implicit"});
  object["response_types"] = list({"id_token"});
  EXPECT_EQ(judged(object), "ok");
  auto elsewhere = certified();
  elsewhere.loopback_issuer = false;
  EXPECT_EQ(judged(object, elsewhere), "client_metadata.implicit_redirect");
  object["redirect_uris"] = list({"http://localhost:8443/cb"});
  EXPECT_EQ(judged(object), "client_metadata.implicit_redirect");
  object["application_type"] = "native";
  EXPECT_EQ(judged(object), "ok");
}

// C3.9: refused, never dropped in silence.
TEST(ClientMetadata, C3_9_grants_and_response_types) {  // C3.9
  const auto types = [](json::value grants, json::value responses) {
    return plain_with(
        {{"grant_types", std::move(grants)}, {"response_types", std::move(responses)}});
  };
  const json::array both = list({"authorization_code", "implicit"});
  EXPECT_EQ(judged(types(list({"authorization_code"}), list({"code"}))), "ok");
  EXPECT_EQ(judged(types(list({"implicit"}), list({"id_token", "token id_token"}))), "ok");
  EXPECT_EQ(judged(types(both, list({"code token", "code id_token token", "token"}))), "ok");
  EXPECT_EQ(judged(types(list({"authorization_code"}), list({"code id_token"}))),
            "client_metadata.unfit_grant");
  EXPECT_EQ(judged(types(list({"implicit"}), list({"code id_token"}))),
            "client_metadata.unfit_grant");
  EXPECT_EQ(judged(types(list({"implicit"}), list({"code"}))), "client_metadata.unfit_grant");
  EXPECT_EQ(judged(types(list({"authorization_code"}), list({"none"}))),
            "client_registration.response_type");
  EXPECT_EQ(judged(types(list({"authorization_code"}), list({"code code"}))),
            "client_registration.response_type");
  EXPECT_EQ(judged(types(json::array{}, list({"code"}))), "client_registration.grant_type");
  EXPECT_EQ(judged(types(list({"password"}), list({"code"}))), "client_registration.grant_type");
  EXPECT_EQ(judged(types(list({"implicit", "refresh_token"}), list({"id_token"}))),
            "client_registration.grant_type");
  // The profile default has none of it.
  EXPECT_EQ(judged(types(list({"implicit"}), list({"id_token"})), policy()),
            "client_metadata.profile");
  EXPECT_EQ(judged(types(both, list({"code", "code id_token"})), policy()),
            "client_metadata.profile");
  EXPECT_EQ(judged(plain_with({{"grant_types", both}}), policy()), "client_metadata.profile");
  EXPECT_EQ(judged(plain_with({{"request_uris", list({"https://app.example/r"})}}), policy()),
            "client_metadata.profile");
}

// RFC6749-4.4, RFC7591-5
TEST(ClientMetadata, grants_without_a_person) {
  const json::object service{{"grant_types", list({"client_credentials"})}};
  EXPECT_EQ(judged(service, policy()), "ok");
  const auto parsed = parse_complete_registration(service, policy());
  EXPECT_TRUE(parsed->metadata.response_types.empty());
  auto open = service;
  open["token_endpoint_auth_method"] = "none";
  EXPECT_EQ(judged(open, policy()), "client_metadata.public_grant");
  const json::object device{{"grant_types", list({"urn:ietf:params:oauth:grant-type:device_code"})},
                            {"token_endpoint_auth_method", "none"}};
  EXPECT_EQ(judged(device, policy()), "ok");
  for (const char* grant : {"urn:ietf:params:oauth:grant-type:token-exchange",
                            "urn:ietf:params:oauth:grant-type:jwt-bearer"}) {
    const auto asked =
        parse_complete_registration(json::object{{"grant_types", list({grant})}}, policy());
    ASSERT_TRUE(asked);
    EXPECT_EQ(outcome(judge_own_choice(asked->metadata, nullptr)),
              "client_metadata.operator_grant");
    // What the operator gave can be kept, not taken.
    EXPECT_EQ(outcome(judge_own_choice(asked->metadata, &asked->metadata)), "ok");
    const Client without;
    EXPECT_EQ(outcome(judge_own_choice(asked->metadata, &without)),
              "client_metadata.operator_grant");
  }
}

// CA-20, RFC7517-5
TEST(ClientMetadata, CA_20_keys) {
  auto with_secret = keys();
  with_secret["keys"].as_array()[0].as_object()["d"] = "AAAA";
  auto symmetric = keys();
  symmetric["keys"].as_array().push_back({{"kty", "oct"}, {"k", "AAAA"}});
  auto twice = keys();
  twice["keys"].as_array()[1].as_object()["kid"] = "k1";
  for (const auto& set : {with_secret, symmetric, twice, json::object{{"keys", 1}}}) {
    EXPECT_EQ(spoiled("jwks", set), "client_metadata.jwks") << json::serialize(set);
  }
  EXPECT_EQ(spoiled("jwks_uri", "https://app.example/jwks"), "client_metadata.jwks_twice");
  auto elsewhere = with_member("jwks_uri", "https://app.example/jwks");
  elsewhere.erase("jwks");
  EXPECT_EQ(judged(elsewhere), "ok");
  auto without = valid();
  without.erase("jwks");
  EXPECT_EQ(judged(without), "client_metadata.no_keys");
  auto only_rsa = keys();
  only_rsa["keys"].as_array().erase(only_rsa["keys"].as_array().begin());
  EXPECT_EQ(spoiled("jwks", only_rsa), "client_metadata.no_keys");  // ES256 was promised
}

// OIDCDR-2: nothing under a secret, nothing unsigned, nothing that we can't do.
TEST(ClientMetadata, algorithms) {
  for (const char* name : {"id_token_signed_response_alg", "userinfo_signed_response_alg",
                           "introspection_signed_response_alg", "request_object_signing_alg"}) {
    for (const char* alg : {"none", "HS256", "HS512", "rs256", "RS1"}) {
      EXPECT_EQ(spoiled(name, alg), "client_metadata.signing_alg") << name << ' ' << alg;
    }
  }
  // Known, but there is no such key here.
  EXPECT_EQ(spoiled("id_token_signed_response_alg", "PS256"), "client_metadata.signing_alg");
  EXPECT_EQ(spoiled("request_object_signing_alg", "PS256"), "ok");
  EXPECT_EQ(spoiled("token_endpoint_auth_signing_alg", "HS256"), "client_metadata.signing_alg");
  EXPECT_EQ(spoiled("id_token_encrypted_response_alg", "RSA1_5"), "client_metadata.encryption");
  EXPECT_EQ(spoiled("id_token_encrypted_response_alg", "dir"), "client_metadata.encryption");
  EXPECT_EQ(spoiled("id_token_encrypted_response_enc", "A192GCM"), "client_metadata.encryption");
  EXPECT_EQ(spoiled("userinfo_encrypted_response_enc", "A128GCM"), "client_metadata.encryption");
  EXPECT_EQ(spoiled("request_object_encryption_alg", "RSA-OAEP-256"), "client_metadata.encryption");
  const auto filled = parse_complete_registration(
      with_member("userinfo_encrypted_response_alg", "ECDH-ES"), certified());
  EXPECT_EQ(filled->metadata.metadata.userinfo.encrypted_enc, "A128CBC-HS256");
}

// RFC7518-3.2
TEST(ClientMetadata, client_secret_jwt) {
  const auto asked = [](json::value alg, json::value secret) {
    return plain_with({{"token_endpoint_auth_method", "client_secret_jwt"},
                       {"token_endpoint_auth_signing_alg", std::move(alg)},
                       {"client_secret", std::move(secret)}});
  };
  EXPECT_EQ(judged(asked("HS256", nullptr)), "ok");
  EXPECT_EQ(judged(asked(nullptr, nullptr)), "ok");
  EXPECT_EQ(judged(asked("RS256", nullptr)), "client_metadata.signing_alg");
  EXPECT_EQ(judged(asked("HS256", json::value(std::string(31, 's')))),
            "client_registration.secret_short");
  EXPECT_EQ(judged(asked("HS256", json::value(std::string(32, 's')))), "ok");
  EXPECT_EQ(spoiled("client_secret", json::value(std::string(32, 's'))),
            "client_registration.secret_of_public");  // private_key_jwt
  for (const char* method : {"tls_client_auth", "self_signed_tls_client_auth", "private_key"}) {
    EXPECT_EQ(spoiled("token_endpoint_auth_method", method), "client_registration.auth_method");
  }
}

// OIDCC-8.1
TEST(ClientMetadata, pairwise_subjects) {
  const json::array hosts = list({"https://app.example/cb", "https://other.example/cb"});
  EXPECT_EQ(spoiled("redirect_uris", hosts), "client_metadata.sector");
  auto listed = with_member("redirect_uris", hosts);
  listed["sector_identifier_uri"] = "https://sector.example:8443/list.json";
  EXPECT_EQ(judged(listed), "ok");
  const auto parsed = parse_complete_registration(listed, certified());
  EXPECT_EQ(parsed->metadata.metadata.sector, "sector.example");
  EXPECT_EQ(spoiled("subject_type", "transient"), "client_metadata.subject_type");
}

// DC-10, OIDCDR-5
TEST(ClientMetadata, DC_10_sector_documents) {
  Client client;
  client.redirect_uris = {"https://a.example/cb", "https://b.example/cb"};
  const auto judged_document = [&](std::string_view text) {
    return outcome(judge_sector_document(text, client));
  };
  EXPECT_EQ(
      judged_document(R"(["https://b.example/cb","https://c.example","https://a.example/cb"])"),
      "ok");
  for (const char* text :
       {R"(["https://a.example/cb"])", R"(["https://a.example/cb","https://b.example/cb/"])", "[]",
        R"({"redirect_uris":["https://a.example/cb","https://b.example/cb"]})",
        R"(["https://a.example/cb","https://b.example/cb",1])", "", "<html>"}) {
    EXPECT_EQ(judged_document(text), "client_metadata.sector_document") << text;
  }
}

// RFC7591-2.3
TEST(ClientMetadata, software_statements_are_refused) {
  const auto parsed = parse_complete_registration(
      with_member("software_statement", "eyJhbGciOiJub25lIn0.e30."), certified());
  ASSERT_FALSE(parsed);
  EXPECT_EQ(parsed.error().reason->id, "client_metadata.software_statement");
  EXPECT_EQ(parsed.error().code(), ErrorCode::invalid_software_statement);
}

TEST(ClientMetadata, small_things) {
  const std::string long_text(257, 'a');
  EXPECT_EQ(spoiled("contacts", json::array(1, json::value(long_text))), "client_metadata.text");
  EXPECT_EQ(spoiled("contacts", json::array(33, json::value("a@b"))), "client_metadata.text");
  EXPECT_EQ(spoiled("software_version", "2\n1"), "client_metadata.text");
  EXPECT_EQ(spoiled("default_acr_values", json::array(1, json::value(long_text))),
            "client_metadata.text");
  EXPECT_EQ(spoiled("default_max_age", "3600"), "client_metadata.default_max_age");
  EXPECT_EQ(spoiled("default_max_age", -1), "client_metadata.default_max_age");
  EXPECT_EQ(spoiled("default_max_age", 0), "ok");
  EXPECT_EQ(spoiled("require_auth_time", "true"), "registration.member_type");
}

// DC-03: what may become of a record.
TEST(ClientMetadata, DC_03_methods_that_may_follow) {
  Client before = confidential_client();
  Client after = before;
  after.auth_method = AuthMethod::client_secret_post;
  EXPECT_EQ(outcome(judge_client_change(before, after)), "ok");
  after.auth_method = AuthMethod::private_key_jwt;
  EXPECT_EQ(outcome(judge_client_change(before, after)), "ok");
  after.auth_method = AuthMethod::none;
  EXPECT_EQ(outcome(judge_client_change(before, after)), "client_metadata.method_changed");
  after.auth_method = AuthMethod::client_secret_jwt;  // RFC7592-2.2: nobody sealed its secret
  EXPECT_EQ(outcome(judge_client_change(before, after)), "client_metadata.method_changed");
  before.sealed_secret = {1};
  EXPECT_EQ(outcome(judge_client_change(before, after)), "ok");
  before = public_client();
  after = before;
  after.auth_method = AuthMethod::client_secret_basic;
  EXPECT_EQ(outcome(judge_client_change(before, after)), "client_metadata.method_changed");
}

TEST(ClientMetadata, signing_algorithms_are_those_of_the_keys) {
  EXPECT_EQ(signing_algs_of(ring(), kNow), std::vector{Alg::ES256});
}

}  // namespace
}  // namespace claviger::protocol::test
