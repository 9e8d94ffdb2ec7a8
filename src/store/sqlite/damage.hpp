// Whether the database file was found to be damaged, by whoever came upon it: a read, a write, the
// check in the background. From then on nothing is written: what a damaged file is told it may
// keep in the wrong place, and a backup is better than what is left.
#pragma once
#include <atomic>
#include <mutex>
#include <string>

#include "base/log.hpp"

namespace claviger::store::sqlite {

// What an operator has to do about it, as the end of a sentence.
inline constexpr const char* kRestoreBackup =
    "restore the last backup with claviger restore (docs/how-to/backup.md)";

class Damage {
 public:
  Damage(std::string path, Log& log) : path_(std::move(path)), log_(log) {}

  // The first one is logged, and is what sentence() says.
  void found(const std::string& what);
  bool is_found() const { return found_.load(std::memory_order_acquire); }
  // Empty when none was found.
  std::string sentence() const;

 private:
  const std::string path_;
  Log& log_;
  mutable std::mutex mutex_;
  std::atomic<bool> found_ = false;
  std::string sentence_;
};

}  // namespace claviger::store::sqlite
