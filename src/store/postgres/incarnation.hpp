// Which PostgreSQL server this is, and on which of its timelines. Another one than the data
// remembers means that a standby took over or a backup was restored, and that acknowledged writes
// may be lost: the storage epoch is raised before anything is committed over the connection (T-15).
#pragma once
#include <cstdint>
#include <string>

#include "base/task.hpp"
#include "store/postgres/link.hpp"

namespace claviger::store::postgres {

struct Recognised {
  std::int64_t storage_epoch = 0;
  std::string incarnation;  // empty: the server does not tell
  bool raised = false;      // by this very call; another node may have been first
};

// For a connection that writes, when it is open. Throws LinkLost.
Task<Recognised> recognise(Link& link);

}  // namespace claviger::store::postgres
