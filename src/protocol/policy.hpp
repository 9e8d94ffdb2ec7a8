// What the operator decided, as far as rules need it.
#pragma once
#include <chrono>
#include <string>
#include <vector>

namespace claviger::protocol {

struct Policy {
  std::string issuer;               // "http://localhost:2003"
  std::vector<std::string> scopes;  // offered
  std::chrono::seconds code_ttl{60};
  std::chrono::seconds access_token_ttl{600};
  std::chrono::seconds refresh_idle_ttl{14 * 24 * 3600};
  std::chrono::seconds refresh_absolute_ttl{90 * 24 * 3600};
  std::chrono::seconds refresh_absolute_ttl_public{14 * 24 * 3600};
  std::chrono::seconds refresh_grace{10};
  std::chrono::seconds refresh_grace_public{5};
  std::chrono::seconds transaction_ttl{15 * 60};
  std::vector<std::string> private_schemes;
  bool error_interstitial = true;
};

}  // namespace claviger::protocol
