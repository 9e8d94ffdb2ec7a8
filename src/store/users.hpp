// People who can sign in.
#pragma once
#include <optional>
#include <string>
#include <vector>

#include "base/random.hpp"
#include "model/user.hpp"
#include "store/sql/driver.hpp"

namespace claviger::store {

class Users {
 public:
  Users(sql::Driver& driver, Random& random) : driver_(driver), random_(random) {}

  Task<std::optional<User>> find(std::string sub);
  // By user name (case-folded) or, failing that, by email (lower case). The caller folds: model
  // keys are given.
  Task<std::optional<User>> find_by_login(std::string username_key, std::string email_key);
  Task<std::vector<User>> list(std::string after_sub, std::size_t limit);

  enum class Added { added, exists };
  // exists: the user name or the email is taken.
  Task<Added> add(User user, std::string username_key, std::string email_key);
  // Replaces what claims tell (names, email, phone, `claims`, the verified flags) and sets
  // updated_at. taken: the email is somebody else's.
  enum class Changed { changed, unknown, taken };
  Task<Changed> set_claims(User user, std::string email_key, Time now);
  // Raises the epoch and ends the sessions of the user (RM-09), with their logouts.
  Task<bool> set_password(std::string sub, std::string phc, Time now);
  // Replaces the hash only if it still is `old_phc`; neither epoch nor sessions change (PW-14).
  Task<bool> rehash(std::string sub, std::string old_phc, std::string new_phc);
  // Disabling raises the epoch and ends the user's sessions.
  Task<bool> set_disabled(std::string sub, bool disabled, Time now);

 private:
  sql::Driver& driver_;
  Random& random_;
};

}  // namespace claviger::store
