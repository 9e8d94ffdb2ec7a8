#include "tests/support/sync_vfs.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <atomic>
#include <cstddef>
#include <cstring>
#include <filesystem>
#include <new>
#include <random>
#include <span>

namespace claviger::test {
namespace {

constexpr std::size_t kSector = 512;

bool is_log(const std::string& path) { return path.ends_with("-wal"); }
bool is_database(const std::string& path) { return path.ends_with(".db"); }

// Not SQLite's own codes: how the call is to go on.
constexpr int kGoOn = SQLITE_OK;
constexpr int kHalf = -1;

int code_of(Call call, Fault fault) {
  if (fault == Fault::disk_full) return SQLITE_FULL;
  if (fault == Fault::short_write) return call == Call::write ? kHalf : SQLITE_IOERR_FSYNC;
  switch (call) {
    case Call::read:
      return SQLITE_IOERR_READ;
    case Call::write:
      return SQLITE_IOERR_WRITE;
    case Call::sync:
      return SQLITE_IOERR_FSYNC;
  }
  return SQLITE_IOERR;
}

void overwrite(std::vector<std::uint8_t>& file, std::size_t offset,
               std::span<const std::uint8_t> bytes) {
  if (file.size() < offset + bytes.size()) file.resize(offset + bytes.size());
  if (!bytes.empty()) std::memcpy(file.data() + offset, bytes.data(), bytes.size());
}

}  // namespace

// What SQLite calls. The file's own part stands in front of the real file's, in the same memory.
struct SyncVfsCalls {
  struct File {
    sqlite3_file base;
    SyncVfs* owner;
    std::string* path;
    sqlite3_file* real;
  };
  static constexpr std::size_t kSize = (sizeof(File) + 15) / 16 * 16;

  static File& of(sqlite3_file* file) { return *reinterpret_cast<File*>(file); }
  static sqlite3_file* real(sqlite3_file* file) { return of(file).real; }

  static int open(sqlite3_vfs* vfs, const char* path, sqlite3_file* raw, int flags, int* out) {
    auto* owner = static_cast<SyncVfs*>(vfs->pAppData);
    auto& file = of(raw);
    file.base.pMethods = nullptr;
    file.owner = owner;
    file.real = reinterpret_cast<sqlite3_file*>(reinterpret_cast<char*>(raw) + kSize);
    const int code = owner->real_->xOpen(owner->real_, path, file.real, flags, out);
    if (file.real->pMethods == nullptr) return code;
    file.path = new std::string(path ? path : "");
    file.base.pMethods = &kMethods;
    if (code == SQLITE_OK) owner->note_open(*file.path, file.real);
    return code;
  }
  static int remove(sqlite3_vfs* vfs, const char* path, int sync_folder) {
    auto* owner = static_cast<SyncVfs*>(vfs->pAppData);
    const int code = owner->real_->xDelete(owner->real_, path, sync_folder);
    if (code == SQLITE_OK) owner->note_delete(path);
    return code;
  }
  static int close(sqlite3_file* raw) {
    const int code = real(raw)->pMethods->xClose(real(raw));
    delete of(raw).path;
    return code;
  }
  static int read(sqlite3_file* raw, void* bytes, int size, sqlite3_int64 offset) {
    auto& file = of(raw);
    const int verdict = file.owner->before(Call::read, *file.path);
    if (verdict != kGoOn) return verdict;
    return file.real->pMethods->xRead(file.real, bytes, size, offset);
  }
  static int write(sqlite3_file* raw, const void* bytes, int size, sqlite3_int64 offset) {
    auto& file = of(raw);
    const int verdict = file.owner->before(Call::write, *file.path);
    if (verdict != kGoOn && verdict != kHalf) return verdict;
    const int part = verdict == kHalf ? size / 2 : size;
    const int code = file.real->pMethods->xWrite(file.real, bytes, part, offset);
    if (code != SQLITE_OK) return code;
    file.owner->note_write(*file.path, bytes, static_cast<std::size_t>(part),
                           static_cast<std::size_t>(offset));
    return verdict == kHalf ? SQLITE_FULL : SQLITE_OK;
  }
  static int truncate(sqlite3_file* raw, sqlite3_int64 size) {
    auto& file = of(raw);
    const int verdict = file.owner->before(Call::write, *file.path);
    if (verdict != kGoOn) return SQLITE_IOERR_TRUNCATE;
    const int code = file.real->pMethods->xTruncate(file.real, size);
    if (code == SQLITE_OK) file.owner->note_truncate(*file.path, static_cast<std::size_t>(size));
    return code;
  }
  static int sync(sqlite3_file* raw, int flags) {
    auto& file = of(raw);
    const int verdict = file.owner->before(Call::sync, *file.path);
    if (verdict != kGoOn) return verdict;
    // Nothing of ours loses power: the real sync would only cost time.
    static_cast<void>(flags);
    file.owner->note_sync(*file.path);
    return SQLITE_OK;
  }
  static int file_size(sqlite3_file* raw, sqlite3_int64* size) {
    return real(raw)->pMethods->xFileSize(real(raw), size);
  }
  static int lock(sqlite3_file* raw, int level) {
    return real(raw)->pMethods->xLock(real(raw), level);
  }
  static int unlock(sqlite3_file* raw, int level) {
    return real(raw)->pMethods->xUnlock(real(raw), level);
  }
  static int check_lock(sqlite3_file* raw, int* out) {
    return real(raw)->pMethods->xCheckReservedLock(real(raw), out);
  }
  static int control(sqlite3_file* raw, int op, void* arg) {
    return real(raw)->pMethods->xFileControl(real(raw), op, arg);
  }
  static int sector(sqlite3_file* raw) { return real(raw)->pMethods->xSectorSize(real(raw)); }
  static int characteristics(sqlite3_file* raw) {
    return real(raw)->pMethods->xDeviceCharacteristics(real(raw));
  }
  static int shm_map(sqlite3_file* raw, int page, int size, int extend, void volatile** out) {
    return real(raw)->pMethods->xShmMap(real(raw), page, size, extend, out);
  }
  static int shm_lock(sqlite3_file* raw, int offset, int n, int flags) {
    return real(raw)->pMethods->xShmLock(real(raw), offset, n, flags);
  }
  static void shm_barrier(sqlite3_file* raw) { real(raw)->pMethods->xShmBarrier(real(raw)); }
  static int shm_unmap(sqlite3_file* raw, int drop) {
    return real(raw)->pMethods->xShmUnmap(real(raw), drop);
  }

