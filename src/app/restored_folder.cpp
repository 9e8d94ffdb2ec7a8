#include "app/restored_folder.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstring>
#include <filesystem>
#include <vector>

#include "admin/sealed_keys.hpp"
#include "app/master_key.hpp"
#include "app/run_inline.hpp"
#include "app/spdlog_log.hpp"
#include "crypto/system_random.hpp"
#include "store/sqlite/open.hpp"
#include "store/store.hpp"

namespace claviger::app {

namespace {

namespace fs = std::filesystem;

constexpr const char* kDatabase = "claviger.db";
constexpr const char* kUnfinished = "claviger.db.restoring";
constexpr std::size_t kAtOnce = 1024 * 1024;

class File {
 public:
  File(const std::string& path, int flags) : path_(path) {
    fd_ = ::open(path.c_str(), flags | O_CLOEXEC, S_IRUSR | S_IWUSR);
    if (fd_ < 0) fail();
  }
  ~File() { ::close(fd_); }
  File(const File&) = delete;
  File& operator=(const File&) = delete;

  std::size_t read(std::span<char> into) const {
    const auto size = ::read(fd_, into.data(), into.size());
    if (size < 0) fail();
    return static_cast<std::size_t>(size);
  }
  void write(std::span<const char> bytes) const {
    while (!bytes.empty()) {
      const auto size = ::write(fd_, bytes.data(), bytes.size());
      if (size < 0) fail();
      bytes = bytes.subspan(static_cast<std::size_t>(size));
    }
  }
  void sync() const {
    if (::fsync(fd_) != 0) fail();
  }

 private:
  [[noreturn]] void fail() const {
    throw std::runtime_error(fmt::format("{}: {}", path_, std::strerror(errno)));
  }
  const std::string path_;
  int fd_ = -1;
};

}  // namespace

std::string key_beside(const std::string& backup) { return backup + ".master.key"; }

std::string master_key_path(const config::Settings& settings) {
  const auto& configured = settings.data.master_key_file;
  return configured.empty() ? settings.data.directory + "/master.key" : configured;
}

void copy_key(const std::string& from, const std::string& to) {
  const File source(from, O_RDONLY);
  const File target(to, O_WRONLY | O_CREAT | O_EXCL);
  std::array<char, 64> bytes{};
  const auto size = source.read(bytes);
  target.write(std::span(bytes).first(size));
  explicit_bzero(bytes.data(), bytes.size());
  target.sync();
}

void open_everything(store::BackupFile& backup, const std::string& master_key) {
  crypto::SystemRandom random;
  const auto master = open_master_key(master_key, true, random);
  admin::open_keys(backup.server_keys(), master);
  for (const auto& [client_id, sealed] : backup.sealed_secrets()) {
    if (master.open(sealed, "client_secret:" + client_id)) continue;
    throw std::runtime_error(
        fmt::format("the secret of client {} can't be opened with this master key", client_id));
  }
}

std::string bar(std::string_view doing, std::int64_t done, std::int64_t total) {
  constexpr std::int64_t kWidth = 30;
  const auto part = total > 0 ? std::min(done, total) * kWidth / total : 0;
  const auto percent = total > 0 ? std::min(done, total) * 100 / total : 0;
  return fmt::format("{} [{:<{}}] {} % of {} MiB", doing,
                     std::string(static_cast<std::size_t>(part), '#'), kWidth, percent,
                     (total + 1'048'575) / 1'048'576);
}

RestoredFolder::RestoredFolder(std::string path) : path_(std::move(path)) {
  store::make_data_folder(path_);
  lock_.emplace(path_);
  // A log that is left of another database would be played into this one.
  for (const char* behind : {"", "-wal", "-shm"}) {
    const auto there = file(kDatabase) + behind;
    if (!fs::exists(there)) continue;
    throw std::runtime_error(fmt::format(
        "{} is there already: a restore never writes over a database; move claviger.db and what "
        "begins with its name away, or name another folder with --to",
        there));
  }
  remove_unfinished();
}

std::string RestoredFolder::file(const char* name) const { return path_ + "/" + name; }

void RestoredFolder::remove_unfinished() const {
  std::error_code ignored;
  for (const auto& entry : fs::directory_iterator(path_, ignored)) {
    const auto name = entry.path().filename().string();
    if (name.starts_with(kUnfinished)) fs::remove(entry.path(), ignored);
  }
}

void RestoredFolder::take(const std::string& backup,
                          const std::function<void(const std::string&)>& progress) {
  const auto total = static_cast<std::int64_t>(fs::file_size(backup));
  const File source(backup, O_RDONLY);
  const File target(file(kUnfinished), O_WRONLY | O_CREAT | O_EXCL);
  std::vector<char> buffer(kAtOnce);
  std::int64_t done = 0;
  while (const auto size = source.read(buffer)) {
    target.write(std::span(buffer).first(size));
    done += static_cast<std::int64_t>(size);
    progress(bar("restoring", done, total));
  }
  target.sync();
}

RestoredFolder::Outcome RestoredFolder::renew(const std::optional<Time>& revoke_since) {
  const auto log = make_log("error", "text");
  crypto::SystemRandom random;
  store::SqliteOptions options;
  options.directory = path_;
  options.file = kUnfinished;
  store::Store store(store::open_sqlite(options, *log), random);
  const Time now = SystemClock().now();
  Outcome outcome;
  outcome.epoch = run_inline(store.storage_epochs.accept(now));
  if (revoke_since) {
    outcome.revoked = run_inline(store.grants.revoke_since(*revoke_since, "restored", now));
  }
  outcome.live_families = run_inline(store.grants.count_live_families(now));
  return outcome;
}

std::string RestoredFolder::keep_key(const std::string& key, const std::string& configured) const {
  const auto place = configured.empty() ? file("master.key") : configured;
  if (fs::exists(place)) {
    std::error_code error;
    if (fs::equivalent(place, key, error)) return place;
    store::BackupFile restored(file(kUnfinished));
    open_everything(restored, place);
    return place;
  }
  copy_key(key, place);
  return place;
}

void RestoredFolder::finish() {
  const auto unfinished = file(kUnfinished);
  // Its last connection has moved its log into it and taken the log away.
  if (fs::exists(unfinished + "-wal") ||
      ::rename(unfinished.c_str(), file(kDatabase).c_str()) != 0) {
    throw std::runtime_error(fmt::format("{} can't be finished", unfinished));
  }
  store::sync_folder(path_);
  remove_unfinished();
}

}  // namespace claviger::app
