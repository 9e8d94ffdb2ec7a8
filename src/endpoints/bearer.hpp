// Who holds an access token that came with a request (RFC6750-2), and its refusal.
#pragma once
#include <memory>
#include <string_view>

#include "endpoints/deps.hpp"
#include "http/message.hpp"
#include "model/access_token.hpp"
#include "model/client.hpp"
#include "model/grant.hpp"
#include "store/grants.hpp"

namespace claviger::endpoints {

// A token that is ours, unexpired and not denied, with the state of the grant behind it as it is
// now: a revocation counts at once here. JWT or opaque.
struct LiveToken {
  SharedClaims claims;
  std::unique_ptr<const store::GrantWithStanding> behind;  // null: client credentials
  SharedClient client;                                     // as it is now

  const Grant* grant() const { return behind ? &behind->grant : nullptr; }
  const User* user() const { return behind ? behind->standing.user.get() : nullptr; }
};
// For introspection and exchange too: whatever audience it has.
Task<Result<LiveToken>> find_live_token(const Deps& deps, std::string token);

// The token of the Authorization header, or of a form body (RFC6750-2.2) when `body` is given;
// never of the query, never two. Its audience must be the issuer.
Task<Result<LiveToken>> find_holder(const Deps& deps, const http::Request& request,
                                    const Form* body);
// 401 with its challenge, 403 for insufficient_scope, a bare challenge when nothing was sent
// (RFC6750-3).
http::Response challenge(const Deps& deps, const http::Request& request, const Error& error);

}  // namespace claviger::endpoints
