// A client of the authorization code flow (RFC6749-4.1, OAUTH21-4.1), as it should be written:
// state bound to the browser, PKCE with S256, the issuer compared, tokens checked before they are
// used. It talks to the server over HTTP alone, and notes each message in the flow's log.
#pragma once
#include <boost/json.hpp>
#include <expected>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "base/form.hpp"
#include "base/random.hpp"
#include "base/secret.hpp"
#include "base/task.hpp"
#include "base/time.hpp"
#include "demo/client/flow_log.hpp"
#include "demo/client/server_keys.hpp"
#include "outbound/fetcher.hpp"

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

struct AuthorizationRequest {
  std::string url;
  std::string state;
  std::string code_verifier;
};

struct Redemption {
  std::string code;
  std::string code_verifier;
};

struct Tokens {
  std::string access_token;
  std::string refresh_token;  // empty: none was issued
  Time expires{};             // of the access token
};

struct Answer {
  int status = 0;
  boost::json::object json;  // empty when the body is something else
  std::string request_id;
};

using Fetch =
    std::function<Task<std::expected<outbound::Response, outbound::FetchError>>(outbound::Request)>;

class RelyingParty {
 public:
  RelyingParty(Settings settings, Fetch fetch, const Clock& clock, Random& random);

  // Reads the server's metadata (RFC8414-3) and registers client and user, as a walk-through does.
  Task<Outcome<bool>> prepare(FlowLog& log);
  // Where to send the browser. After prepare().
  AuthorizationRequest begin();
  // The code that a callback's parameters carry, once they have proven to be the answer to ours;
  // `state` has been matched by whoever owns the session. Public for its tests.
  Outcome<std::string> read_response(const Form& parameters) const;
  Task<Outcome<Tokens>> redeem(FlowLog& log, Redemption redemption);
  Task<Outcome<Tokens>> refresh(FlowLog& log, std::string refresh_token);
  // The person's claims.
  Task<Outcome<boost::json::object>> call_api(FlowLog& log, std::string access_token);

  // For the experiments, which send what no good client would: the raw request, with the client's
  // name and, unless `secret` says otherwise, its secret.
  Task<Outcome<Answer>> ask_token(FlowLog& log, std::string meaning, Form form,
                                  std::optional<std::string> secret = {});
  Task<Outcome<Answer>> send(FlowLog& log, std::string meaning, outbound::Request request);
  std::string authorization_url(const AuthorizationRequest& request,
                                std::string_view redirect_uri) const;

  const Settings& settings() const { return settings_; }

 private:
  struct Metadata {
    std::string authorization_endpoint;
    std::string token_endpoint;
    std::string jwks_uri;
    bool sends_iss = false;
  };
  Outcome<Metadata> read_metadata(const Answer& answer) const;
  Task<Outcome<Tokens>> accept_tokens(FlowLog& log, Answer answer, std::string old_refresh_token);
  Task<SeenToken> inspect_access_token(FlowLog& log, std::string token);
  Task<bool> fetch_keys(FlowLog& log);

  Settings settings_;
  Fetch fetch_;
  const Clock& clock_;
  Random& random_;
  std::optional<Metadata> metadata_;
  ServerKeys keys_;
};

}  // namespace claviger::demo
