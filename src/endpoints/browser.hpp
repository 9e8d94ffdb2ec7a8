// The cookies of a browser: one that says which browser began an authorization request, one that
// says who is signed in. Both are 256 random bits; only their hashes are stored. A third one says
// nothing but that the sign-in changed (OIDCSM-4.2).
#pragma once
#include <optional>

#include "endpoints/deps.hpp"
#include "http/message.hpp"
#include "model/session.hpp"
#include "model/user.hpp"

namespace claviger::endpoints {

struct Browser {
  Digest hash{};
  std::optional<http::Cookie> fresh;  // to be set: the browser had none
};
Browser identify_browser(const Deps& deps, const http::Request& request);
// Did this browser begin that transaction (CI-28)?
bool began(const Deps& deps, const http::Request& request, const Transaction& transaction);

struct SignedIn {
  Session session;
  User user;
};
// The live session of the cookie whose user is still enabled and unchanged (SE-04). Moves the idle
// expiry.
Task<std::optional<SignedIn>> find_signed_in(const Deps& deps, const http::Request& request);

struct SignInCookies {
  http::Cookie session;
  http::Cookie op_state;

  void add_to(http::Response& response) &&;
};
// A sign-in that was proven: a new cookie value always, the row kept for the same person (SE-01).
Task<SignInCookies> sign_in(const Deps& deps, const User& user,
                            const std::optional<SignedIn>& before);
http::Cookie signed_out_cookie(const Deps& deps);
// The session is over: its cookie goes, and whoever watches the other one notices.
void add_signed_out_cookies(const Deps& deps, http::Response& response);

// The transaction that a page's URL or form names, if this browser began it and it is still open.
Task<Result<Transaction>> find_transaction(const Deps& deps, const http::Request& request,
                                           std::optional<std::string_view> txn);

}  // namespace claviger::endpoints
