#include "store/sqlite/backup_file.hpp"

#include <fmt/format.h>

#include <charconv>
#include <filesystem>

#include "store/server_key_rows.hpp"
#include "store/sqlite/backup.hpp"
#include "store/sqlite/connection.hpp"
#include "store/sqlite/schema.hpp"

namespace claviger::store {
namespace {

namespace fs = std::filesystem;

constexpr std::int64_t kHasIncarnation = 3;  // the first schema that does
constexpr std::int64_t kHasSealedSecrets = 2;

std::unique_ptr<sqlite::Connection> open_file(const std::string& path) {
  std::error_code error;
  if (!fs::is_regular_file(path, error)) {
    throw std::runtime_error(fmt::format("there is no file {}", path));
  }
  // It would be read without its last writes.
  if (fs::exists(path + "-wal", error) && fs::file_size(path + "-wal", error) > 0) {
    throw std::runtime_error(
        fmt::format("{} is a database in use, with its log beside it: claviger backup makes a copy "
                    "that is whole",
                    path));
  }
  sqlite::ConnectionOptions options;
  options.path = path;
  options.read_only = true;
  options.ignore_log = true;
  try {
    auto connection = std::make_unique<sqlite::Connection>(options);
    connection->integer("PRAGMA user_version");
    return connection;
  } catch (const sqlite::SqliteError& broken) {
    throw std::runtime_error(fmt::format("{} can't be read: {}", path, broken.what()));
  }
}

SchemaState look(sqlite::Connection& connection, const std::string& path) {
  try {
    auto state = sqlite::look_at_schema(connection, path);
    if (state.found == 0) throw std::runtime_error(fmt::format("{} is empty", path));
    if (state.usable()) return state;
    throw std::runtime_error(
        fmt::format("{} was written by a newer release of Claviger (schema {}; this release knows "
                    "schema {})",
                    path, state.found, state.newest));
  } catch (const sqlite::SqliteError& broken) {
    throw std::runtime_error(fmt::format("{} can't be read: {}", path, broken.what()));
  }
}

}  // namespace

BackupFile::BackupFile(std::string path)
    : path_(std::move(path)), connection_(open_file(path_)), schema_(look(*connection_, path_)) {}

BackupFile::~BackupFile() = default;

std::int64_t BackupFile::bytes() const { return static_cast<std::int64_t>(fs::file_size(path_)); }

std::int64_t BackupFile::storage_epoch() {
  return connection_->integer("SELECT storage_epoch FROM store");
}

std::optional<Time> BackupFile::taken_at() {
  if (schema_.found < kHasIncarnation) return {};
  const auto mark = connection_->text("SELECT incarnation FROM store");
  if (!mark.starts_with(kCopyMark) || mark.size() <= kCopyMark.size() + 1) return {};
  std::int64_t seconds = 0;
  std::from_chars(mark.data() + kCopyMark.size() + 1, mark.data() + mark.size(), seconds);
  return from_seconds(seconds);
}

std::vector<std::string> BackupFile::look_for_damage() {
  std::vector<std::string> lines;
  try {
    for (const auto& row : connection_->run({"PRAGMA integrity_check", {}}).rows) {
      if (row.text(0) != "ok") lines.push_back(row.text(0));
    }
    const auto orphans = connection_->run({"PRAGMA foreign_key_check", {}}).rows.size();
    if (orphans > 0) lines.push_back(fmt::format("{} rows point at nothing", orphans));
  } catch (const sqlite::SqliteError& broken) {
    lines.emplace_back(broken.what());
  }
  return lines;
}

std::int64_t BackupFile::rows_in(std::string_view table) {
  // A text of its own each time would have to live on.
  if (table == "clients") return connection_->integer("SELECT count(*) FROM clients");
  if (table == "users") return connection_->integer("SELECT count(*) FROM users");
  if (table == "grants") return connection_->integer("SELECT count(*) FROM grants");
  if (table == "refresh_families") {
    return connection_->integer("SELECT count(*) FROM refresh_families");
  }
  throw std::logic_error("a table that nobody counts");
}

std::vector<ServerKey> BackupFile::server_keys() {
  std::vector<ServerKey> keys;
  const sql::Statement all{kServerKeyRows, {}};
  for (const auto& row : connection_->run(all).rows) keys.push_back(server_key_of(row));
  return keys;
}

std::vector<SealedSecret> BackupFile::sealed_secrets() {
  std::vector<SealedSecret> secrets;
  if (schema_.found < kHasSealedSecrets) return secrets;
  const sql::Statement all{
      "SELECT client_id, sealed_secret FROM clients WHERE length(sealed_secret) > 0", {}};
  for (const auto& row : connection_->run(all).rows) {
    secrets.push_back({row.text(0), row.blob(1)});
  }
  return secrets;
}

}  // namespace claviger::store
