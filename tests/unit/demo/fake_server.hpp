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
                {"authorization_response_iss_parameter_supported", true}};
    claims = {{"iss", "http://localhost:2003"},
              {"client_id", "demo-client"},
              {"sub", "ada"},
              {"exp", to_seconds(clock.now()) + 600}};
  }

  Fetch fetch() {
    return [this](outbound::Request request) { return serve(std::move(request)); };
  }

  std::string access_token() const { return crypto::sign_jws(key, "at+jwt", claims); }

  // What POST /token answers, unless `answers` holds something else.
  boost::json::object tokens() {
    ++issued;
    const boost::json::object payload{{"f", "family"}, {"n", issued}};
    const std::string mac_key(32, 'k');
    return {{"status", "SUCCESS"},
            {"access_token", access_token()},
            {"refresh_token", crypto::mac_jws(as_bytes(mac_key), "m1", "rt+jwt", payload)},
            {"token_type", "Bearer"},
            {"expires_in", 600}};
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
  boost::json::object claims;
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
    if (path == "/.well-known/oauth-authorization-server") co_return json(200, metadata);
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
