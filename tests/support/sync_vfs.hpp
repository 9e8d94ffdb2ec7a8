// A SQLite file system in front of the real one. It knows what has been synced, can hold a sync,
// can fail the n-th call, and can say what a disk would hold if the power failed now.
#pragma once
#include <sqlite3.h>

#include <condition_variable>
#include <cstdint>
#include <functional>
#include <map>
#include <mutex>
#include <optional>
#include <set>
#include <string>
#include <thread>
#include <vector>

namespace claviger::test {

enum class Call { read, write, sync };
// What the call that fails answers. short_write: half of it is written first.
enum class Fault { io_error, disk_full, short_write };

class SyncVfs {
 public:
  SyncVfs();
  ~SyncVfs();
  SyncVfs(const SyncVfs&) = delete;
  SyncVfs& operator=(const SyncVfs&) = delete;
  const char* name() const { return name_.c_str(); }

  // Bytes written to the write-ahead log that no sync has covered yet.
  std::size_t unsynced_log_bytes() const;
  std::size_t log_syncs() const;
  std::size_t log_bytes() const;  // its size, as synced
  // Which threads wrote to the database file itself: those that checkpoint.
  std::set<std::thread::id> database_writers() const;
  void forget_database_writers();

  // From now on a sync of the log waits until let_syncs_go().
  void hold_syncs();
  void let_syncs_go();
  // Waits until a sync of the log is being held, or `or_else` says true; wake() makes it ask again.
  void wait_for_held_sync(const std::function<bool()>& or_else = {});
  void wait_for(const std::function<bool()>& condition);
  void wake();
  bool is_holding() const;

  // The n-th such call from now on (0: the next) fails, once.
  void fail_nth(Call call, std::size_t n, Fault fault);
  bool fault_is_pending() const;
  void fail_no_more();
  // While the disk is full every write fails.
  void set_disk_full(bool full);

  // Files by name, as a disk may hold them after a power cut: what was synced, and of the rest an
  // arbitrary part, torn at sectors of 512 bytes.
  using Image = std::map<std::string, std::vector<std::uint8_t>>;
  Image after_power_cut(std::uint64_t seed) const;
  void forget_files();
  // Called on the writing thread before every write and every sync.
  void on_change(std::function<void()> hook);

 private:
  friend struct SyncVfsCalls;
  struct Change {
    std::size_t offset = 0;
    std::optional<std::vector<std::uint8_t>> bytes;  // nothing: cut off at `offset`
  };
  struct Contents {
    std::vector<std::uint8_t> synced;
    std::vector<Change> pending;
  };

  int before(Call call, const std::string& path);
  void note_open(const std::string& path, sqlite3_file* real);
  void note_write(const std::string& path, const void* bytes, std::size_t size, std::size_t offset);
  void note_truncate(const std::string& path, std::size_t size);
  void note_sync(const std::string& path);
  void note_delete(const std::string& path);

  std::string name_;
  sqlite3_vfs* real_;
  sqlite3_vfs vfs_{};

  mutable std::mutex mutex_;
  std::condition_variable changed_;
  std::map<std::string, Contents> files_;
  std::set<std::thread::id> database_writers_;
  std::size_t log_syncs_ = 0;
  bool hold_ = false;
  bool holding_ = false;
  bool disk_full_ = false;
  struct Planned {
    Call call;
    std::size_t n;
    Fault fault;
  };
  std::optional<Planned> planned_;
  std::function<void()> hook_;
};

}  // namespace claviger::test
