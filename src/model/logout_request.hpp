// A validated request to sign out that waits for the browser it came from (OIDCRL-2). It is bound
// to no browser: a cross-site form brings no cookie, so whose session it is about is decided when
// the browser comes back with the id. Whoever holds the id could as well have made the request.
#pragma once
#include <optional>
#include <string>

#include "base/id.hpp"
#include "base/time.hpp"

namespace claviger {

// Of whom an ID token of ours told the client.
struct HintedSession {
  std::string sub;  // as the client sees it
  std::optional<std::string> sid;
  bool operator==(const HintedSession&) const = default;
};

struct LogoutRequest {
  Id id;
  std::string client_id;                 // empty: nobody was named
  std::string post_logout_redirect_uri;  // as matched; matched again before it is used
  std::optional<std::string> state;      // only with a URI to take it to
  std::optional<HintedSession> hint;     // proves the client, too
  std::string ui_locales;
  Time created_at{};
  Time expires_at{};
};

}  // namespace claviger
