// Token exchange (RFC8693): an access token becomes one that may do less, to be handed on.
#pragma once
#include <string>
#include <vector>

#include "base/task.hpp"
#include "demo/client/relying_party.hpp"

namespace claviger::demo {

struct Exchanged {
  std::string scope;          // that was asked for
  std::vector<Field> claims;  // of the new token
};

Task<Outcome<Exchanged>> exchange_token(RelyingParty& party, FlowLog& log, Tokens tokens);
// What an operator types so that this client may.
std::string allow_exchange_command(const Credentials& client);

}  // namespace claviger::demo
