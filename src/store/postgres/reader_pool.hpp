// The connections that read: a few for all threads, opened when they are first needed. One takes
// whatever waits and sends it in one pipeline; a second one helps when the first has more than it
// can take at once, or does not come back soon.
#pragma once
#include <expected>
#include <functional>

#include "base/log.hpp"
#include "store/metrics.hpp"
#include "store/postgres/backoff.hpp"
#include "store/postgres/link.hpp"
#include "store/postgres/waiting.hpp"
#include "store/sql/answers.hpp"

namespace claviger::store::postgres {

class ReaderPool {
 public:
  using Answer = std::expected<std::vector<sql::Row>, Failure>;
  // Called exactly once, on the driver's thread.
  using Done = std::move_only_function<void(Answer, sql::Answers&)>;
  struct Pending {
    sql::Statement statement;
    Done done;
    void refuse(const Failure& failure, sql::Answers& answers) {
      done(std::unexpected(failure), answers);
    }
  };
  using Batch = std::vector<Pending>;

  ReaderPool(Executor executor, const LinkOptions& options, unsigned connections,
             Statements& statements, sql::Door door, Metrics& metrics, Log& log);

  // The driver's thread alone.
  void take(Batch reads);
  // Somebody reached the server: whoever is to connect need not wait until he may try again.
  void server_is_there();
  // Answers what was taken, then lets go of the connections.
  void finish();

 private:
  using Clock = std::chrono::steady_clock;
  struct Reader {
    Reader(Executor executor, const LinkOptions& options, Statements& statements)
        : link(executor, options, statements) {}
    Link link;
    bool busy = false;
    Clock::time_point since{};  // when it took what it is at
    std::string lost;           // why its connection broke
  };

  void look_around();
  bool one_comes_back_soon() const;
  Reader* free_reader();
  void start(Reader& reader);
  Batch next_batch();
  Task<void> work(Reader& reader);
  bool another_works(const Reader& reader) const;
  Task<bool> serve(Reader& reader, Batch batch);
  Task<std::optional<Failure>> connect(Reader& reader);
  Task<std::string> open(Reader& reader);
  Task<Batch> run(Reader& reader, Batch batch);
  static void keep_unanswered(Batch& batch);
  Task<void> prepare(Reader& reader, Batch& batch);
  void check(Reader& reader, Pending& pending);
  Task<void> exchange(Reader& reader, Batch& batch);
  void fail(Pending& pending, const Failure& failure);
  void refuse(Batch& batch, const Failure& failure);

  const Executor executor_;
  const sql::Door door_;
  Metrics& metrics_;
  Log& log_;
  std::vector<std::unique_ptr<Reader>> readers_;
  Waiting<Pending> waiting_;
  boost::asio::steady_timer patience_;
  bool is_patient_ = false;
  bool finishing_ = false;
  // While the server is away only one request in a while has to find out that it still is.
  Backoff backoff_;
  std::string away_;
  Clock::time_point try_again_at_{};
  unsigned times_there_ = 0;
};

}  // namespace claviger::store::postgres
