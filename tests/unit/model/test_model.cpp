#include <gtest/gtest.h>

#include <string>
#include <type_traits>

#include "model/client.hpp"
#include "model/redirect_target.hpp"
#include "model/server_key.hpp"

namespace claviger {

// The one way to a RedirectTarget is a rule of the protocol; this test stands in for it.
Result<RedirectTarget> protocol::match_redirect_uri(const Client&, std::string_view requested) {
  return RedirectTarget(std::string(requested));
}

namespace {

TEST(Client, words_of_the_standards) {
  // RFC7591-2
  EXPECT_EQ(to_string(GrantType::authorization_code), "authorization_code");
  EXPECT_EQ(parse_grant_type("refresh_token"), GrantType::refresh_token);
  EXPECT_EQ(parse_grant_type("refresh"), std::nullopt);  // the seed's word is not a client's
  EXPECT_EQ(parse_grant_type(""), std::nullopt);
  EXPECT_EQ(parse_grant_type("Refresh_token"), std::nullopt);
  EXPECT_EQ(parse_auth_method("client_secret_post"), AuthMethod::client_secret_post);
  EXPECT_EQ(parse_auth_method("private_key_jwt"), AuthMethod::private_key_jwt);
  EXPECT_EQ(parse_auth_method("tls_client_auth"), std::nullopt);
  EXPECT_EQ(to_string(Profile::standard), "default");
  EXPECT_EQ(to_string(RegisteredBy::operator_), "operator");
}

TEST(Client, words_come_back) {
  for (const auto v : {GrantType::authorization_code, GrantType::refresh_token})
    EXPECT_EQ(parse_grant_type(to_string(v)), v);
  for (const auto v :
       {AuthMethod::none, AuthMethod::client_secret_basic, AuthMethod::client_secret_post})
    EXPECT_EQ(parse_auth_method(to_string(v)), v);
  for (const auto v : {Profile::standard, Profile::oidc_compat, Profile::fapi2})
    EXPECT_EQ(parse_profile(to_string(v)), v);
  for (const auto v : {ApplicationType::web, ApplicationType::native})
    EXPECT_EQ(parse_application_type(to_string(v)), v);
  for (const auto v : {RegisteredBy::operator_, RegisteredBy::self, RegisteredBy::quickstart})
    EXPECT_EQ(parse_registered_by(to_string(v)), v);
}

// RFC6749-2
TEST(Client, public_and_allowed_grants) {
  Client client;
  EXPECT_FALSE(client.is_public());
  EXPECT_TRUE(client.may_use(GrantType::refresh_token));
  client.grant_types = {GrantType::authorization_code};
  EXPECT_FALSE(client.may_use(GrantType::refresh_token));
  client.auth_method = AuthMethod::none;
  EXPECT_TRUE(client.is_public());
}

TEST(ServerKey, purposes_differ) {
  EXPECT_EQ(to_string(KeyPurpose::signing), "signing");
  EXPECT_EQ(to_string(KeyPurpose::refresh_mac), "refresh_mac");
  EXPECT_EQ(to_string(KeyPurpose::secret_hash), "secret_hash");
}

// RFC6749-3.1.2.3: whatever was not matched can't become a target, nor a path of ours.
static_assert(!std::is_constructible_v<RedirectTarget, std::string>);
static_assert(!std::is_default_constructible_v<RedirectTarget>);
static_assert(!std::is_constructible_v<OwnPath, std::string>);

std::string answer(std::string_view uri, const Parameters& parameters) {
  return protocol::match_redirect_uri({}, uri)->with_query(parameters);
}

// RFC6749-3.1.2: the registered query is kept.
TEST(RedirectTarget, RFC6749_3_1_2_parameters_are_appended) {
  const Parameters two{{"code", "a.b"}, {"state", "x y&z=1#+%"}};
  EXPECT_EQ(answer("https://c.example/cb", two),
            "https://c.example/cb?code=a.b&state=x%20y%26z%3D1%23%2B%25");
  EXPECT_EQ(answer("https://c.example/cb?a=1", two),
            "https://c.example/cb?a=1&code=a.b&state=x%20y%26z%3D1%23%2B%25");
  EXPECT_EQ(answer("https://c.example/cb?", {{"code", "1"}}), "https://c.example/cb?code=1");
  EXPECT_EQ(answer("https://c.example/cb?a=1&", {{"code", "1"}, {"b", "2"}}),
            "https://c.example/cb?a=1&code=1&b=2");
  EXPECT_EQ(answer("com.example.app:/cb", {{"code", "1"}}), "com.example.app:/cb?code=1");
  EXPECT_EQ(answer("https://c.example/cb", {}), "https://c.example/cb");
}

// OIDCM-2.1: the same in a fragment, behind the registered query.
TEST(RedirectTarget, OIDCM_2_1_parameters_in_a_fragment) {
  const auto fragment = [](std::string_view uri, const Parameters& parameters) {
    return protocol::match_redirect_uri({}, uri)->with_fragment(parameters);
  };
  const Parameters two{{"id_token", "a.b.c"}, {"state", "x y&z=1#+%"}};
  EXPECT_EQ(fragment("https://c.example/cb?a=1", two),
            "https://c.example/cb?a=1#id_token=a.b.c&state=x%20y%26z%3D1%23%2B%25");
  EXPECT_EQ(fragment("https://c.example/cb", {}), "https://c.example/cb");
}

// OX family: a value can't begin a header line of its own.
TEST(RedirectTarget, line_breaks_are_encoded) {
  EXPECT_EQ(answer("https://c.example/cb", {{"state", "a\r\nSet-Cookie: b"}}),
            "https://c.example/cb?state=a%0D%0ASet-Cookie%3A%20b");
}

TEST(OwnPath, parameters_are_encoded) {
  EXPECT_EQ(OwnPath("/login").text(), "/login");
  EXPECT_EQ(OwnPath("/login").with("tx", "a/b").with("ui", "de en").text(),
            "/login?tx=a%2Fb&ui=de%20en");
}

}  // namespace
}  // namespace claviger
