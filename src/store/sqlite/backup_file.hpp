// A backup as a file that lies somewhere: what is in it, and whether it is sound. It is only read.
#pragma once
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/time.hpp"
#include "model/server_key.hpp"
#include "store/sql/schema_state.hpp"

namespace claviger::store {

namespace sqlite {
class Connection;
}

struct SealedSecret {
  std::string client_id;
  Bytes sealed;
};

class BackupFile {
 public:
  // Throws std::runtime_error with a sentence: not there, not ours, of a newer release, or a
  // database that a server uses or used.
  explicit BackupFile(std::string path);
  ~BackupFile();

  const SchemaState& schema() const { return schema_; }
  std::int64_t bytes() const;
  std::int64_t storage_epoch();
  // Nothing: it was not made by `claviger backup`.
  std::optional<Time> taken_at();
  // A line each; nothing when all of it is as it was written. Reads the whole file.
  std::vector<std::string> look_for_damage();
  std::int64_t rows_in(std::string_view table);
  std::vector<ServerKey> server_keys();
  std::vector<SealedSecret> sealed_secrets();

 private:
  const std::string path_;
  const std::unique_ptr<sqlite::Connection> connection_;
  SchemaState schema_;
};

}  // namespace claviger::store
