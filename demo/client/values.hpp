// What passes between the parts of this client: plain values, and what went wrong.
#pragma once
#include <boost/json.hpp>
#include <cstddef>
#include <expected>
#include <string>

#include "base/secret.hpp"
#include "base/time.hpp"

namespace claviger::demo {

struct Settings {
  std::string server = "http://localhost:2003";  // the issuer
  std::string listen = "localhost:3000";
  std::string client_id = "demo-client";
  Secret client_secret{"demo-client-secret"};
  std::string redirect_uri = "http://localhost:3000/callback";
  std::string scope = "username email firstname lastname phone";
  std::string hint_username = "ada";  // who can sign in, told on the page; empty: not told
  std::string hint_password = "correct-horse-7";
};

// What went wrong, in our words and, where it answered, in the server's.
struct Problem {
  std::string title;
  int status = 0;  // zero: no answer, or an answer that we refuse
  std::string error;
  std::string description;
  std::string request_id;
};
template <class T>
using Outcome = std::expected<T, Problem>;

// As whom the client speaks. Without a secret: a public client, which only names itself.
struct Credentials {
  std::string client_id;
  Secret client_secret;
};

struct AuthorizationRequest {
  std::string url;
  std::string state;
  std::string code_verifier;
  std::string nonce;  // of an OpenID Connect request, and of no other
  Time expires{};     // an answer that comes later is not taken
};

struct Redemption {
  std::string code;
  std::string code_verifier;
};

struct Tokens {
  std::string access_token;
  std::string refresh_token;  // empty: none was issued
  Time expires{};             // of the access token
  std::string id_token;       // as it came: nobody has looked at it yet
  std::string scope;          // what was granted; empty: what was asked for
  Credentials credentials;    // whose tokens these are
  std::size_t message = 0;    // the message of the log that brought them
};

// Where the server's endpoints are. Those that only OpenID Connect and its relatives need are empty
// when the server has none.
struct Metadata {
  std::string authorization_endpoint;
  std::string token_endpoint;
  std::string jwks_uri;
  std::string userinfo_endpoint;
  std::string registration_endpoint;
  std::string end_session_endpoint;
  std::string device_authorization_endpoint;
  bool sends_iss = false;
};

struct Answer {
  int status = 0;
  boost::json::object json;  // empty when the body is something else
  std::string request_id;
};

}  // namespace claviger::demo
