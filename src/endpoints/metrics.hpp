// What the endpoints count: tokens, sign-ins, password hashes. Clients and people are not told
// apart.
#pragma once
#include <array>

#include "base/meters.hpp"
#include "model/client.hpp"

namespace claviger::endpoints {

enum class TokenKind { access_token, refresh_token, id_token };
enum class LoginResult { success, failure, throttled, busy };
inline constexpr std::array kTokenKinds{"access_token", "refresh_token", "id_token"};
inline constexpr std::array kLoginResults{"success", "failure", "throttled", "busy"};

struct Metrics {
  void issued(GrantType grant, TokenKind token) {
    tokens[static_cast<std::size_t>(grant)][static_cast<std::size_t>(token)].add();
  }
  void signed_in(LoginResult result) { logins[static_cast<std::size_t>(result)].add(); }

  std::array<std::array<Counter, kTokenKinds.size()>, kAllGrantTypes.size()> tokens;
  std::array<Counter, kLoginResults.size()> logins;  // with a password
  Histogram hash_seconds{kHashSeconds};
  Gauge hashes_waiting;
  Counter refresh_reuse;
};

}  // namespace claviger::endpoints
