// One connection to PostgreSQL, in pipeline mode and never blocking. Used by the driver's thread
// alone, and for one thing at a time.
#pragma once
#include <boost/asio/posix/stream_descriptor.hpp>
#include <boost/asio/steady_timer.hpp>
#include <chrono>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "base/task.hpp"
#include "store/postgres/failure.hpp"
#include "store/postgres/statements.hpp"
#include "store/postgres/wire.hpp"

namespace claviger::store::postgres {

struct LinkOptions {
  std::string url;
  bool read_only = false;
  std::chrono::milliseconds connect_timeout{2000};
  std::chrono::milliseconds answer_timeout{10'000};
  // Of several hosts, which one is asked first. Who finds it silent tells all links with these
  // options.
  std::shared_ptr<unsigned> turn = std::make_shared<unsigned>(0);
};

// What came back for a list of statements sent together. Fewer results than statements: the link
// was lost in between, and of the rest nothing is known.
struct Exchange {
  std::vector<Result> results;
  std::string lost;  // why; empty: the link is still good
};

// Nothing: the statement was carried out.
std::optional<Refused> refusal_of(const PGresult& result);
// A statement before it failed, so the server did not look at this one.
bool was_skipped(const PGresult& result);

class Link {
 public:
  Link(Executor executor, LinkOptions options, Statements& statements);
  Link(const Link&) = delete;
  Link& operator=(const Link&) = delete;

  // Throws LinkLost with a sentence. The server's settings are judged and ours set before it
  // returns: nobody is told "written" by a server that does not wait for its disk.
  Task<void> open();
  bool is_open() const { return conn_ != nullptr; }
  void close();
  // Called when the server closes a connection that waits for work.
  void on_closed(std::function<void()> closed) { closed_ = std::move(closed); }
  // Called with what NOTIFY carried, after LISTEN.
  void on_notified(std::function<void(std::string_view)> notified) {
    notified_ = std::move(notified);
  }

  bool is_prepared(const sql::Statement& statement) const;
  // Throws LinkLost.
  Task<std::optional<Refused>> prepare(const sql::Statement& statement);
  // Prepared statements, in one pipeline. They must live until it returns, and their values must
  // have been taken by can_take().
  Task<Exchange> exchange(std::vector<const sql::Statement*> statements);
  // Throws std::logic_error for values that a prepared statement does not take.
  void can_take(const sql::Statement& statement) const;

 private:
  using Clock = std::chrono::steady_clock;
  struct Finish {
    void operator()(PGconn* conn) const { PQfinish(conn); }
  };

  Task<void> connect(Clock::time_point until);
  Task<void> introduce();
  bool send(const sql::Statement& statement);
  Task<Exchange> receive();
  // True: everything has come.
  bool take_results(Exchange& exchange, bool& after_null);
  Task<bool> activity(bool to_read, bool to_write, Clock::time_point until);
  void watch(boost::asio::posix::stream_descriptor::wait_type what, bool& watching);
  void look_while_idle();
  void take_notices();
  void adopt_socket();
  void forget_socket();
  std::string last_words() const;

  const LinkOptions options_;
  Statements& statements_;
  boost::asio::posix::stream_descriptor socket_;
  boost::asio::steady_timer timer_;
  std::unique_ptr<PGconn, Finish> conn_;
  std::vector<bool> prepared_;  // by the numbers of the statements
  Parameters parameters_;
  std::function<void()> closed_;
  std::function<void(std::string_view)> notified_;
  bool busy_ = false;
  bool reading_ = false;
  bool writing_ = false;
  bool woken_ = false;
  std::uint64_t generation_ = 0;  // of the socket: handlers of an earlier one are ignored
};

// A query for four texts, and what they say against a server: nobody may be told "written" by one
// that does not wait for its disk. Empty: it will do.
inline constexpr std::string_view kServerColumns =
    "current_setting('synchronous_commit'), current_setting('fsync'), "
    "current_setting('server_version_num'), "
    "CASE WHEN pg_is_in_recovery() THEN 'standby' ELSE 'primary' END";
std::string judge_server(const std::vector<std::string>& columns);
// A socket, or a loopback address.
bool is_on_this_machine(const std::string& host);

// The settings of a connection, for libpq: the address and what it may not choose otherwise.
class ConnectionSettings {
 public:
  // Of several hosts that one is asked first which stands at `turn`, the others after it.
  explicit ConnectionSettings(const std::string& url, unsigned turn = 0);
  const char* const* names() const { return names_.data(); }
  const char* const* values() const { return values_.data(); }

 private:
  void add(const char* name, std::string value);
  std::vector<std::string> texts_;
  std::vector<const char*> names_;
  std::vector<const char*> values_;
};

}  // namespace claviger::store::postgres
