#include "store/store.hpp"

namespace claviger::store {

Store::Store(std::unique_ptr<sql::Driver> driver, Random& random)
    : clients(*driver, random),
      client_logos(*driver),
      users(*driver, random),
      sessions(*driver, random),
      transactions(*driver, random),
      consents(*driver, random),
      standings(*driver, clients),
      codes(*driver, random, clients),
      device_codes(*driver, random),
      grants(*driver, random, clients),
      opaque_tokens(*driver),
      replays(*driver),
      logouts(*driver),
      logout_requests(*driver),
      initial_access_tokens(*driver),
      server_keys(*driver),
      throttles(*driver),
      storage_epochs(*driver),
      leases(*driver),
      nodes(*driver),
      driver_(std::move(driver)) {}

}  // namespace claviger::store
