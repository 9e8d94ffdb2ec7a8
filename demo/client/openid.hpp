// A relying party of OpenID Connect (OIDCC-3.1): on top of the code flow a nonce, an ID token that
// is verified before anybody counts as signed in, UserInfo, and the ways out.
#pragma once
#include <boost/json.hpp>
#include <string>
#include <string_view>
#include <vector>

#include "base/form.hpp"
#include "base/random.hpp"
#include "base/task.hpp"
#include "demo/client/id_token.hpp"
#include "demo/client/logout_token.hpp"
#include "demo/client/registration.hpp"
#include "demo/client/relying_party.hpp"

namespace claviger::demo {

// Who signed in, as the ID token tells.
struct Identity {
  std::string id_token;
  std::string sub;
  std::string sid;
  std::string nonce;
  boost::json::object claims;
};

struct SignedIn {
  Tokens tokens;
  Identity identity;
};

struct LogoutRequest {
  std::string url;
  std::string state;
};

// Whom a logout is about, once it is believed.
struct Departure {
  std::string sid;
  std::string sub;
};

class OpenIdClient {
 public:
  OpenIdClient(RelyingParty& party, const std::string& origin, const Clock& clock, Random& random);

  // Discovery (OIDCD-4), the quickstart's user, and this client's own entry.
  Task<Outcome<bool>> prepare(FlowLog& log, bool doubted);
  // Where to send the browser. After prepare().
  AuthorizationRequest begin();
  // `nonce` is the one of begin().
  Task<Outcome<SignedIn>> redeem(FlowLog& log, Redemption redemption, std::string nonce);
  // Fresh tokens; of a new ID token what it tells, else what the old one told.
  Task<Outcome<SignedIn>> refresh(FlowLog& log, Tokens tokens, Identity identity);
  // The person's claims; an answer about somebody else is refused (OIDCC-5.3.2).
  Task<Outcome<boost::json::object>> ask_userinfo(FlowLog& log, std::string access_token,
                                                  std::string sub);
  // Where to send the browser to sign out at the server (OIDCRL-2). No url: nowhere.
  LogoutRequest begin_logout(const Identity& identity);
  // A logout token, once (OIDCBC-2.6). What was seen of it goes to `seen`.
  Task<Outcome<Departure>> receive_logout(std::string token, SeenToken& seen);
  // A verdict on the ID token as if it had come with this nonce. For an experiment.
  JudgedToken judge(const Tokens& tokens, const std::string& id_token,
                    std::string_view nonce) const;

  const std::string& signed_out_uri() const { return signed_out_uri_; }

 private:
  Task<Outcome<Identity>> verify(FlowLog& log, Tokens tokens, std::string nonce);
  Credentials credentials() const { return registration_.credentials().value_or(Credentials{}); }

  RelyingParty& party_;
  const Clock& clock_;
  Random& random_;
  std::string signed_out_uri_;
  Registration registration_;
  SpentLogoutTokens spent_;
  Time keys_doubted_{};
};

}  // namespace claviger::demo
