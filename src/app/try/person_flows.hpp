// The two flows in which a person takes part: with a browser here (RFC6749-4.1, OIDCC-3.1), or on
// another screen (RFC8628).
#pragma once
#include <boost/json.hpp>
#include <string>
#include <vector>

#include "app/try/callback.hpp"
#include "app/try/conversation.hpp"
#include "base/random.hpp"

namespace claviger::app {

struct Wish {
  std::vector<std::string> scopes;
  std::vector<std::string> resources;
};
// Adds `scope` and each `resource`.
void add_wish(Form& form, const Wish& wish);

struct SignIn {
  boost::json::object response;  // of the token endpoint
  std::string nonce;
};

Tried<SignIn> sign_in(Conversation& talk, Callback& callback, const TryClient& client,
                      const Wish& wish, bool open, cli::TryWatcher& watcher, Random& random);
// The response of the token endpoint.
Tried<boost::json::object> allow_device(Conversation& talk, const TryClient& client,
                                        const Wish& wish, cli::TryWatcher& watcher);

}  // namespace claviger::app
