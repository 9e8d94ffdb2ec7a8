// A copy of the whole database as of one moment, made while the server works: page by page, read by
// a connection of its own that never checkpoints, with a pause after each few.
#pragma once
#include <cstdint>
#include <mutex>
#include <string>
#include <thread>

#include "store/sqlite/open.hpp"

namespace claviger::store {

namespace sqlite {
class Connection;
}

struct BackupState {
  enum class Phase { copying, checking, done, failed };
  Phase phase = Phase::copying;
  std::int64_t bytes = 0;  // copied
  std::int64_t total_bytes = 0;
  std::int64_t storage_epoch = 0;
  std::string error;  // a sentence; of `failed`
};

class SqliteBackup {
 public:
  // Begins, on a thread of its own. `target` is absolute, and nothing stands there: it is never
  // written over. Throws std::runtime_error with a sentence for the operator.
  SqliteBackup(const SqliteOptions& options, std::string target);
  // One that is not finished is given up, and leaves nothing.
  ~SqliteBackup() = default;

  BackupState state() const;
  const std::string& target() const { return target_; }

 private:
  void run(const std::stop_token& stop);
  void copy(int file, const std::stop_token& stop);
  template <class Change>
  void update(Change change);

  const SqliteOptions options_;
  const std::string target_;
  const std::string unfinished_;
  mutable std::mutex mutex_;
  BackupState state_;
  std::jthread thread_;
};

// What marks a copy in `incarnation`: whoever opens it as its database makes it another
// incarnation.
inline constexpr std::string_view kCopyMark = "copy";

namespace sqlite {
// Raises the storage epoch of a copy that is used as it is, whoever put it there. True: it was one.
bool raise_epoch_of_copy(Connection& connection);
}  // namespace sqlite

}  // namespace claviger::store
