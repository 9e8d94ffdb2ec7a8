// Requests to sign out that wait for the browser they came from (OIDCRL-2).
#pragma once
#include <optional>

#include "model/logout_request.hpp"
#include "store/sql/driver.hpp"

namespace claviger::store {

class LogoutRequests {
 public:
  explicit LogoutRequests(sql::Driver& driver) : driver_(driver) {}

  // Expired ones too, until they are swept.
  Task<std::optional<LogoutRequest>> find(Id id);
  Task<void> add(LogoutRequest request);

 private:
  sql::Driver& driver_;
};

}  // namespace claviger::store
