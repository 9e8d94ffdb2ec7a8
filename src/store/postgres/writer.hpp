// The one connection that writes. It takes whatever waits when the last commit ended, sends it in
// one pipeline as one transaction, and answers only after COMMIT's own result: a busy server shares
// its round trips and the disk's.
#pragma once
#include <atomic>
#include <expected>
#include <functional>

#include "base/log.hpp"
#include "store/metrics.hpp"
#include "store/postgres/backoff.hpp"
#include "store/postgres/incarnation.hpp"
#include "store/postgres/link.hpp"
#include "store/postgres/waiting.hpp"
#include "store/sql/answers.hpp"

namespace claviger::store::postgres {

class Writer {
 public:
  using Answer = std::expected<sql::OperationResult, Failure>;
  // Called exactly once, on the driver's thread.
  using Done = std::move_only_function<void(Answer, sql::Answers&)>;
  struct Pending {
    sql::Operation operation;
    Done done;
    int failures = 0;
    void refuse(const Failure& failure, sql::Answers& answers) {
      done(std::unexpected(failure), answers);
    }
  };
  using Batch = std::vector<Pending>;

  Writer(Executor executor, const LinkOptions& options, Statements& statements, sql::Door door,
         Metrics& metrics, Log& log);

  // The driver's thread alone, from here on.
  void start();
  void take(Batch operations);
  // Called on the driver's thread whenever the server was reached.
  void on_connected(std::function<void()> connected) { connected_ = std::move(connected); }
  // Answers what was taken, then lets go of the connection.
  void finish();

  // Any thread.
  bool writable() const { return writable_.load(std::memory_order_relaxed); }
  // As of the newest connection; 0: there was none yet.
  std::int64_t storage_epoch() const { return storage_epoch_.load(std::memory_order_relaxed); }

 private:
  Task<void> run();
  Task<void> connect();
  Task<void> recognise_server();
  Task<void> pause(std::chrono::milliseconds time);
  void wake();
  void show_waiting();
  Batch next_batch();
  Task<void> serve(Batch batch);
  bool is_prepared(const sql::Operation& operation) const;
  Task<bool> make_ready(Pending& pending);
  bool is_taken(Pending& pending);
  Task<Batch> keep_ready(Batch batch);
  Task<void> rolled_back(Batch batch, Refused refused);
  Task<void> pass_by_lock(Batch batch, Refused refused);
  Task<Batch> commit(Batch batch, std::optional<Refused>& refused);
  void answer(Batch& batch, const Exchange& exchange);
  void refuse(Pending& pending, const Failure& failure);
  void refuse(Batch& batch, const Failure& failure);
  void note(std::string_view step, const std::string& sentence);

  const Executor executor_;
  Link link_;
  std::function<void()> connected_;
  const sql::Door door_;
  Metrics& metrics_;
  Log& log_;
  Waiting<Pending> waiting_;
  boost::asio::steady_timer alarm_;
  Backoff backoff_;
  bool finishing_ = false;
  std::string away_;  // why the last attempt to connect failed; empty: none did
  std::atomic<bool> writable_ = true;
  std::atomic<std::int64_t> storage_epoch_ = 0;
  bool unknown_was_told_ = false;
};

}  // namespace claviger::store::postgres
