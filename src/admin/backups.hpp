// The one backup that is being made, or was made last: begun by one operation, watched by another,
// since it may take longer than anybody waits for an answer.
#pragma once
#include <boost/json.hpp>
#include <memory>
#include <mutex>
#include <string>

#include "base/reason.hpp"
#include "store/sqlite/backup.hpp"

namespace claviger::admin {

class Backups {
 public:
  // `directory` holds the database.
  explicit Backups(std::string directory) : directory_(std::move(directory)) {}

  Result<boost::json::object> begin(std::string target);
  Result<boost::json::object> look() const;

 private:
  const std::string directory_;
  mutable std::mutex mutex_;
  std::unique_ptr<store::SqliteBackup> backup_;
};

}  // namespace claviger::admin
