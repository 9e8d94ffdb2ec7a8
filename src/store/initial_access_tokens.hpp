// Tokens that an operator hands out, so that their holders may register clients (RFC7591-3).
#pragma once
#include <optional>
#include <vector>

#include "base/bytes.hpp"
#include "base/id.hpp"
#include "base/time.hpp"
#include "model/client.hpp"
#include "store/sql/driver.hpp"

namespace claviger::store {

struct InitialAccessToken {
  Id selector;
  Digest verifier_hash{};
  std::optional<Profile> profile;  // of the clients registered with it; nothing: the configured one
  std::int64_t uses_left = 1;
  Time created_at{};
  Time expires_at{};
  bool of_another_epoch = false;  // how many uses are left was true before a restore
};

class InitialAccessTokens {
 public:
  explicit InitialAccessTokens(sql::Driver& driver) : driver_(driver) {}

  Task<void> add(InitialAccessToken token);
  Task<std::optional<InitialAccessToken>> find(Id selector);
  Task<std::vector<InitialAccessToken>> list();
  // Takes one use. False: none left, expired, or of another storage epoch.
  Task<bool> use(Id selector, Time now);
  Task<bool> remove(Id selector);

 private:
  sql::Driver& driver_;
};

}  // namespace claviger::store
