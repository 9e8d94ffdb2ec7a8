// What the server's word that somebody signed out must be before it is believed (OIDCBC-2.6).
#pragma once
#include <deque>
#include <string>
#include <string_view>
#include <utility>

#include "base/time.hpp"
#include "demo/client/id_token.hpp"
#include "demo/client/server_keys.hpp"

namespace claviger::demo {

struct ExpectedLogoutToken {
  std::string_view issuer;
  std::string_view client_id;
  Time now;
};

JudgedToken judge_logout_token(const std::string& token, const ServerKeys& keys,
                               const ExpectedLogoutToken& expected);

// The logout tokens that came already: each counts once. Bounded; an expired one needs no memory.
class SpentLogoutTokens {
 public:
  static constexpr std::size_t kCapacity = 1000;
  // False: it came before, or there are more of them at once than could be honest.
  bool take(const std::string& jti, Time expires, Time now);

 private:
  std::deque<std::pair<std::string, Time>> spent_;
};

}  // namespace claviger::demo
