// A scripted Claviger: answers the requests of the client by path, keeps what came, and signs
// access tokens with a real key, so that the client's checks are real too.
#pragma once
#include <map>
#include <string>
#include <vector>

#include "base/base64url.hpp"
#include "base/form.hpp"
#include "crypto/jws.hpp"
#include "crypto/key.hpp"
#include "demo/client/relying_party.hpp"

namespace claviger::demo::test {

class FakeServer {
 public:
  explicit FakeServer(const Clock& clock) : key(crypto::PrivateKey::generate(crypto::Alg::ES256)) {
    metadata = {{"issuer", "http://localhost:2003"},
                {"authorization_endpoint", "http://localhost:2003/authorize"},
                {"token_endpoint", "http://localhost:2003/token"},
                {"jwks_uri", "http://localhost:2003/jwks"},
                {"userinfo_endpoint", "http://localhost:2003/userinfo"},
                {"registration_endpoint", "http://localhost:2003/register"},
                {"end_session_endpoint", "http://localhost:2003/logout"},
                {"device_authorization_endpoint", "http://localhost:2003/device_authorization"},
                {"authorization_response_iss_parameter_supported", true}};
    registered = {{"client_id", "oidc-client"}, {"client_secret", "a-secret-of-its-own"}};
    id_claims = {{"iss", "http://localhost:2003"},
                 {"aud", "oidc-client"},
                 {"sub", "ada-sub"},
                 {"sid", "ada-sid"},
                 {"iat", to_seconds(clock.now())},
                 {"exp", to_seconds(clock.now()) + 600}};
    logout_claims = {
        {"iss", "http://localhost:2003"},
        {"aud", "oidc-client"},
        {"sub", "ada-sub"},
        {"sid", "ada-sid"},
        {"iat", to_seconds(clock.now())},
        {"exp", to_seconds(clock.now()) + 120},
        {"jti", "logout-1"},
        {"events",
         {{"http://schemas.openid.net/event/backchannel-logout", boost::json::object()}}}};
    claims = {{"iss", "http://localhost:2003"},
              {"client_id", "demo-client"},
              {"sub", "ada"},
              {"exp", to_seconds(clock.now()) + 600}};
  }

  Fetch fetch() {
    return [this](outbound::Request request) { return serve(std::move(request)); };
  }

  std::string access_token() const { return crypto::sign_jws(key, "at+jwt", claims); }

  std::string id_token() const { return crypto::sign_jws(key, "JWT", id_claims); }
  std::string logout_token() const { return crypto::sign_jws(key, "logout+jwt", logout_claims); }
  // From now on tokens are those of the client that registered itself.
  void speak_openid(std::string nonce) {
    claims["client_id"] = registered.at("client_id");
    id_claims["aud"] = registered.at("client_id");
    if (!nonce.empty()) id_claims["nonce"] = nonce;
    openid = true;
  }

  // What POST /token answers, unless `answers` holds something else.
  boost::json::object tokens() {
    ++issued;
    const boost::json::object payload{{"f", "family"}, {"n", issued}};
    const std::string mac_key(32, 'k');
    boost::json::object answer{{"status", "SUCCESS"},
                               {"access_token", access_token()},
                               {"refresh_token", crypto::mac_jws(crypto::MacKey(as_bytes(mac_key)),
                                                                 "m1", "rt+jwt", payload)},
                               {"token_type", "Bearer"},
                               {"expires_in", 600}};
    if (openid) answer["id_token"] = id_token();
    return answer;
  }

  static outbound::Response json(int status, const boost::json::object& body) {
    return {status,
            {{"content-type", "application/json"}, {"x-request-id", "aHeaderId"}},
            boost::json::serialize(body)};
  }

  static outbound::Response refusal(int status, std::string_view error) {
    return json(status, {{"status", "FAILURE"},
                         {"error", error},
                         {"error_description", "fixed text"},
                         {"request_id", "aBodyId"}});
  }

  std::size_t count(std::string_view path) const {
    std::size_t n = 0;
    for (const auto& request : requests) n += request.url.ends_with(path);
    return n;
  }
  const outbound::Request& last(std::string_view path) const {
    for (auto request = requests.rbegin(); request != requests.rend(); ++request) {
      if (request->url.ends_with(path)) return *request;
    }
    throw std::out_of_range(std::string(path));
  }
  Form last_form(std::string_view path) const { return *Form::parse(last(path).body); }

  bool down = false;
  boost::json::object metadata;
  boost::json::object claims;         // of access tokens
  boost::json::object id_claims;      // of ID tokens
  boost::json::object logout_claims;  // of logout tokens
  boost::json::object registered;     // what POST /register answers
  bool openid = false;                // an ID token comes along
  crypto::PrivateKey key;
  std::map<std::string, outbound::Response> answers;  // by path, before the usual ones
  std::vector<outbound::Request> requests;
  int issued = 0;

 private:
  Task<std::expected<outbound::Response, outbound::FetchError>> serve(outbound::Request request) {
    requests.push_back(request);
    if (down) co_return std::unexpected(outbound::FetchError::unreachable);
    const std::string path = request.url.substr(std::string("http://localhost:2003").size());
    if (const auto found = answers.find(path); found != answers.end()) co_return found->second;
    if (path.starts_with("/.well-known/")) co_return json(200, metadata);
    if (path == "/register") co_return json(201, registered);
    if (path == "/userinfo") co_return json(200, {{"sub", "ada-sub"}, {"name", "Ada Lovelace"}});
    if (path == "/device_authorization") {
      co_return json(
          200, {{"device_code", "the-device-code"},
                {"user_code", "BCDF-GHJK"},
                {"verification_uri", "http://localhost:2003/device"},
                {"verification_uri_complete", "http://localhost:2003/device?user_code=BCDF-GHJK"},
                {"expires_in", 600},
                {"interval", 5}});
    }
    if (path == "/jwks") {
      co_return json(200, {{"keys", boost::json::array{key.public_key().jwk()}}});
    }
    if (path == "/token") co_return json(200, tokens());
    if (path == "/api") {
      co_return json(200, {{"status", "SUCCESS"},
                           {"data", {{"email", "ada@example.test"}, {"username", "ada"}}}});
    }
    co_return json(200, {{"status", "SUCCESS"}});
  }
};

}  // namespace claviger::demo::test
