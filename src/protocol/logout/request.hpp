// Signing out because a client asks (OIDCRL-2, OIDCRL-3): what the request says, whether it may
// take the browser anywhere, and whether the person has to be asked first.
#pragma once
#include <optional>
#include <string>

#include "base/form.hpp"
#include "base/reason.hpp"
#include "model/client.hpp"
#include "model/logout_request.hpp"
#include "model/redirect_target.hpp"
#include "model/session.hpp"
#include "protocol/tokens/id_token.hpp"

namespace claviger::protocol {

// As sent. What is not here (logout_hint, anything unknown) is ignored.
struct LogoutParameters {
  std::string id_token_hint, client_id, post_logout_redirect_uri, ui_locales;
  std::optional<std::string> state;
  bool empty() const;  // nothing was sent that a plain visit to the page doesn't have
};
Result<LogoutParameters> parse_logout_request(const Form& form);

// The client that is proven by the hint or named by the request; nothing: nobody. Refused: the two
// contradict each other.
Result<std::optional<std::string>> name_logout_client(const LogoutParameters& parameters,
                                                      const std::optional<IdTokenHint>& hint);

// `client` is the record of the one that was named, nothing if nobody was. The result has no id yet
// and no times.
Result<LogoutRequest> judge_logout_request(const LogoutParameters& parameters,
                                           const std::optional<IdTokenHint>& hint,
                                           const Client* client);

// One of the registered ones, byte for byte. No port may differ here, and nothing may be left out:
// a person is never waiting for this redirect.
Result<RedirectTarget> match_post_logout_uri(const Client& client, std::string_view requested);

// The session of this browser, as the client that asks would see it.
struct SeenSession {
  std::string sub;
  std::string sid;
};
enum class LogoutStep {
  end_session,  // the hint tells of this very session
  ask_person,   // SE-08: else any page could sign people out
  go_on,        // nobody is signed in here: there is nothing to end
};
LogoutStep decide_logout(const LogoutRequest& request, const std::optional<SeenSession>& session);

// Where the browser goes afterwards; nothing: to our own page. Without a hint a client proved
// nothing, so that only a person who saw its name sends the browser to it (OX-03).
std::optional<RedirectTarget> find_logout_target(const LogoutRequest& request, const Client* client,
                                                 bool confirmed);
Parameters logout_parameters(const LogoutRequest& request);

}  // namespace claviger::protocol
