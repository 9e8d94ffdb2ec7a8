// One visit of a browser to /authorize: what is known of the request and the person, and what
// follows from it (OIDCC-3.1.2).
#pragma once
#include <optional>

#include "endpoints/deps.hpp"
#include "http/message.hpp"
#include "model/redirect_target.hpp"
#include "protocol/authorize/next_step.hpp"

namespace claviger::endpoints {

// Everything known when the next step is decided.
struct Visit {
  protocol::Facts facts;
  RedirectTarget target;
  bool stored = false;  // is the transaction in the store yet?
  std::optional<http::Cookie> fresh_cookie;
};

// Who is signed in with this browser, and what that person allowed the client before.
Task<void> load_person(const Deps& deps, const http::Request& request, protocol::Facts& facts);
// A page of ours, an answer to the client, or the end.
Task<http::Response> take_next_step(const Deps& deps, const http::Request& request, Visit visit);
// Keeps the transaction, if it isn't kept yet, and sends the browser to `page` with its id.
Task<http::Response> send_on(const Deps& deps, Visit visit, OwnPath page);

}  // namespace claviger::endpoints
