#include "store/sqlite/migration_copy.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <filesystem>

#include "store/sqlite/data_folder.hpp"

namespace claviger::store::sqlite {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view kBefore = ".before-schema-";
constexpr std::string_view kUnfinished = ".unfinished";

std::string folder_of(const std::string& path) {
  const auto parent = fs::path(path).parent_path().string();
  return parent.empty() ? "." : parent;
}

// Rather than fill a disk that others use too, and find out at its end.
void judge_room(Connection& connection, const std::string& path) {
  const auto size =
      connection.integer("PRAGMA page_count") * connection.integer("PRAGMA page_size");
  struct statvfs space{};
  if (::statvfs(folder_of(path).c_str(), &space) != 0) return;
  const auto free = space.f_bavail * space.f_frsize;
  if (static_cast<std::uint64_t>(size) <= free) return;
  throw std::runtime_error(fmt::format(
      "{} is copied before an upgrade, which takes {} MiB beside it, and {} MiB are free: make "
      "room and start again; nothing was changed",
      path, size / 1'048'576 + 1, free / 1'048'576));
}

// SQLite would make it as open as the umask allows.
void make_empty(const std::string& path) {
  ::unlink(path.c_str());  // what an interrupted copy left
  const int file = ::open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, S_IRUSR | S_IWUSR);
  if (file < 0) {
    throw std::runtime_error(fmt::format("can't make {}: {}", path, std::strerror(errno)));
  }
  ::close(file);
}

void copy_pages(Connection& from, const ConnectionOptions& options, const std::string& to) {
  ConnectionOptions target = options;
  target.path = to;
  Connection copy(target);
  // Nothing that was there could be lost, and the name stays unfinished until the end.
  copy.execute("PRAGMA journal_mode = MEMORY");
  const std::unique_ptr<sqlite3_backup, decltype(&sqlite3_backup_finish)> backup(
      sqlite3_backup_init(copy.handle(), "main", from.handle(), "main"), &sqlite3_backup_finish);
  // All of it in one reading transaction: as it was at one moment.
  const int code = backup ? sqlite3_backup_step(backup.get(), -1) : sqlite3_errcode(copy.handle());
  if (code != SQLITE_DONE) throw SqliteError(code, sqlite3_errstr(code));
}

void sync_file(const std::string& path) {
  const int file = ::open(path.c_str(), O_RDWR | O_CLOEXEC);
  const bool synced = file >= 0 && ::fsync(file) == 0;
  if (file >= 0) ::close(file);
  if (!synced) throw std::runtime_error(fmt::format("can't sync {}", path));
}

void make_copy(Connection& connection, const ConnectionOptions& options, const std::string& to) {
  const auto unfinished = to + std::string(kUnfinished);
  try {
    make_empty(unfinished);
    copy_pages(connection, options, unfinished);
    sync_file(unfinished);
    if (::rename(unfinished.c_str(), to.c_str()) != 0) {
      throw std::runtime_error(fmt::format("can't make {}: {}", to, std::strerror(errno)));
    }
    sync_folder(folder_of(to));
  } catch (const std::exception&) {
    ::unlink(unfinished.c_str());
    throw;
  }
}

}  // namespace

std::string copy_before_schema(const std::string& path, std::int64_t schema) {
  return fmt::format("{}{}{}", path, kBefore, schema);
}

void copy_before_migration(Connection& connection, const ConnectionOptions& options,
                           std::int64_t schema, Log& log) {
  judge_room(connection, options.path);
  const auto copy = copy_before_schema(options.path, schema);
  log.write(LogLevel::notice, "store.copying", {{"to", copy}});
  try {
    make_copy(connection, options, copy);
  } catch (const SqliteError& error) {
    const char* const why = error.primary() == SQLITE_FULL ? "the disk is full" : error.what();
    throw std::runtime_error(
        fmt::format("{} can't be copied to {} before its upgrade ({}): nothing was changed",
                    options.path, copy, why));
  }
}

void forget_earlier_copies(const std::string& path, std::int64_t schema) {
  const auto ours = fs::path(path).filename().string() + std::string(kBefore);
  const auto kept = fs::path(copy_before_schema(path, schema)).filename().string();
  std::error_code ignored;
  for (const auto& file : fs::directory_iterator(folder_of(path), ignored)) {
    const auto name = file.path().filename().string();
    if (name.starts_with(ours) && name != kept) fs::remove(file.path(), ignored);
  }
}

}  // namespace claviger::store::sqlite