  static const sqlite3_io_methods kMethods;
};

const sqlite3_io_methods SyncVfsCalls::kMethods{
    .iVersion = 2,
    .xClose = close,
    .xRead = read,
    .xWrite = write,
    .xTruncate = truncate,
    .xSync = sync,
    .xFileSize = file_size,
    .xLock = lock,
    .xUnlock = unlock,
    .xCheckReservedLock = check_lock,
    .xFileControl = control,
    .xSectorSize = sector,
    .xDeviceCharacteristics = characteristics,
    .xShmMap = shm_map,
    .xShmLock = shm_lock,
    .xShmBarrier = shm_barrier,
    .xShmUnmap = shm_unmap,
    .xFetch = nullptr,
    .xUnfetch = nullptr,
};

SyncVfs::SyncVfs() : real_(sqlite3_vfs_find(nullptr)) {
  static std::atomic<int> number{0};
  name_ = fmt::format("claviger-test-{}", number.fetch_add(1));
  vfs_ = *real_;
  vfs_.pNext = nullptr;
  vfs_.zName = name_.c_str();
  vfs_.pAppData = this;
  vfs_.szOsFile = static_cast<int>(SyncVfsCalls::kSize) + real_->szOsFile;
  vfs_.xOpen = SyncVfsCalls::open;
  vfs_.xDelete = SyncVfsCalls::remove;
  sqlite3_vfs_register(&vfs_, 0);
}

SyncVfs::~SyncVfs() { sqlite3_vfs_unregister(&vfs_); }

std::size_t SyncVfs::unsynced_log_bytes() const {
  const std::lock_guard lock(mutex_);
  std::size_t size = 0;
  for (const auto& [path, contents] : files_) {
    if (!is_log(path)) continue;
    for (const auto& change : contents.pending) size += change.bytes ? change.bytes->size() : 0;
  }
  return size;
}

std::size_t SyncVfs::log_syncs() const {
  const std::lock_guard lock(mutex_);
  return log_syncs_;
}

std::size_t SyncVfs::log_bytes() const {
  const std::lock_guard lock(mutex_);
  std::size_t size = 0;
  for (const auto& [path, contents] : files_) {
    if (is_log(path)) size += contents.synced.size();
  }
  return size;
}

std::set<std::thread::id> SyncVfs::database_writers() const {
  const std::lock_guard lock(mutex_);
  return database_writers_;
}

void SyncVfs::forget_database_writers() {
  const std::lock_guard lock(mutex_);
  database_writers_.clear();
}

void SyncVfs::hold_syncs() {
  const std::lock_guard lock(mutex_);
  hold_ = true;
}

void SyncVfs::let_syncs_go() {
  const std::lock_guard lock(mutex_);
  hold_ = false;
  changed_.notify_all();
}

void SyncVfs::wait_for_held_sync(const std::function<bool()>& or_else) {
  std::unique_lock lock(mutex_);
  changed_.wait(lock, [&] { return holding_ || (or_else && or_else()); });
}

void SyncVfs::wait_for(const std::function<bool()>& condition) {
  std::unique_lock lock(mutex_);
  changed_.wait(lock, condition);
}

void SyncVfs::wake() {
  const std::lock_guard lock(mutex_);
  changed_.notify_all();
}

bool SyncVfs::is_holding() const {
  const std::lock_guard lock(mutex_);
  return holding_;
}

void SyncVfs::fail_nth(Call call, std::size_t n, Fault fault) {
  const std::lock_guard lock(mutex_);
  planned_ = Planned{call, n, fault};
}

bool SyncVfs::fault_is_pending() const {
  const std::lock_guard lock(mutex_);
  return planned_.has_value();
}

void SyncVfs::fail_no_more() {
  const std::lock_guard lock(mutex_);
  planned_.reset();
}

void SyncVfs::set_disk_full(bool full) {
  const std::lock_guard lock(mutex_);
  disk_full_ = full;
}

void SyncVfs::on_change(std::function<void()> hook) {
  const std::lock_guard lock(mutex_);
  hook_ = std::move(hook);
}

int SyncVfs::before(Call call, const std::string& path) {
  std::unique_lock lock(mutex_);
  if (call != Call::read && hook_) {
    const auto hook = hook_;
    lock.unlock();
    hook();
    lock.lock();
  }
  if (call == Call::sync && is_log(path) && hold_) {
    holding_ = true;
    changed_.notify_all();
    changed_.wait(lock, [this] { return !hold_; });
    holding_ = false;
  }
  if (call == Call::write && disk_full_) return SQLITE_FULL;
  if (!planned_ || planned_->call != call || planned_->n-- != 0) return kGoOn;
  const int code = code_of(call, planned_->fault);
  planned_.reset();
  return code;
}

void SyncVfs::note_open(const std::string& path, sqlite3_file* real) {
  const std::lock_guard lock(mutex_);
  if (files_.contains(path)) return;
  sqlite3_int64 size = 0;
  real->pMethods->xFileSize(real, &size);
  auto& synced = files_[path].synced;
  synced.resize(static_cast<std::size_t>(size));
  if (size > 0) real->pMethods->xRead(real, synced.data(), static_cast<int>(size), 0);
}

void SyncVfs::note_write(const std::string& path, const void* bytes, std::size_t size,
                         std::size_t offset) {
  const std::lock_guard lock(mutex_);
  const auto* begin = static_cast<const std::uint8_t*>(bytes);
  files_[path].pending.push_back({offset, std::vector(begin, begin + size)});
  if (is_database(path)) database_writers_.insert(std::this_thread::get_id());
}

void SyncVfs::note_truncate(const std::string& path, std::size_t size) {
  const std::lock_guard lock(mutex_);
  files_[path].pending.push_back({size, {}});
}

void SyncVfs::note_sync(const std::string& path) {
  const std::lock_guard lock(mutex_);
  auto& contents = files_[path];
  for (const auto& change : contents.pending) {
    if (change.bytes) {
      overwrite(contents.synced, change.offset, *change.bytes);
    } else {
      contents.synced.resize(change.offset);
    }
  }
  contents.pending.clear();
  if (is_log(path)) ++log_syncs_;
}

void SyncVfs::note_delete(const std::string& path) {
  const std::lock_guard lock(mutex_);
  files_.erase(path);
}

void SyncVfs::forget_files() {
  const std::lock_guard lock(mutex_);
  files_.clear();
}

SyncVfs::Image SyncVfs::after_power_cut(std::uint64_t seed) const {
  std::mt19937_64 dice(seed);
  const std::lock_guard lock(mutex_);
  Image image;
  for (const auto& [path, contents] : files_) {
    auto bytes = contents.synced;
    for (const auto& change : contents.pending) {
      if (!change.bytes) {
        if (dice() % 2 == 0) bytes.resize(change.offset);
        continue;
      }
      for (std::size_t at = 0; at < change.bytes->size(); at += kSector) {
        if (dice() % 2 == 0) continue;
        const auto size = std::min(kSector, change.bytes->size() - at);
        overwrite(bytes, change.offset + at, std::span(*change.bytes).subspan(at, size));
      }
    }
    image[std::filesystem::path(path).filename().string()] = std::move(bytes);
  }
  return image;
}

}  // namespace claviger::test
