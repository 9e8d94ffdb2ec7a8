#include "protocol/registration/client.hpp"

#include "base/json.hpp"
#include "tests/unit/protocol/baseline.hpp"

namespace claviger::protocol::test {
namespace {

Form valid() {
  return form({{"client_id", "demo"},
               {"client_secret", kSecret},
               {"redirect_uri", "http://localhost:3000/callback"}});
}

// Parsed and judged, as a stranger's wish.
std::string_view judged(const Form& form) {
  const auto parsed = parse_client_registration(form, policy());
  if (!parsed) return parsed.error().reason->id;
  return outcome(judge_client_registration(*parsed, policy(), true));
}

std::string_view judged_json(std::string_view text) {
  const auto parsed = parse_client_registration(parse_json(text).value(), policy());
  if (!parsed) return parsed.error().reason->id;
  return outcome(judge_client_registration(*parsed, policy(), true));
}

TEST(ClientRegistration, of_the_first_callers) {
  const auto parsed = parse_client_registration(valid(), policy());
  ASSERT_TRUE(parsed);
  EXPECT_EQ(parsed->client_id, "demo");
  EXPECT_EQ(parsed->client_secret->reveal(), kSecret);
  EXPECT_EQ(parsed->metadata.client_id, "demo");
  EXPECT_EQ(parsed->metadata.redirect_uris,
            std::vector<std::string>{"http://localhost:3000/callback"});
  EXPECT_EQ(parsed->metadata.auth_method, AuthMethod::client_secret_basic);
  EXPECT_EQ(parsed->metadata.registered_by, RegisteredBy::self);
  EXPECT_EQ(parsed->metadata.grant_types, Client{}.grant_types);
  EXPECT_TRUE(judge_client_registration(*parsed, policy(), true));
}

// RFC7591-2
TEST(ClientRegistration, of_the_standard) {
  const auto json = parse_json(R"({
      "client_name": "My App", "redirect_uris": ["https://a.example/1", "https://a.example/2"],
      "grant_types": ["authorization_code"], "response_types": ["code"], "scope": "email openid",
      "token_endpoint_auth_method": "none", "application_type": "native",
      "contacts": ["x"], "trusted": true, "registered_by": "operator", "disabled": true})");
  const auto parsed = parse_client_registration(*json, policy());
  ASSERT_TRUE(parsed) << parsed.error().reason->id;
  const auto& client = parsed->metadata;
  EXPECT_FALSE(parsed->client_id);
  EXPECT_FALSE(parsed->client_secret);
  EXPECT_EQ(client.name, "My App");
  EXPECT_EQ(client.redirect_uris.size(), 2u);
  EXPECT_EQ(client.grant_types, std::vector{GrantType::authorization_code});
  EXPECT_EQ(client.scopes, std::vector<std::string>{"email"});  // DC-02: clamped
  EXPECT_EQ(client.auth_method, AuthMethod::none);
  EXPECT_EQ(client.application_type, ApplicationType::native);
  EXPECT_EQ(client.registered_by, RegisteredBy::self);  // DC-05
  EXPECT_FALSE(client.disabled);                        // DC-05
  EXPECT_TRUE(judge_client_registration(*parsed, policy(), true));
}

TEST(ClientRegistration, lists_in_forms) {
  auto two = plus(valid(), "redirect_uri", "https://a.example/cb");
  two = plus(plus(two, "redirect_uris", "https://a.example/cb https://a.example/3"), "grant_types",
             "authorization_code refresh_token");
  const auto parsed = parse_client_registration(two, policy());
  ASSERT_TRUE(parsed);
  EXPECT_EQ(parsed->metadata.redirect_uris.size(), 3u);
  EXPECT_EQ(parsed->metadata.grant_types.size(), 2u);
}

// RFC6749-A.1, RFC6749-A.2, OAUTH21-2.4.1, OAUTH21-7.9, OIDCDR-2
TEST(ClientRegistration, one_spoiled_member) {
  const auto spoiled = [](std::string_view name, std::string_view value) {
    return judged(with(valid(), name, value));
  };
  const std::string long_name(65, 'n');
  struct Row {
    std::string_view id, name, value, outcome;
  };
  const Row rows[] = {
      {"RFC6749-A.1", "client_id", "a b", "client_registration.client_id"},
      {"RFC6749-A.1", "client_id", "a\"b", "client_registration.client_id"},
      {"RFC6749-A.1", "client_id", "\xc3\xa9", "client_registration.client_id"},
      {"CM-12", "client_id", "https://evil.example/id", "client_registration.client_id"},
      {"CM-12", "client_id", "HTTPS://evil.example/id", "client_registration.client_id"},
      {"RFC6749-A.2", "client_secret", "sixteen-and-\xc3\xa9-more", "client_registration.secret"},
      {"OAUTH21-2.4.1", "client_secret", "fifteen-letters", "client_registration.secret_short"},
      {"OAUTH21-2.4.1", "client_secret", "sixteen--letters", "ok"},
      {"RFC7591-2", "token_endpoint_auth_method", "none", "client_registration.secret_of_public"},
      {"RFC7591-2", "token_endpoint_auth_method", "private_key_jwt",
       "client_registration.secret_of_public"},
      {"RFC7591-2", "token_endpoint_auth_method", "tls_client_auth",
       "client_registration.auth_method"},
      {"RFC7591-2", "grant_types", "password", "client_registration.grant_type"},
      {"RFC7591-2", "grant_types", "implicit", "client_metadata.profile"},
      {"RFC7591-2", "grant_types", "refresh_token", "client_registration.grant_type"},
      {"RFC7591-2", "response_types", "token", "client_metadata.profile"},
      {"RFC7591-2", "response_types", "none", "client_registration.response_type"},
      {"OIDCDR-2", "application_type", "browser", "client_registration.application_type"},
      {"DC-02", "scope", "openid", "client_registration.scope"},
      {"DC-02", "scope", "a\"b", "client_registration.scope"},
      {"DC-02", "redirect_uri", "javascript:alert(1)", "redirect_uri.scheme"},
      {"RU-06", "redirect_uri", "https://*.example.com/", "redirect_uri.wildcard"},
      {"RU-10", "redirect_uri", "https://a.example/#f", "redirect_uri.fragment"},
      {"RU-14", "redirect_uri", "com.example.app:/cb", "redirect_uri.private_scheme"},
      {"RFC7591-2", "redirect_uri", "", "client_registration.no_redirect_uri"},
      {"DC-09", "client_name", "My App", "ok"},
      {"DC-09", "client_name", long_name, "client_registration.name"},
      {"DC-09", "client_name", "evil\xe2\x80\xaegoogle", "client_registration.name"},
      {"DC-09", "client_name", "Goo\xe2\x80\x8bgle", "client_registration.name"},
      {"DC-09", "client_name", "a\x1b[31m", "client_registration.name"},
      {"DC-09", "client_name", "   ", "client_registration.name"},
  };
  for (const auto& row : rows) {
    EXPECT_EQ(spoiled(row.name, row.value), row.outcome) << row.id << ' ' << row.name;
  }
}

// DC-09: what looks the same is the same.
TEST(ClientRegistration, DC_09_names_are_normalised) {
  const auto parsed = parse_client_registration(
      with(valid(), "client_name", "\xef\xbc\xa7oogle \xef\xac\x81le"), policy());
  ASSERT_TRUE(parsed);
  EXPECT_EQ(parsed->metadata.name, "Google file");
}

// RFC7591-3.1
TEST(ClientRegistration, wrong_shapes) {
  EXPECT_EQ(judged(plus(valid(), "client_id", "x")), "registration.repeated");
  EXPECT_EQ(judged_json("[]"), "registration.not_an_object");
  EXPECT_EQ(judged_json(R"({"redirect_uris": "https://a.example/"})"), "registration.member_type");
  EXPECT_EQ(judged_json(R"({"redirect_uris": [1]})"), "registration.member_type");
  EXPECT_EQ(judged_json(R"({"redirect_uri": 1})"), "registration.member_type");
  EXPECT_EQ(judged_json(R"({"client_id": {}})"), "registration.member_type");
  EXPECT_EQ(judged_json(R"({})"), "client_registration.no_redirect_uri");
  EXPECT_EQ(judged_json(R"({"redirect_uri": "https://a.example/", "client_secret": ""})"),
            "client_registration.secret");
  EXPECT_EQ(judged_json(R"({"redirect_uri": "https://a.example/", "client_id": ""})"),
            "client_registration.client_id");
}

TEST(ClientRegistration, too_many_redirect_uris) {
  auto many = without(valid(), "redirect_uri");
  for (int i = 0; i < 33; ++i) {
    many.add("redirect_uris", "https://a.example/" + std::to_string(i));
  }
  EXPECT_EQ(judged(many), "client_registration.redirect_uris");
}

// The operator's own quickstart may have a short secret; a stranger may not (DC-03: same rules on
// the resulting record otherwise).
TEST(ClientRegistration, quickstart_secret) {
  ClientRegistration quickstart;
  quickstart.client_id = "demo-client";
  quickstart.client_secret = Secret("short");
  quickstart.metadata.redirect_uris = {"http://localhost:3000/callback"};
  EXPECT_TRUE(judge_client_registration(quickstart, policy(), false));
  EXPECT_EQ(outcome(judge_client_registration(quickstart, policy(), true)),
            "client_registration.secret_short");
  quickstart.metadata.redirect_uris = {"javascript:x"};
  EXPECT_EQ(outcome(judge_client_registration(quickstart, policy(), false)), "redirect_uri.scheme");
}

// Only what was asked is compared.
TEST(ClientRegistration, same_again) {
  const auto asked = [](const Form& form) { return *parse_client_registration(form, policy()); };
  auto stored = asked(plus(valid(), "client_name", "My App")).metadata;
  stored.scopes = {"email", "phone"};
  EXPECT_TRUE(same_registration(stored, asked(valid())));
  EXPECT_TRUE(same_registration(stored, asked(plus(valid(), "scope", "phone email"))));
  const std::pair<std::string_view, std::string_view> others[] = {
      {"client_name", "Other"},
      {"redirect_uri", "http://localhost:3001/callback"},
      {"scope", "email"},
      {"grant_types", "authorization_code"},
      {"application_type", "native"},
      {"token_endpoint_auth_method", "client_secret_post"},
  };
  for (const auto& [name, value] : others) {
    EXPECT_FALSE(same_registration(stored, asked(with(valid(), name, value)))) << name;
  }
  // A record that was written by hand names every member.
  ClientRegistration by_hand;
  by_hand.metadata = stored;
  EXPECT_TRUE(same_registration(stored, by_hand));
  by_hand.metadata.name = "";
  EXPECT_FALSE(same_registration(stored, by_hand));
}

}  // namespace
}  // namespace claviger::protocol::test
