// Tokens out of a grant, whichever way it came about.
#pragma once
#include <optional>
#include <string>

#include "endpoints/deps.hpp"
#include "http/message.hpp"
#include "model/access_token.hpp"
#include "model/grant.hpp"
#include "protocol/grants/refresh_token.hpp"
#include "protocol/scope.hpp"

namespace claviger::endpoints {

struct AccessTokenOrder {
  std::string sub;  // as the client sees it
  protocol::Scopes scopes;
  std::vector<std::string> resources;  // empty: the issuer's own
  std::optional<Id> grant;
  std::string act;
};
struct IssuedAccessToken {
  Secret token;
  SharedClaims claims;
};
// A JWT, or an opaque one whose row is durable when this returns (RFC9068-2, RFC8707-2).
Task<IssuedAccessToken> issue_access_token(const Deps& deps, const Client& client,
                                           AccessTokenOrder order);

// Until when a grant is kept that no refresh token belongs to: a token made a moment after its
// grant must not outlive it.
Time end_of_lone_grant(const Deps& deps, Time created_at);

struct IdTokenOrder {
  std::optional<std::string> nonce;
  std::optional<std::string> access_token;  // then at_hash
  std::optional<std::string> code;          // then c_hash
  // No access token is issued beside it: the claims of the scopes go here (OIDCC-5.4).
  bool alone = false;
};
// `authorized` has `openid` among its scopes.
Task<Result<std::string>> issue_id_token(const Deps& deps, const Client& client, const User& user,
                                         const Authorized& authorized, IdTokenOrder order);

// The answer of the token endpoint (RFC6749-5.1, OIDCC-3.1.3.3): status, access_token,
// refresh_token, token_type, expires_in, scope, and id_token when `openid` was granted.
struct TokenAnswer {
  protocol::Scopes scopes;
  std::vector<std::string> resources;
  std::optional<Secret> refresh;
  std::optional<std::string> nonce;
  SharedUser user;            // as the gate saw the person: what the ID token tells
  boost::json::object extra;  // issued_token_type ...
  bool refreshed = false;     // by a refresh token, whatever the grant came from
};
Task<http::Response> answer_with_tokens(const Deps& deps, const http::Request& request,
                                        const Client& client, const Grant& grant,
                                        TokenAnswer answer);

using protocol::refresh_due;
using protocol::RefreshDue;

}  // namespace claviger::endpoints
