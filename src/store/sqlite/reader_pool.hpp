// Reading connections, one for each thread: a read costs microseconds and is done where it is
// asked for.
#pragma once
#include <memory>
#include <mutex>
#include <optional>
#include <vector>

#include "base/log.hpp"
#include "store/metrics.hpp"
#include "store/sqlite/connection.hpp"
#include "store/sqlite/damage.hpp"

namespace claviger::store::sqlite {

class ReaderPool {
 public:
  ReaderPool(const ConnectionOptions& options, unsigned readers, std::shared_ptr<Metrics> metrics,
             Damage& damage, Log& log);
  // In a read transaction of its own. Throws Unavailable, or Damaged.
  std::vector<sql::Row> read(const sql::Statement& statement);

 private:
  struct Reader {
    std::mutex mutex;  // never waited for while there are as many readers as threads
    std::optional<Connection> connection;
  };

  const ConnectionOptions options_;
  const std::shared_ptr<Metrics> metrics_;
  Damage& damage_;
  Log& log_;
  std::vector<std::unique_ptr<Reader>> readers_;
};

}  // namespace claviger::store::sqlite
