// Clients of every kind of grant and one person: what the tests of those grants share.
#pragma once
#include "crypto/jws.hpp"
#include "tests/support/browser.hpp"

namespace claviger::test {

inline constexpr const char* kDeviceGrant = "urn:ietf:params:oauth:grant-type:device_code";
inline constexpr const char* kExchangeGrant = "urn:ietf:params:oauth:grant-type:token-exchange";
inline constexpr const char* kBearerGrant = "urn:ietf:params:oauth:grant-type:jwt-bearer";
inline constexpr const char* kAccessTokenType = "urn:ietf:params:oauth:token-type:access_token";
inline constexpr const char* kAssertionType =
    "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";
inline constexpr const char* kApi = "https://api.example";

// The key of the clients that sign.
inline const crypto::PrivateKey& client_key() {
  static const auto key = crypto::PrivateKey::generate(crypto::Alg::ES256);
  return key;
}
inline std::string jwks_of(std::initializer_list<const crypto::PrivateKey*> keys) {
  boost::json::array list;
  for (const auto* key : keys) list.push_back(key->public_key().jwk());
  return boost::json::serialize(boost::json::object{{"keys", list}});
}

class GrantsWorld : public testing::Test {
 protected:
  void SetUp() override {
    site.register_demo();
    change_client("demo-client", [](Client& client) {
      client.grant_types.assign(kAllGrantTypes.begin(), kAllGrantTypes.end());
      client.response_types = {kCodeOnly};
    });
  }

  store::Store& store() { return site.node().store(); }
  User ada() { return run_task(store().users.find_by_login("ada", "ada")).value(); }
  Client client(const std::string& name) { return *run_task(store().clients.find(name)); }

  // With "a-secret-of-<name>", and every grant type.
  Client make_client(const std::string& name) {
    const auto hashed = site.node().keys().current()->hash_client_secret(
        Secret("a-secret-of-" + name), site.clock.now());
    Client client;
    client.client_id = name;
    client.name = "The " + name;
    client.secret_hash = hashed.first;
    client.secret_kid = hashed.second;
    client.redirect_uris = {kCallback};
    client.grant_types.assign(kAllGrantTypes.begin(), kAllGrantTypes.end());
    client.created_at = site.clock.now();
    return client;
  }
  // private_key_jwt with client_key().
  Client make_signing_client(const std::string& name) {
    auto client = make_client(name);
    client.auth_method = AuthMethod::private_key_jwt;
    client.secret_hash.reset();
    client.metadata.jwks = jwks_of({&client_key()});
    return client;
  }
  void add(Client client) {
    const auto added = run_task(store().clients.add(std::move(client)));
    ASSERT_EQ(added, store::Clients::Added::added);
  }
  template <class Change>
  void change_client(const std::string& name, const Change& change) {
    auto record = client(name);
    change(record);
    ASSERT_TRUE(run_task(store().clients.update(std::move(record))));
  }

  // Client authentication by the secret in the body.
  static Form as(const std::string& name, Form form) {
    const bool demo = name == "demo-client";
    form.add("client_id", name);
    form.add("client_secret", demo ? "demo-client-secret" : "a-secret-of-" + name);
    return form;
  }

  boost::json::object assertion_claims(const std::string& name) {
    return {{"iss", name},
            {"sub", name},
            {"aud", kIssuer},
            {"exp", to_seconds(site.clock.now()) + 60},
            {"jti", "jti-" + std::to_string(++assertions)}};
  }
  std::string assertion(const std::string& name) {
    return crypto::sign_jws(client_key(), "JWT", assertion_claims(name));
  }
  static Form with_assertion(Form form, const std::string& assertion) {
    form.add("client_assertion_type", kAssertionType);
    form.add("client_assertion", assertion);
    return form;
  }
  Form signing_as(const std::string& name, Form form) {
    return with_assertion(std::move(form), assertion(name));
  }

  // The claims of an access token of ours.
  static boost::json::object claims_of(const std::string& token) {
    const auto seen = crypto::peek_jws(token);
    return seen ? seen->payload : boost::json::object{};
  }
  static std::string claim(const std::string& token, std::string_view name) {
    const auto claims = claims_of(token);
    return std::string(json_text(claims, name).value_or(""));
  }
  bool was_logged(std::string_view event) {
    for (const auto& entry : site.log.entries()) {
      if (entry.event == event) return true;
    }
    return false;
  }
  bool is_live(const std::string& token) { return site.api(token).status == 200; }

  static std::string hidden(const http::Response& page, const std::string& name) {
    const std::string before = "name=\"" + name + "\" value=\"";
    const auto at = page.body.find(before);
    if (at == std::string::npos) return {};
    const auto from = at + before.size();
    return page.body.substr(from, page.body.find('"', from) - from);
  }

  Site site{[](config::Settings& settings) { settings.resources.offered = {kApi}; }};
  int assertions = 0;
};

}  // namespace claviger::test
