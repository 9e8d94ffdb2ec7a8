// Which of the numbered migrations a database has seen, and whether this release may use it.
#pragma once
#include <cstdint>

namespace claviger::store {

struct SchemaState {
  std::int64_t found = 0;            // 0: an empty database
  std::int64_t newest = 0;           // what this release knows
  std::int64_t compatible_from = 0;  // the oldest schema whose release may use it; 0: unsaid

  bool is_newer() const { return found > newest; }
  // A newer release has been at it and took nothing away that this one needs: nodes are exchanged
  // one by one, and an upgrade can be taken back.
  bool usable() const { return !is_newer() || (compatible_from > 0 && compatible_from <= newest); }
};

}  // namespace claviger::store
