#include "store/sqlite/backup.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <condition_variable>
#include <cstdio>
#include <cstring>
#include <filesystem>

#include "store/sqlite/connection.hpp"
#include "store/sqlite/data_folder.hpp"

namespace claviger::store {
namespace {

namespace fs = std::filesystem;
using namespace sqlite;

constexpr int kPagesAtOnce = 256;        // 1 MiB
constexpr std::int64_t kSyncEvery = 16;  // of these
constexpr int kNiceness = 10;
constexpr int kInstructionsAtOnce = 100'000;
constexpr std::chrono::milliseconds kLongestPause{100};

class File {
 public:
  explicit File(const std::string& path)
      : fd_(::open(path.c_str(), O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, S_IRUSR | S_IWUSR)) {
    if (fd_ < 0) throw std::runtime_error(fmt::format("can't make {}: {}", path, strerror(errno)));
  }
  ~File() { ::close(fd_); }
  File(const File&) = delete;
  File& operator=(const File&) = delete;
  int fd() const { return fd_; }

 private:
  int fd_;
};

void refuse_bad_place(const std::string& directory, const fs::path& target) {
  if (!target.is_absolute()) throw std::runtime_error("the path of the backup is not absolute");
  std::error_code error;
  const auto parent = fs::canonical(target.parent_path(), error);
  if (error) {
    throw std::runtime_error(fmt::format("there is no folder {}", target.parent_path().string()));
  }
  const auto data = fs::canonical(directory).string() + "/";
  if ((parent.string() + "/").starts_with(data)) {
    throw std::runtime_error(
        fmt::format("{} lies in the data folder: a backup belongs on another disk, and that folder "
                    "is the server's alone",
                    target.string()));
  }
  if (fs::exists(fs::symlink_status(target, error))) {
    throw std::runtime_error(
        fmt::format("{} is there already, and a backup is never written over", target.string()));
  }
}

std::string sentence_of(const SqliteError& error, const std::string& target) {
  if (error.primary() == SQLITE_FULL) {
    return fmt::format("the disk that holds {} is full", target);
  }
  return fmt::format("can't make {}: {}", target, error.what());
}

class Stopped : public std::runtime_error {
 public:
  Stopped() : std::runtime_error("the server stopped before the backup was finished") {}
};

struct Pages {
  std::int64_t size = 0;
  std::int64_t count = 0;
};

using Backup = std::unique_ptr<sqlite3_backup, decltype(&sqlite3_backup_finish)>;

void pause(std::chrono::nanoseconds time, const std::stop_token& stop) {
  std::mutex nobodys;
  std::unique_lock lock(nobodys);
  std::condition_variable_any().wait_for(lock, stop, time, [] { return false; });
}

// Half of the disk's time is for others, and never more than a few MiB of ours wait for it when the
// server has to sync.
template <class Told>
void step_through(sqlite3_backup* backup, int file, const std::stop_token& stop, const Told& told) {
  for (std::int64_t step = 1;; ++step) {
    if (stop.stop_requested()) throw Stopped();
    const auto began = std::chrono::steady_clock::now();
    const int code = sqlite3_backup_step(backup, kPagesAtOnce);
    if (code != SQLITE_OK && code != SQLITE_DONE) throw SqliteError(code, sqlite3_errstr(code));
    if (step % kSyncEvery == 0) ::fdatasync(file);
    told(sqlite3_backup_remaining(backup));
    if (code == SQLITE_DONE) return;
    const auto took = std::chrono::steady_clock::now() - began;
    pause(std::min<std::chrono::nanoseconds>(took, kLongestPause), stop);
  }
}

// One file without a log beside it, marked as a copy, and read through once: a backup that nobody
// looked at is none.
void make_presentable(const std::string& path, const std::stop_token& stop) {
  ConnectionOptions options;
  options.path = path;
  Connection copy(options);
  if (copy.text("PRAGMA journal_mode = DELETE") != "delete") {
    throw std::runtime_error(fmt::format("{} can't be made one file", path));
  }
  copy.run({"UPDATE store SET incarnation = $1 || ' ' || strftime('%s', 'now')",
            {std::string(kCopyMark)}});
  // A server that stops does not wait for the end of it.
  const auto given_up = [](void* token) {
    return static_cast<const std::stop_token*>(token)->stop_requested() ? 1 : 0;
  };
  sqlite3_progress_handler(copy.handle(), kInstructionsAtOnce, given_up,
                           const_cast<std::stop_token*>(&stop));
  if (copy.text("PRAGMA quick_check(1)") != "ok") {
    throw std::runtime_error("the database is damaged, and so is the copy: see claviger doctor");
  }
}

void publish(int file, const std::string& unfinished, const std::string& target) {
  if (::fsync(file) != 0) {
    throw std::runtime_error(fmt::format("can't sync {}: {}", unfinished, strerror(errno)));
  }
  // Fails when something came there in between.
  const bool named =
      ::renameat2(AT_FDCWD, unfinished.c_str(), AT_FDCWD, target.c_str(), RENAME_NOREPLACE) == 0 ||
      (errno != EEXIST && ::link(unfinished.c_str(), target.c_str()) == 0 &&
       ::unlink(unfinished.c_str()) == 0);
  if (!named) throw std::runtime_error(fmt::format("can't make {}: {}", target, strerror(errno)));
  sync_folder(fs::path(target).parent_path().string());
}

}  // namespace

SqliteBackup::SqliteBackup(const SqliteOptions& options, std::string target)
    : options_(options), target_(std::move(target)), unfinished_(target_ + ".unfinished") {
  refuse_bad_place(options.directory, target_);
  thread_ = std::jthread([this](const std::stop_token& stop) { run(stop); });
}

BackupState SqliteBackup::state() const {
  const std::lock_guard lock(mutex_);
  return state_;
}

template <class Change>
void SqliteBackup::update(Change change) {
  const std::lock_guard lock(mutex_);
  change(state_);
}

void SqliteBackup::run(const std::stop_token& stop) {
  ::setpriority(PRIO_PROCESS, static_cast<id_t>(::gettid()), kNiceness);
  std::string error;
  try {
    ::unlink(unfinished_.c_str());  // what an interrupted one left
    const File file(unfinished_);
    copy(file.fd(), stop);
    update([](BackupState& state) { state.phase = BackupState::Phase::checking; });
    make_presentable(unfinished_, stop);
    publish(file.fd(), unfinished_, target_);
    return update([](BackupState& state) { state.phase = BackupState::Phase::done; });
  } catch (const SqliteError& broken) {
    error = sentence_of(broken, target_);
  } catch (const std::exception& broken) {
    error = broken.what();
  }
  ::unlink(unfinished_.c_str());
  update([&](BackupState& state) {
    state.phase = BackupState::Phase::failed;
    state.error = error;
  });
}

void SqliteBackup::copy(int file, const std::stop_token& stop) {
  ConnectionOptions source;
  source.path = options_.path();
  source.vfs = options_.vfs;
  source.read_only = true;
  Connection from(source);
  // One reading transaction around all of it: as of one moment, however long it takes. The log of
  // the server grows meanwhile, and begins anew afterwards.
  from.execute("BEGIN");
  const auto epoch = from.integer("SELECT storage_epoch FROM store");
  const Pages pages{from.integer("PRAGMA page_size"), from.integer("PRAGMA page_count")};
  update([&](BackupState& state) {
    state.storage_epoch = epoch;
    state.total_bytes = pages.size * pages.count;
  });
  ConnectionOptions target;
  target.path = unfinished_;
  Connection to(target);
  // Nothing that was there could be lost, and it has no name yet.
  to.execute("PRAGMA journal_mode = MEMORY; PRAGMA synchronous = OFF");
  const Backup backup(sqlite3_backup_init(to.handle(), "main", from.handle(), "main"),
                      &sqlite3_backup_finish);
  if (!backup) throw SqliteError(sqlite3_errcode(to.handle()), sqlite3_errmsg(to.handle()));
  step_through(backup.get(), file, stop, [&](int remaining) {
    update([&](BackupState& state) { state.bytes = pages.size * (pages.count - remaining); });
  });
}

namespace sqlite {

bool raise_epoch_of_copy(Connection& connection) {
  // The second after this one: the database's clock has no parts of seconds.
  const sql::Statement raise{
      "UPDATE store SET storage_epoch = storage_epoch + 1, incarnation = '', "
      "epoch_since = (CAST(strftime('%s', 'now') AS INTEGER) + 1) * 1000000 "
      "WHERE substr(incarnation, 1, 4) = 'copy'",
      {}};
  return connection.run(raise).changed == 1;
}

}  // namespace sqlite
}  // namespace claviger::store
