// The one connection that writes. It takes whatever waits when the last commit ended, commits it as
// one transaction, and answers only then: an idle server answers at once, a busy one shares its
// fsyncs (64 exchanges at once: 498 -> 313 us of CPU for each, 1,800 -> 3,040 a second).
#pragma once
#include <chrono>
#include <condition_variable>
#include <deque>
#include <expected>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "base/log.hpp"
#include "base/worker.hpp"
#include "store/metrics.hpp"
#include "store/sql/answers.hpp"
#include "store/sqlite/connection.hpp"
#include "store/sqlite/damage.hpp"

namespace claviger::store::sqlite {

struct Failure {
  bool our_fault = false;  // a broken statement: std::logic_error; otherwise Unavailable
  std::string sentence;
};

struct WriterOptions {
  ConnectionOptions connection;
  std::size_t capacity = 10'000;
  std::chrono::milliseconds reopen_after{1000};
  std::shared_ptr<Metrics> metrics = std::make_shared<Metrics>();
};

class Writer {
 public:
  using Answer = std::expected<sql::OperationResult, Failure>;
  using Done = std::move_only_function<void(Answer, sql::Answers&)>;

  // `connection` is open and migrated already; what is answered goes through `door`.
  Writer(const WriterOptions& options, Connection connection, Worker& worker, sql::Door door,
         Damage& damage, Log& log);
  // Commits what was taken.
  ~Writer();
  Writer(const Writer&) = delete;
  Writer& operator=(const Writer&) = delete;

  // `done` is called exactly once, on the worker, or right here when nothing more can be taken.
  void take(sql::Operation operation, Done done);
  bool writable() const;

 private:
  struct Pending {
    sql::Operation operation;
    Done done;
  };
  using Batch = std::vector<Pending>;

  void drain();
  Batch next_batch();
  // False: the transaction could not begin, and everybody was told so.
  bool serve(Batch& batch);
  bool serve_timed(Batch& batch);
  bool begin(Batch& batch);
  void one_by_one(Batch& batch);
  void rollback();
  bool ready();
  void degrade();
  void note(const SqliteError& error, std::string_view step);
  void refuse(Batch& batch, const Failure& failure);
  // Everybody in the queue. `goes_on`: drain() is running; else whoever comes next starts it.
  void refuse_waiting(const Failure& failure, bool goes_on);
  void checkpoint_above(int pages);
  static int on_commit(void* self, sqlite3* db, const char* name, int pages);
  void watch_log();

  const WriterOptions options_;
  Worker& worker_;
  const sql::Door door_;
  Damage& damage_;
  Log& log_;

  mutable std::mutex mutex_;
  std::condition_variable quiet_;
  std::deque<Pending> queue_;
  bool scheduled_ = false;  // a drain() is posted or runs
  bool degraded_ = false;   // written by the worker alone

  // The worker's alone.
  Connection connection_;
  std::chrono::steady_clock::time_point reopen_at_{};
  int log_pages_ = 0;            // in the write-ahead log after the last commit
  int pages_not_yet_moved_ = 0;  // of these, those since the last checkpoint
};

}  // namespace claviger::store::sqlite
