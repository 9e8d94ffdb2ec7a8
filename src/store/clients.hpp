// Registered clients.
#pragma once
#include <string>
#include <string_view>
#include <vector>

#include "base/random.hpp"
#include "model/client.hpp"
#include "store/client_cache.hpp"
#include "store/sql/driver.hpp"

namespace claviger::store {

class Clients {
 public:
  Clients(sql::Driver& driver, Random& random)
      : driver_(driver), random_(random), cache_(driver.is_shared()) {}

  // Of a kept record, where there is one. Null: no such client.
  Task<SharedClient> find(std::string client_id);
  // What a statement just said of a row. Any change raises one of the two, so that a kept record
  // with both is that row.
  struct Stamp {
    std::int64_t version = 0;
    std::int64_t epoch = 0;
  };
  // The record as it was then, or later: what decides whether anything is issued relies on nothing
  // that another node may have changed since.
  Task<SharedClient> find_at(std::string client_id, Stamp stamp);
  // For whoever issues without a statement that says it: the record as it is now, whatever other
  // nodes have announced.
  Task<SharedClient> find_now(std::string client_id);
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

  // What was announced (Driver::on_announced): other nodes changed clients, or may have.
  void hear(std::string_view topic);

 private:
  Task<SharedClient> read(std::string client_id);
  // Every change of a row goes this way: kept records are given up before anybody is told of it.
  Task<sql::OperationResult> change(sql::Operation operation);
  void give_up_records();

  sql::Driver& driver_;
  Random& random_;
  ClientCache cache_;
};

}  // namespace claviger::store
