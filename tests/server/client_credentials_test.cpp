// A client's own tokens (RFC6749-4.4; rows CA-22, TE), through the whole node.
#include "base/base64url.hpp"
#include "tests/server/grants_world.hpp"

namespace claviger::test {
namespace {

using namespace std::chrono_literals;

class ClientCredentialsGrant : public GrantsWorld {
 protected:
  void SetUp() override {
    GrantsWorld::SetUp();
    add(make_client("robot"));
  }
  static Form own() { return form_of({{"grant_type", "client_credentials"}}); }
  http::Response ask(const Form& form = own()) { return site.post("/token", as("robot", form)); }
  static Form plus(Form form, std::string_view name, std::string_view value) {
    form.add(name, value);
    return form;
  }
};

// C8.1, C8.11, TE-10, RFC6749-4.4.3
TEST_F(ClientCredentialsGrant, C8_1_TheAnswer) {
  const auto response = ask(plus(own(), "scope", "email"));
  ASSERT_EQ(response.status, 200u) << response.body;
  const auto answer = json_of(response);
  EXPECT_EQ(answer.at("token_type"), "Bearer");
  EXPECT_EQ(answer.at("expires_in"), 600);
  EXPECT_EQ(answer.at("scope"), "email");
  EXPECT_FALSE(answer.contains("refresh_token"));
  EXPECT_FALSE(answer.contains("id_token"));
  EXPECT_EQ(response.headers.find("cache-control"), "no-store");
}

// CA-22: it says twice whose it is, and nothing of any person.
TEST_F(ClientCredentialsGrant, CA_22_TheToken) {
  const auto token = text_of(ask(), "access_token");
  const auto claims = claims_of(token);
  EXPECT_EQ(claims.at("sub"), "robot");
  EXPECT_EQ(claims.at("client_id"), "robot");
  EXPECT_FALSE(claims.contains("grant_id"));
  const auto answer = site.api(token);
  EXPECT_EQ(answer.status, 200u);
  EXPECT_TRUE(json_of(answer).at("data").as_object().empty());
}

// C8.11, RFC6749-3.3: what only a person can give is not given.
TEST_F(ClientCredentialsGrant, C8_11_NoScopeOfPeople) {
  const auto all = text_of(ask(), "scope");
  EXPECT_NE(all, "");
  EXPECT_EQ(all.find("openid"), std::string::npos);
  EXPECT_EQ(all.find("offline_access"), std::string::npos);
  EXPECT_EQ(text_of(ask(plus(own(), "scope", "openid email offline_access")), "scope"), "email");
  const auto none = ask(plus(own(), "scope", "openid"));
  EXPECT_EQ(none.status, 400u);
  EXPECT_EQ(text_of(none, "error"), "invalid_scope");
}

// RFC8707-2, C11.6
TEST_F(ClientCredentialsGrant, ForAResource) {
  const auto response = ask(plus(own(), "resource", kApi));
  const auto token = text_of(response, "access_token");
  EXPECT_EQ(claim(token, "aud"), kApi);
  EXPECT_FALSE(is_live(token));  // not for us
  const auto unknown = ask(plus(own(), "resource", "https://unknown.example"));
  EXPECT_EQ(unknown.status, 400u);
  EXPECT_EQ(text_of(unknown, "error"), "invalid_target");
}

// TE-08
TEST_F(ClientCredentialsGrant, TE_08_OnlyWhoMay) {
  change_client("robot", [](Client& client) {
    std::erase(client.grant_types, GrantType::client_credentials);
  });
  const auto response = ask();
  EXPECT_EQ(response.status, 400u);
  EXPECT_EQ(text_of(response, "error"), "unauthorized_client");
  auto open = make_client("open");
  open.auth_method = AuthMethod::none;
  open.secret_hash.reset();
  add(open);
  const auto nobody = site.post("/token", plus(own(), "client_id", "open"));
  EXPECT_EQ(nobody.status, 400u);
  EXPECT_EQ(text_of(nobody, "error"), "unauthorized_client");
}

// C8.2: in the header, form-urlencoded before base64, or in the body.
TEST_F(ClientCredentialsGrant, C8_2_SecretInTheHeader) {
  auto odd = make_client("a b+c:d");
  const Secret secret("sp ce%and:colon+plus-ü");
  const auto hashed = site.node().keys().current()->hash_client_secret(secret, site.clock.now());
  odd.secret_hash = hashed.first;
  odd.secret_kid = hashed.second;
  add(odd);
  const auto with_header = [&](const std::string& pair) {
    auto request = Site::make_post("/token", own());
    request.headers.add("Authorization", "Basic " + base64_encode(as_bytes(pair)));
    return site.send(request);
  };
  const auto encoded = percent_encode("a b+c:d") + ":" + percent_encode(secret.reveal());
  EXPECT_EQ(with_header(encoded).status, 200u);
  EXPECT_EQ(with_header("a+b%2Bc%3Ad:sp+ce%25and%3Acolon%2Bplus-%C3%BC").status, 200u);
  const auto wrong = with_header("robot:wrong");
  EXPECT_EQ(wrong.status, 401u);
  EXPECT_EQ(wrong.headers.find("www-authenticate"), "Basic realm=\"token\"");
}

// DC-07: what was used once is not purged.
TEST_F(ClientCredentialsGrant, DC_07_TheFirstUseIsNoted) {
  EXPECT_FALSE(client("robot").first_used_at);
  const Time first = site.clock.now();
  ask();
  EXPECT_EQ(client("robot").first_used_at, first);
  site.clock.advance(1h);
  ask();
  EXPECT_EQ(client("robot").first_used_at, first);
}

// CA-17: a token without a row ends with its client.
TEST_F(ClientCredentialsGrant, CA_17_EndsWithTheClient) {
  const auto token = text_of(ask(), "access_token");
  EXPECT_TRUE(is_live(token));
  run_task(store().clients.set_disabled("robot", true, site.clock.now()));
  EXPECT_FALSE(is_live(token));
}

// RFC9068-2: an opaque one where the client asks for that.
TEST_F(ClientCredentialsGrant, Opaque) {
  change_client("robot", [](Client& client) {
    client.metadata.access_token_format = AccessTokenFormat::opaque;
  });
  const auto token = text_of(ask(), "access_token");
  EXPECT_FALSE(token.starts_with("eyJ"));
  EXPECT_TRUE(is_live(token));
}

}  // namespace
}  // namespace claviger::test
