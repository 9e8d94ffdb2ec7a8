// What the operator decided, as far as rules need it.
#pragma once
#include <chrono>
#include <string>
#include <vector>

#include "model/client.hpp"

namespace claviger::protocol {

struct Policy {
  std::string issuer;                  // "http://localhost:2003"
  std::vector<std::string> scopes;     // offered
  std::vector<std::string> resources;  // that tokens may be asked for besides the issuer's own
  std::chrono::seconds code_ttl{60};
  std::chrono::seconds access_token_ttl{600};
  std::chrono::seconds id_token_ttl{600};
  std::chrono::seconds device_code_ttl{600};
  std::chrono::seconds device_interval{5};
  bool device_link = true;  // verification_uri_complete (RFC8628-3.2, DV-02)
  std::chrono::seconds refresh_idle_ttl{14 * 24 * 3600};
  std::chrono::seconds refresh_absolute_ttl{90 * 24 * 3600};
  std::chrono::seconds refresh_absolute_ttl_public{14 * 24 * 3600};
  std::chrono::seconds refresh_grace{10};
  std::chrono::seconds refresh_grace_public{5};
  std::chrono::seconds transaction_ttl{15 * 60};
  std::vector<std::string> private_schemes;
  bool error_interstitial = true;
  bool registration_open = false;                    // /register without a token, and sign-up
  Profile registration_profile = Profile::standard;  // of clients that register themselves
  bool loopback_issuer = false;
};

}  // namespace claviger::protocol
