#include "store/sqlite/stamp.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cstdio>
#include <fstream>

#include "store/sqlite/damage.hpp"
#include "store/sqlite/data_folder.hpp"

namespace claviger::store::sqlite {
namespace {

constexpr std::string_view kOpen = "open";
constexpr std::string_view kClosed = "closed";
// A log that holds nothing ends before its first frame.
constexpr off_t kLogHeader = 32;

struct Inside {
  std::string id;
  std::int64_t page_size = 0;
};

// What the file itself says, whatever its log would add. Throws SqliteError.
Inside look_into(const ConnectionOptions& database) {
  ConnectionOptions alone = database;
  alone.read_only = true;
  alone.ignore_log = true;
  Connection connection(alone);
  // Until the third migration nobody wrote one.
  if (connection.integer("PRAGMA user_version") < 3) return {};
  return {connection.text("SELECT incarnation FROM store"), connection.integer("PRAGMA page_size")};
}

std::string go_on_with_it(const std::string& path) {
  return fmt::format(
      "put back the {} that was here, {}, or say claviger store new-epoch to go on with what there "
      "is, as with a restored backup",
      path, kRestoreBackup);
}

}  // namespace

Stamp::Stamp(ConnectionOptions database) : database_(std::move(database)) {
  read();
  if (left_) judge();
}

void Stamp::read() {
  std::ifstream file(path());
  std::string state;
  Left left;
  if (!(file >> state >> left.id)) return;
  file >> left.or_id;
  if (state != kOpen && state != kClosed) return;
  left.was_open = state == kOpen;
  left_ = std::move(left);
}

bool Stamp::log_is_there() const {
  struct stat status{};
  return ::stat((database_.path + "-wal").c_str(), &status) == 0 && status.st_size > kLogHeader;
}

void Stamp::judge() {
  struct stat status{};
  // Whoever takes the file away wants to begin anew.
  if (::stat(database_.path.c_str(), &status) != 0) return;
  if (status.st_size == 0) {
    complaint_ = fmt::format("{} is empty: {}", database_.path, go_on_with_it("file"));
    return;
  }
  const bool has_log = log_is_there();
  Inside inside;
  try {
    inside = look_into(database_);
  } catch (const SqliteError&) {
    // Killed while the log was moved, half of it is in the file: with the log it is whole again.
    if (!has_log) throw;
    return;
  }
  const auto& [id, page_size] = inside;
  if (id.empty()) return;
  // A page that is missing SQLite notices, a part of the last one it reads as zeros. With a log the
  // file may have been left in the middle of a write, and the log makes up for it.
  if (!has_log && status.st_size % page_size != 0) {
    complaint_ = fmt::format("{} is cut off: {}", database_.path, go_on_with_it("file"));
  } else if (id != left_->id && id != left_->or_id) {
    complaint_ =
        fmt::format("{} is not the database that was used here last, or an older copy of it: {}",
                    database_.path, go_on_with_it("file"));
  } else if (left_->was_open && !has_log) {
    complaint_ = fmt::format("{}-wal is missing, which holds what was written last: {}",
                             database_.path, go_on_with_it("log"));
  }
}

void Stamp::begin(Connection& connection, Log& log) {
  try {
    renew(connection);
  } catch (const std::runtime_error& error) {
    const auto* sqlite = dynamic_cast<const SqliteError*>(&error);
    if (sqlite != nullptr && sqlite->poisons_connection()) throw;
    // On a full disk, say: what stands there still fits, and reads work.
    log.write(LogLevel::warning, "store.not_stamped", {{"error", error.what()}});
  }
}

void Stamp::renew(Connection& connection) {
  const auto before = connection.text("SELECT incarnation FROM store");
  Left next;
  next.was_open = false;
  next.id = connection.text("SELECT lower(hex(randomblob(16)))");
  next.or_id = before;
  write(next);
  sql::Statement set{"UPDATE store SET incarnation = $1", {next.id}};
  connection.run(set);
  int in_log = 0;
  int moved = 0;
  const int code = sqlite3_wal_checkpoint_v2(connection.handle(), nullptr,
                                             SQLITE_CHECKPOINT_PASSIVE, &in_log, &moved);
  if (code == SQLITE_OK && in_log == moved) next.or_id.clear();
  next.was_open = true;
  write(next);
  left_ = std::move(next);
}

void Stamp::end() {
  if (!left_ || complaint_) return;
  left_->was_open = false;
  try {
    write(*left_);
  } catch (const std::runtime_error&) {
    left_.reset();  // on a full disk, say: then the log has to stay where it is
  }
}

void Stamp::write(const Left& left) const {
  const auto temporary = path() + "-new";
  const auto text = fmt::format("{} {} {}\n", left.was_open ? kOpen : kClosed, left.id, left.or_id);
  const int file = ::open(temporary.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
  bool written =
      file >= 0 && ::write(file, text.data(), text.size()) == static_cast<ssize_t>(text.size());
  written = written && ::fsync(file) == 0;
  if (file >= 0) ::close(file);
  if (!written || std::rename(temporary.c_str(), path().c_str()) != 0) {
    throw std::runtime_error(fmt::format("can't write {}", path()));
  }
  const auto slash = path().rfind('/');
  sync_folder(path().substr(0, slash));
}

}  // namespace claviger::store::sqlite
