// What is remembered. Finders read; verbs write atomically, each one transaction with a typed
// outcome. Whatever a verb returned is durable. Any call may throw Unavailable; then nothing is
// promised, and the request is answered 503.
#pragma once
#include <memory>
#include <stdexcept>
#include <string>

#include "store/client_logos.hpp"
#include "store/clients.hpp"
#include "store/codes.hpp"
#include "store/consents.hpp"
#include "store/device_codes.hpp"
#include "store/grants.hpp"
#include "store/initial_access_tokens.hpp"
#include "store/leases.hpp"
#include "store/logout_requests.hpp"
#include "store/logouts.hpp"
#include "store/nodes.hpp"
#include "store/opaque_tokens.hpp"
#include "store/replays.hpp"
#include "store/server_keys.hpp"
#include "store/sessions.hpp"
#include "store/sql/driver.hpp"
#include "store/standing.hpp"
#include "store/storage_epochs.hpp"
#include "store/throttles.hpp"
#include "store/transactions.hpp"
#include "store/users.hpp"

namespace claviger::store {

class Store {
 public:
  Store(std::unique_ptr<sql::Driver> driver, Random& random);

  Clients clients;
  ClientLogos client_logos;
  Users users;
  Sessions sessions;
  Transactions transactions;
  Consents consents;
  Standings standings;
  Codes codes;
  DeviceCodes device_codes;
  Grants grants;
  OpaqueTokens opaque_tokens;
  Replays replays;
  Logouts logouts;
  LogoutRequests logout_requests;
  InitialAccessTokens initial_access_tokens;
  ServerKeys server_keys;
  Throttles throttles;
  StorageEpochs storage_epochs;
  Leases leases;
  Nodes nodes;

  sql::Driver& driver() { return *driver_; }
  // Which incarnation of the data this is, as this process last heard. Whoever decides by it asks
  // the row: another node may have raised it.
  std::int64_t storage_epoch() const { return driver_->storage_epoch(); }
  // Deletes at most `limit` rows of each kind that have been of no use since before `now`.
  Task<std::size_t> sweep(Time now, std::size_t limit);

 private:
  std::unique_ptr<sql::Driver> driver_;
};

}  // namespace claviger::store
