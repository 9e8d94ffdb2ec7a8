// A data folder that is made of a backup, step by step; until the last one there is no database in
// it.
#pragma once
#include <cstdint>
#include <functional>
#include <optional>
#include <string>

#include "base/time.hpp"
#include "config/settings.hpp"
#include "model/storage_epoch.hpp"
#include "store/sqlite/backup_file.hpp"
#include "store/sqlite/data_folder.hpp"

namespace claviger::app {

// Where the key of a backup lies that was copied with it.
std::string key_beside(const std::string& backup);
std::string master_key_path(const config::Settings& settings);
// 0600, and never over another. Throws std::runtime_error.
void copy_key(const std::string& from, const std::string& to);
// Opens every sealed key and secret. Throws std::runtime_error naming the first that is closed.
void open_everything(store::BackupFile& backup, const std::string& master_key);
// "copying [#####     ] 50 % of 812 MiB"
std::string bar(std::string_view doing, std::int64_t done, std::int64_t total);

class RestoredFolder {
 public:
  // Makes and locks it. Throws std::runtime_error when there is a database, or what is left of one.
  explicit RestoredFolder(std::string path);

  // A copy, on disk when this returns.
  void take(const std::string& backup, const std::function<void(const std::string&)>& progress);
  struct Outcome {
    StorageEpoch epoch;
    std::int64_t live_families = 0;
    std::size_t revoked = 0;
  };
  // Brings the schema up to date and raises the storage epoch. Ends what was made or refreshed at
  // `revoke_since` or later.
  Outcome renew(const std::optional<Time>& revoke_since);
  // Puts the master key where a server looks for it, unless one is there. Returns the place.
  std::string keep_key(const std::string& key, const std::string& configured) const;
  // From here on it is a database.
  void finish();
  const std::string& path() const { return path_; }

 private:
  std::string file(const char* behind) const;
  void remove_unfinished() const;

  const std::string path_;
  std::optional<store::DataLock> lock_;
};

}  // namespace claviger::app
