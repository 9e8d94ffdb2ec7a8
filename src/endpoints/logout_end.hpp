// How a session is ended for a client or by the person: in the store first, then in the browser,
// then at the clients that show themselves in it (OIDCFC-3); servers are told by
// logout_delivery.hpp.
#pragma once
#include <optional>
#include <string>

#include "endpoints/browser.hpp"
#include "endpoints/deps.hpp"
#include "http/message.hpp"
#include "model/redirect_target.hpp"

namespace claviger::endpoints {

// Where the browser goes when nobody is signed in any more.
struct WayOn {
  std::optional<RedirectTarget> target;  // nothing: `path`
  OwnPath path{"/logout/done"};
  Parameters parameters;
  std::string client_id;
};
http::Response go_on(const WayOn& on);

// Ends it; answers with the frames of the clients that want to be told so, or goes on at once.
Task<http::Response> end_session(const Deps& deps, const http::Request& request, Id session,
                                 WayOn on);

}  // namespace claviger::endpoints
