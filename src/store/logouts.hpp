// Clients that are to be told that a session ended (OIDCBC-2.5). A row lives from the end of the
// session until the client answered, or until nobody expects that any more.
#pragma once
#include <string>
#include <vector>

#include "base/id.hpp"
#include "base/time.hpp"
#include "store/sql/driver.hpp"

namespace claviger::store {

struct DueLogout {
  Id session;
  std::string client_id;
  std::string sub;  // of the session; the person's own
  int attempts = 0;
  Time ended_at{};
};

class Logouts {
 public:
  explicit Logouts(sql::Driver& driver) : driver_(driver) {}

  // Those whose next attempt is due, the oldest first.
  Task<std::vector<DueLogout>> due(Time now, std::size_t limit);
  // Takes one attempt: counts it and puts the next one off until `next`. Of any number of nodes one
  // is told true. False: somebody else took it, or it is done.
  Task<bool> take(DueLogout logout, Time next);
  // Told, given up, or there is nothing to tell.
  Task<void> done(Id session, std::string client_id);

 private:
  sql::Driver& driver_;
};

}  // namespace claviger::store
