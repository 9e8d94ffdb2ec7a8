// GET and POST /authorize: a new authorization request, or the way back from a page (RFC6749-3.1).
#pragma once
#include "endpoints/browser.hpp"
#include "endpoints/deps.hpp"
#include "http/message.hpp"

namespace claviger::endpoints {

Task<http::Response> serve_authorize(const Deps& deps, const http::Request& request);
// A cross-site POST arrives without our SameSite cookies: it is answered by a 303 to the same
// request as GET, or, where no URL is long enough, to the request as it was kept.
Task<http::Response> serve_authorize_post(const Deps& deps, const http::Request& request);

// Back to the step that comes next for this transaction.
http::Response to_next_step(const Transaction& transaction);
// A sign-in that was proven, and on to that step.
Task<http::Response> answer_signed_in(const Deps& deps, const http::Request& request,
                                      Transaction transaction, User user);
// The person refused or gave up: the client is told (RFC6749-4.1.2.1), once.
Task<http::Response> answer_denied(const Deps& deps, const http::Request& request,
                                   Transaction transaction, const Error& error);

}  // namespace claviger::endpoints
