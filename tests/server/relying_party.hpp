// A person with every standard claim, and the demo client as a relying party: what the tests of
// what is issued to clients share.
#pragma once
#include "crypto/jwe.hpp"
#include "crypto/jws.hpp"
#include "tests/support/browser.hpp"

namespace claviger::test {

inline constexpr const char* kFilesResource = "http://localhost:2003/files";
inline constexpr const char* kApiResource = "https://api.example.com/v1";
inline constexpr const char* kSecretOfOthers = "a-secret-of-the-others";
// The pair of RFC 7518, appendix C.
inline constexpr std::string_view kEncryptionKey =
    R"("kty":"EC","crv":"P-256","kid":"enc-1","use":"enc",)"
    R"("x":"weNJy2HscCSM6AEDTDg04biOvhFhyyWvOHQfeF_PxMQ",)"
    R"("y":"e8lnCO-AlStT-NJVX-crhB7QRYhiix03illJOVAOyck")";
inline constexpr std::string_view kEncryptionSecret =
    R"(,"d":"VEmDZpDXXK8p8N0Cndsxs924q6nS1RXFASRl6BfUqdw")";

class RelyingParty : public testing::Test {
 protected:
  void SetUp() override {
    site.register_demo();
    auto user = person();
    user.email_verified = true;
    user.claims = {{"middle_name", "Augusta"},
                   {"nickname", "Ada"},
                   {"profile", "https://ada.example/"},
                   {"picture", "https://ada.example/p.png"},
                   {"website", "https://ada.example/w"},
                   {"gender", "female"},
                   {"birthdate", "1815-12-10"},
                   {"zoneinfo", "Europe/London"},
                   {"locale", "en-GB"},
                   {"address", {{"locality", "London"}, {"country", "UK"}}}};
    run_task(store().users.set_claims(user, user.email, site.clock.now()));
  }

  store::Store& store() { return site.node().store(); }
  User person() { return run_task(store().users.find_by_login("ada", "")).value(); }

  template <class Change>
  void change_client(const Change& change) {
    auto client = *run_task(store().clients.find("demo-client"));
    change(client);
    ASSERT_TRUE(run_task(store().clients.update(std::move(client))));
  }
  void add_client(const std::string& id) {
    const auto hashed =
        site.node().keys().current()->hash_client_secret(Secret(kSecretOfOthers), site.clock.now());
    Client client;
    client.client_id = id;
    client.auth_method = AuthMethod::client_secret_post;
    client.secret_hash = hashed.first;
    client.secret_kid = hashed.second;
    client.redirect_uris = {kCallback};
    client.created_at = site.clock.now();
    run_task(store().clients.add(std::move(client)));
  }
  void publish_encryption_key() {
    change_client([](Client& client) {
      client.metadata.jwks = "{\"keys\":[{" + std::string(kEncryptionKey) + "}]}";
    });
  }
  // What an encrypted message to the client holds.
  static std::string decrypted(const std::string& message, crypto::KeyAlg alg,
                               crypto::ContentEnc enc) {
    const auto jwk =
        parse_json("{" + std::string(kEncryptionKey) + std::string(kEncryptionSecret) + "}");
    const auto key = crypto::DecryptionKey::from_jwk(jwk->as_object());
    const auto opened = crypto::decrypt_jwe(message, *key, alg, enc);
    EXPECT_TRUE(opened) << message;
    return opened ? std::string(opened->plain.reveal()) : "";
  }

  static Form request(std::string_view scope) { return with(authorize_request(), "scope", scope); }
  // The answer of the token endpoint.
  http::Response issue(const Form& asked) {
    Browser browser(site);
    return site.post("/token", code_form(parameter(sign_in(browser, asked), "code")));
  }
  http::Response issue(std::string_view scope) { return issue(request(scope)); }
  std::string access(std::string_view scope) { return text_of(issue(scope), "access_token"); }

  http::Response with_token(http::Request sent, const std::string& token) {
    sent.headers.add("Authorization", "Bearer " + token);
    return site.send(std::move(sent));
  }
  http::Response userinfo(const std::string& token) {
    return with_token(Site::make_get("/userinfo"), token);
  }

  // Proven with the keys that are published, as a client would.
  crypto::VerifiedJws verified(const std::string& jwt, std::string_view typ = "JWT") {
    const auto jwks = json_of(site.get("/jwks"));
    std::vector<crypto::PublicKey> keys;
    for (const auto& jwk : jwks.at("keys").as_array()) {
      keys.push_back(crypto::PublicKey::from_jwk(jwk.as_object()).value());
    }
    const auto find = [&](std::string_view kid) -> const crypto::PublicKey* {
      for (const auto& key : keys) {
        if (key.kid() == kid) return &key;
      }
      return nullptr;
    };
    auto proven = crypto::verify_jws(jwt, typ, find);
    EXPECT_TRUE(proven) << jwt;
    return proven ? std::move(*proven) : crypto::VerifiedJws{};
  }
  boost::json::object id_token(const http::Response& response) {
    EXPECT_EQ(response.status, 200u) << response.body;
    return verified(text_of(response, "id_token")).payload;
  }

  Form about(const std::string& token, const char* client = "demo-client",
             const char* secret = "demo-client-secret") {
    return form_of({{"client_id", client}, {"client_secret", secret}, {"token", token}});
  }
  http::Response introspect(const Form& form) { return site.post("/introspect", form); }
  bool is_active(const std::string& token) {
    const auto told = json_of(introspect(about(token)));
    return told.contains("active") && told.at("active").as_bool();
  }

  Site site{[](config::Settings& settings) {
    settings.resources.offered = {kFilesResource, kApiResource};
    settings.keys.algs = {"ES256", "RS256", "EdDSA"};
  }};
};

inline std::vector<std::string> names_of(const boost::json::object& object) {
  std::vector<std::string> names;
  for (const auto& member : object) names.emplace_back(member.key());
  return names;
}

}  // namespace claviger::test
