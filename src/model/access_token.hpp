// What an access token says, whichever form it has (RFC9068-2.2).
#pragma once
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/id.hpp"
#include "base/time.hpp"

namespace claviger {

struct AccessTokenClaims {
  std::string sub;  // as the client sees the person; the client's own id for client credentials
  std::string client_id;
  std::vector<std::string> scopes;
  std::vector<std::string> audience;  // never empty
  std::string jti;
  std::optional<Id> grant;  // claim `grant_id`: our endpoints read its state
  std::string act;          // JSON of the claim; empty: none
  Time issued_at{};
  Time expires_at{};
};

// Kept with the token that says it, for as long as anybody looks at it.
using SharedClaims = std::shared_ptr<const AccessTokenClaims>;

}  // namespace claviger
