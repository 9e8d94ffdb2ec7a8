// The connections that read: a few for all threads, opened when they are first needed.
#pragma once
#include <expected>
#include <functional>

#include "base/log.hpp"
#include "store/metrics.hpp"
#include "store/postgres/backoff.hpp"
#include "store/postgres/link.hpp"
#include "store/postgres/waiting.hpp"

namespace claviger::store::postgres {

class ReaderPool {
 public:
  using Answer = std::expected<std::vector<sql::Row>, Failure>;
  using Done = std::move_only_function<void(Answer)>;

  ReaderPool(Executor executor, const LinkOptions& options, unsigned connections,
             Statements& statements, Metrics& metrics, Log& log);

  // The driver's thread alone. `done` is called exactly once, on it.
  void take(sql::Statement statement, Done done);
  // Answers what was taken, then lets go of the connections.
  void finish();

 private:
  using Clock = std::chrono::steady_clock;
  struct Pending {
    sql::Statement statement;
    Done done;
    void refuse(const Failure& failure) { done(std::unexpected(failure)); }
  };
  struct Reader {
    Reader(Executor executor, const LinkOptions& options, Statements& statements)
        : link(executor, options, statements) {}
    Link link;
    bool busy = false;
  };

  Reader* free_reader();
  Task<void> work(Reader& reader);
  bool another_works(const Reader& reader) const;
  Task<bool> serve(Reader& reader, Pending pending);
  Task<std::optional<Failure>> connect(Reader& reader);
  Task<Answer> run(Reader& reader, const sql::Statement& statement);

  const Executor executor_;
  Metrics& metrics_;
  Log& log_;
  std::vector<std::unique_ptr<Reader>> readers_;
  Waiting<Pending> waiting_;
  bool finishing_ = false;
  // While the server is away only one request in a while has to find out that it still is.
  Backoff backoff_;
  std::string away_;
  Clock::time_point try_again_at_{};
};

}  // namespace claviger::store::postgres
