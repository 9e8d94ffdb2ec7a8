// Hears what nodes announce to one another: a connection of its own, which waits. Whoever relies on
// it looks by himself now and then, so that a lost one costs time and nothing else.
#pragma once
#include <functional>
#include <string>
#include <string_view>

#include "base/log.hpp"
#include "store/postgres/backoff.hpp"
#include "store/postgres/link.hpp"

namespace claviger::store::postgres {

// To everybody at this database and schema, when the transaction that holds it commits.
sql::Operation notice_of(std::string_view topic);

// Used by the driver's thread alone.
class Listener {
 public:
  using Heard = std::function<void(std::string_view topic)>;

  Listener(Executor executor, const LinkOptions& options, Statements& statements, Log& log);

  // From now on `heard` is called with every topic, and with none whenever a connection was made:
  // what was announced before is not known.
  void start(Heard heard);
  void finish();

 private:
  Task<void> run();
  Task<void> listen();
  Task<Result> ask(sql::Statement statement);
  Task<void> pause(std::chrono::milliseconds time);
  void take(std::string_view payload);

  const Executor executor_;
  Link link_;
  Log& log_;
  boost::asio::steady_timer alarm_;
  Backoff backoff_;
  Heard heard_;
  std::string ours_;  // what begins the notices of this schema
  std::string away_;  // why there is no connection; empty: there is one
  bool finishing_ = false;
};

}  // namespace claviger::store::postgres
