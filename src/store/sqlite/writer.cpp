#include "store/sqlite/writer.hpp"

#include <algorithm>
#include <iterator>

namespace claviger::store::sqlite {
namespace {

// Bounds the time that a request waits for others of its batch.
constexpr std::size_t kBatch = 1024;
// A checkpoint costs two fsyncs: not worth it for less, in an idle moment; and in a busy one only
// when the log grows too long (4 and 16 MiB).
constexpr int kIdlePages = 1024;
constexpr int kManyPages = 4096;
constexpr int kSoonPages = 256;

const Failure kQueueFull{false, "too many writes are waiting"};
const Failure kNotWritable{false, "the database can not be written at the moment"};

Failure failure_of(const std::exception& error) {
  const auto* sqlite = dynamic_cast<const SqliteError*>(&error);
  const bool our_fault = sqlite != nullptr && sqlite->is_our_fault();
  return {our_fault, error.what()};
}

sql::OperationResult perform(Connection& connection, const sql::Operation& operation) {
  sql::OperationResult results;
  results.reserve(operation.size());
  for (const auto& statement : operation) results.push_back(connection.run(statement));
  return results;
}

}  // namespace

Writer::Writer(const WriterOptions& options, Connection connection, Worker& worker, sql::Door door,
               Damage& damage, Log& log)
    : options_(options),
      worker_(worker),
      door_(std::move(door)),
      damage_(damage),
      log_(log),
      connection_(std::move(connection)) {
  watch_log();
}

Writer::~Writer() {
  std::unique_lock lock(mutex_);
  quiet_.wait(lock, [this] { return !scheduled_; });
  // The log stays beside a damaged database, for whoever looks at both.
  if (damage_.is_found()) {
    sqlite3_db_config(connection_.handle(), SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1, nullptr);
  }
}

void Writer::watch_log() { sqlite3_wal_hook(connection_.handle(), on_commit, this); }

int Writer::on_commit(void* self, sqlite3*, const char*, int pages) {
  auto& writer = *static_cast<Writer*>(self);
  // Fewer than before: the log began anew after all of it had been moved.
  const int added = pages >= writer.log_pages_ ? pages - writer.log_pages_ : pages;
  writer.pages_not_yet_moved_ += added;
  writer.log_pages_ = pages;
  return SQLITE_OK;
}

bool Writer::writable() const {
  const std::lock_guard lock(mutex_);
  return !degraded_ && !damage_.is_found();
}

void Writer::take(sql::Operation operation, Done done) {
  bool first = false;
  {
    std::unique_lock lock(mutex_);
    if (queue_.size() >= options_.capacity) {
      lock.unlock();
      options_.metrics->writes_shed.add();
      sql::Answers answers(door_);
      return done(std::unexpected(kQueueFull), answers);
    }
    queue_.push_back({std::move(operation), std::move(done)});
    options_.metrics->writes_waiting.set(static_cast<std::int64_t>(queue_.size()));
    first = !std::exchange(scheduled_, true);
  }
  if (!first || worker_.post([this] { drain(); })) return;
  refuse_waiting(kQueueFull, false);
}

Writer::Batch Writer::next_batch() {
  const std::lock_guard lock(mutex_);
  const auto count = static_cast<std::ptrdiff_t>(std::min(queue_.size(), kBatch));
  Batch batch(std::make_move_iterator(queue_.begin()),
              std::make_move_iterator(queue_.begin() + count));
  queue_.erase(queue_.begin(), queue_.begin() + count);
  options_.metrics->writes_waiting.set(static_cast<std::int64_t>(queue_.size()));
  return batch;
}

void Writer::drain() {
  while (true) {
    auto batch = next_batch();
    if (!batch.empty()) {
      serve_timed(batch);
      checkpoint_above(kManyPages);
      continue;
    }
    checkpoint_above(kIdlePages);
    const std::lock_guard lock(mutex_);
    if (!queue_.empty()) continue;
    scheduled_ = false;
    quiet_.notify_all();
    return;
  }
}

bool Writer::serve_timed(Batch& batch) {
  const auto began = std::chrono::steady_clock::now();
  options_.metrics->batch_size.observe(static_cast<double>(batch.size()));
  const bool begun = serve(batch);
  const std::chrono::duration<double> took = std::chrono::steady_clock::now() - began;
  options_.metrics->commit_seconds.observe(took.count());
  return begun;
}

bool Writer::serve(Batch& batch) {
  if (!begin(batch)) return false;
  std::vector<sql::OperationResult> results;
  try {
    for (const auto& pending : batch) results.push_back(perform(connection_, pending.operation));
  } catch (const std::exception& error) {
    // Before COMMIT was sent the rollback is certain: nobody else's write has to suffer for it.
    rollback();
    if (const auto* sqlite = dynamic_cast<const SqliteError*>(&error)) note(*sqlite, "statement");
    if (batch.size() > 1 && !degraded_) {
      one_by_one(batch);
    } else {
      refuse(batch, failure_of(error));
    }
    return true;
  }
  try {
    connection_.run({"COMMIT", {}});
  } catch (const SqliteError& error) {
    // Whether it is on disk nobody knows: nothing is run again, whoever asks again will see.
    rollback();
    note(error, "commit");
    refuse(batch, {false, error.what()});
    return true;
  }
  sql::Answers answers(door_);
  for (std::size_t i = 0; i < batch.size(); ++i) batch[i].done(std::move(results[i]), answers);
  return true;
}

bool Writer::begin(Batch& batch) {
  if (damage_.is_found()) {
    refuse(batch, {false, damage_.sentence()});
    return false;
  }
  if (!ready()) {
    refuse(batch, kNotWritable);
    return false;
  }
  try {
    connection_.run({"BEGIN IMMEDIATE", {}});  // prepared once: parsing it cost 9,000 instructions
    return true;
  } catch (const SqliteError& error) {
    note(error, "begin");
    // The others waited as long as these did, for the same lock. They go first: whoever asks again
    // because of an answer waits for a lock of his own.
    refuse_waiting({false, error.what()}, true);
    refuse(batch, {false, error.what()});
    return false;
  }
}

void Writer::one_by_one(Batch& batch) {
  bool begun = true;
  for (auto& pending : batch) {
    Batch alone;
    alone.push_back(std::move(pending));
    if (begun) {
      begun = serve(alone);
    } else {
      refuse(alone, kNotWritable);  // whoever has the lock now: not five seconds for each
    }
  }
}

void Writer::rollback() {
  if (!connection_.in_transaction()) return;
  try {
    connection_.execute("ROLLBACK");
  } catch (const SqliteError& error) {
    note(error, "rollback");
    degrade();
  }
}

bool Writer::ready() {
  if (!degraded_) return true;
  const auto now = std::chrono::steady_clock::now();
  if (now < reopen_at_) return false;
  reopen_at_ = now + options_.reopen_after;
  try {
    // The old connection stays until the new one has read: between them the index of the log is
    // kept, which ends before the frames that could not be synced. Recovering the log from its file
    // would count them as committed, and the next fsync would vouch for what is not on disk.
    Connection fresh(options_.connection);
    fresh.integer("SELECT storage_epoch FROM store");
    sqlite3_db_config(connection_.handle(), SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1, nullptr);
    connection_ = std::move(fresh);
  } catch (const SqliteError& error) {
    log_.write(LogLevel::error, "store.not_reopened", {{"error", error.what()}});
    return false;
  }
  watch_log();
  log_.write(LogLevel::notice, "store.reopened", {});
  const std::lock_guard lock(mutex_);
  degraded_ = false;
  return true;
}

void Writer::degrade() {
  reopen_at_ = std::chrono::steady_clock::now() + options_.reopen_after;
  const std::lock_guard lock(mutex_);
  degraded_ = true;
}

void Writer::note(const SqliteError& error, std::string_view step) {
  log_.write(LogLevel::error, "store.write_failed",
             {{"step", std::string(step)},
              {"code", std::to_string(error.code())},
              {"error", error.what()}});
  options_.metrics->failures.add();
  if (error.is_damage()) damage_.found(error.what());
  if (error.poisons_connection()) degrade();
}

void Writer::refuse(Batch& batch, const Failure& failure) {
  sql::Answers answers(door_);
  for (auto& pending : batch) pending.done(std::unexpected(failure), answers);
}

void Writer::refuse_waiting(const Failure& failure, bool goes_on) {
  std::deque<Pending> waiting;
  {
    const std::lock_guard lock(mutex_);
    waiting.swap(queue_);
    scheduled_ = goes_on;
    if (!goes_on) quiet_.notify_all();
  }
  options_.metrics->writes_waiting.set(0);
  sql::Answers answers(door_);
  for (auto& pending : waiting) pending.done(std::unexpected(failure), answers);
}

void Writer::checkpoint_above(int pages) {
  if (degraded_ || damage_.is_found() || pages_not_yet_moved_ < pages) return;
  int in_log = 0;
  int moved = 0;
  const int code = sqlite3_wal_checkpoint_v2(connection_.handle(), nullptr,
                                             SQLITE_CHECKPOINT_PASSIVE, &in_log, &moved);
  // A reader of an older state keeps some pages back: they are moved a little later, since the log
  // begins anew only when all of it was.
  pages_not_yet_moved_ = moved < in_log ? pages - kSoonPages : 0;
  if (code == SQLITE_OK || (code & 0xff) == SQLITE_BUSY) return;
  note(SqliteError(code, sqlite3_errmsg(connection_.handle())), "checkpoint");
}

}  // namespace claviger::store::sqlite
