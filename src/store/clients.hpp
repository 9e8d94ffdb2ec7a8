// Registered clients.
#pragma once
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/random.hpp"
#include "model/client.hpp"
#include "store/sql/driver.hpp"

namespace claviger::store {

class Clients {
 public:
  Clients(sql::Driver& driver, Random& random) : driver_(driver), random_(random) {}

  Task<std::optional<Client>> find(std::string client_id);
  // In the order of client_id, those behind `after`.
  Task<std::vector<Client>> list(std::string after, std::size_t limit);

  enum class Added { added, exists };
  // Sets the record's epoch from created_at, so that an id used again never inherits an old grant
  // (AD-04).
  Task<Added> add(Client client);
  // Withdraws every consent given to it too: nobody allowed whoever takes the id next.
  Task<bool> remove(std::string client_id);
  // Replaces what was registered: not the secrets, `disabled`, epoch, first use and creation.
  // False: no such client, or somebody changed it since `client.version` was read.
  Task<bool> update(Client client);
  // The first time the client got anything: from then on it isn't purged (DC-07).
  Task<void> mark_used(std::string client_id, Time now);
  // Clients that strangers registered before `before` and nobody ever used; at most `limit`.
  Task<std::size_t> purge_unused(Time before, std::size_t limit);
  // How many clients strangers registered: the quota of open registration (DC-07).
  Task<std::int64_t> count_self_registered();

  // The old secret stays valid until `old_until`; `sealed` is kept for client_secret_jwt alone.
  // False: no such client.
  Task<bool> rotate_secret(std::string client_id, Digest hash, std::string kid, Bytes sealed,
                           Time old_until);
  // Disabling raises the epoch: whatever was granted ends.
  Task<bool> set_disabled(std::string client_id, bool disabled, Time now);

 private:
  sql::Driver& driver_;
  Random& random_;
};

}  // namespace claviger::store
