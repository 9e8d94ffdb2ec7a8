// As whom a flow speaks: the client that was named, or one that is registered for this.
#pragma once
#include <string>

#include "app/try/conversation.hpp"
#include "config/load.hpp"

namespace claviger::app {

// `redirect_uri`: of the flows that need a browser; otherwise empty.
Tried<TryClient> choose_client(Conversation& talk, const config::Loaded& loaded,
                               const cli::TryRequest& request, const std::string& redirect_uri);
// Removes what choose_client() made, and with it whatever it was granted.
void give_client_back(Conversation& talk, const config::Loaded& loaded, const TryClient& client);

}  // namespace claviger::app
