// A client of the authorization code flow (RFC6749-4.1, OAUTH21-4.1), as it should be written:
// state bound to the browser, PKCE with S256, the issuer compared, tokens checked before they are
// used. It talks to the server over HTTP alone, and notes each message in the flow's log.
#pragma once
#include <boost/json.hpp>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "base/form.hpp"
#include "base/random.hpp"
#include "base/task.hpp"
#include "demo/client/flow_log.hpp"
#include "demo/client/server_keys.hpp"
#include "demo/client/values.hpp"
#include "outbound/fetcher.hpp"

namespace claviger::demo {

using Fetch =
    std::function<Task<std::expected<outbound::Response, outbound::FetchError>>(outbound::Request)>;

// For those who take an answer apart.
std::string text_of(const boost::json::object& object, std::string_view name);
std::unexpected<Problem> refused_by_server(std::string title, const Answer& answer);
std::unexpected<Problem> refused_by_us(std::string title);

class RelyingParty {
 public:
  RelyingParty(Settings settings, Fetch fetch, const Clock& clock, Random& random);

  // Reads the server's metadata (RFC8414-3) and registers client and user, as a walk-through does.
  Task<Outcome<bool>> prepare(FlowLog& log);
  // The two halves that other flows share: the metadata at this path, and the quickstart's user.
  Task<Outcome<bool>> discover(FlowLog& log, std::string path, std::string meaning);
  Task<Outcome<bool>> register_user(FlowLog& log);
  // Where to send the browser. After prepare().
  AuthorizationRequest begin();
  // The code that a callback's parameters carry, once they have proven to be the answer to ours;
  // `state` has been matched by whoever owns the session. Public for its tests.
  Outcome<std::string> read_response(const Form& parameters) const;
  // As the quickstart's client, unless `as` says otherwise.
  Task<Outcome<Tokens>> redeem(FlowLog& log, Redemption redemption,
                               std::optional<Credentials> as = {});
  Task<Outcome<Tokens>> refresh(FlowLog& log, std::string refresh_token,
                                std::optional<Credentials> as = {});
  // The answer to any grant (RFC6749-5.1).
  Task<Outcome<Tokens>> accept_tokens(FlowLog& log, Answer answer, std::string old_refresh_token,
                                      Credentials as);
  // The person's claims.
  Task<Outcome<boost::json::object>> call_api(FlowLog& log, std::string access_token);

  // The raw request, with the client's name and secret: for other grants, and for the experiments,
  // which send what no good client would.
  Task<Outcome<Answer>> ask_token(FlowLog& log, std::string meaning, Form form, Credentials as);
  Task<Outcome<Answer>> send(FlowLog& log, std::string meaning, outbound::Request request);
  std::string authorization_url(const AuthorizationRequest& request,
                                std::string_view redirect_uri) const;
  // `form` holds what is special about this request; the endpoint is put before it.
  std::string authorization_url(const Form& form) const;
  // The keys are fetched (again) when none fits this token.
  Task<bool> learn_keys(FlowLog& log, std::string token);
  // The claims of an access token that accept_tokens() has found to be right.
  std::vector<Field> look_into(const Tokens& tokens) const;
  const ServerKeys& keys() const { return keys_; }

  Time now() const { return clock_.now(); }
  const Settings& settings() const { return settings_; }
  Credentials quickstart() const { return {settings_.client_id, settings_.client_secret}; }
  // Null until some flow has asked for it.
  const Metadata* metadata() const { return metadata_ ? &*metadata_ : nullptr; }

 private:
  Outcome<Metadata> read_metadata(const Answer& answer) const;
  Task<SeenToken> inspect_access_token(FlowLog& log, std::string token, std::string client_id);

  Settings settings_;
  Fetch fetch_;
  const Clock& clock_;
  Random& random_;
  std::optional<Metadata> metadata_;
  ServerKeys keys_;
};

}  // namespace claviger::demo
