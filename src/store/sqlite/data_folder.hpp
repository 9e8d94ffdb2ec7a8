// The folder in which everything is kept, and the lock that keeps a second server out of it.
#pragma once
#include <optional>
#include <stdexcept>
#include <string>

namespace claviger::store {

// Makes the folder with mode 0700 if it isn't there (its parent must be). Throws std::runtime_error
// with a sentence if it can't be made, is open to others, or is somebody else's (SQ-08).
void make_data_folder(const std::string& path);

// The name of a new file is on disk only when its folder is. Throws std::runtime_error.
void sync_folder(const std::string& path);

class DataFolderInUse : public std::runtime_error {
 public:
  DataFolderInUse(const std::string& sentence, int pid) : std::runtime_error(sentence), pid_(pid) {}
  int pid() const { return pid_; }  // 0: it did not say

 private:
  int pid_;
};

// Held as long as the object lives; the kernel lets go of it when the process dies, however that
// happens. The file `lock` stays, with the pid of whoever held it last.
class DataLock {
 public:
  // Throws DataFolderInUse at once when another process, or another object of this one, holds it.
  explicit DataLock(const std::string& directory);
  ~DataLock();
  DataLock(const DataLock&) = delete;
  DataLock& operator=(const DataLock&) = delete;

  // The pid of the server that holds the folder (0: it did not say); nothing when it is free.
  static std::optional<int> holder(const std::string& directory);

 private:
  int file_ = -1;
};

}  // namespace claviger::store
