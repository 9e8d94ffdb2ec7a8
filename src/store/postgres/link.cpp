#include "store/postgres/link.hpp"

#include <fmt/format.h>

#include <boost/asio/redirect_error.hpp>
#include <boost/asio/use_awaitable.hpp>

#include "store/sql/statement.hpp"

namespace claviger::store::postgres {
namespace {

using boost::asio::posix::stream_descriptor;

constexpr int kBinary = 1;

// One statement, so that it costs one round trip. The last four columns are judged.
constexpr std::string_view kSettings =
    "SELECT set_config('lock_timeout', '500ms', false), "
    "set_config('statement_timeout', '2s', false), "
    "set_config('idle_in_transaction_session_timeout', '5s', false), "
    "set_config('default_transaction_isolation', 'read committed', false), "
    "set_config('default_transaction_read_only', $1, false), ";
constexpr std::string_view kIntroduction = sql::kJoined<kSettings, kServerColumns>;
constexpr std::size_t kJudgedFrom = 5;

void ignore_notice(void*, const char*) {}

std::string field_of(const PGresult& result, int field) {
  const char* const text = PQresultErrorField(&result, field);
  return text == nullptr ? std::string() : text;
}

}  // namespace

std::optional<Refused> refusal_of(const PGresult& result) {
  switch (PQresultStatus(&result)) {
    case PGRES_COMMAND_OK:
    case PGRES_TUPLES_OK:
      return {};
    default:
      return Refused{field_of(result, PG_DIAG_SQLSTATE), field_of(result, PG_DIAG_MESSAGE_PRIMARY)};
  }
}

bool was_skipped(const PGresult& result) {
  return PQresultStatus(&result) == PGRES_PIPELINE_ABORTED;
}

Link::Link(Executor executor, LinkOptions options, Statements& statements)
    : options_(std::move(options)), statements_(statements), socket_(executor), timer_(executor) {}

void Link::close() {
  forget_socket();
  conn_.reset();
  prepared_.clear();
}

// Before libpq closes it, or another one would come under its number while Asio still knows it.
void Link::forget_socket() {
  ++generation_;
  reading_ = writing_ = false;
  if (socket_.is_open()) socket_.release();
}

void Link::adopt_socket() { socket_.assign(PQsocket(conn_.get())); }

std::string Link::last_words() const {
  std::string words = conn_ ? PQerrorMessage(conn_.get()) : "out of memory";
  while (!words.empty() && (words.back() == '\n' || words.back() == ' ')) words.pop_back();
  return words.empty() ? "the server closed the connection" : words;
}

Task<void> Link::open() {
  close();
  busy_ = true;
  try {
    co_await connect(Clock::now() + options_.connect_timeout);
    co_await introduce();
  } catch (const std::exception&) {
    close();
    throw;
  }
}

Task<void> Link::connect(Clock::time_point until) {
  const unsigned turn = *options_.turn;
  const ConnectionSettings settings(options_.url, turn);
  conn_.reset(PQconnectStartParams(settings.names(), settings.values(), 1));
  if (!conn_ || PQstatus(conn_.get()) == CONNECTION_BAD) throw LinkLost(last_words());
  PQsetNoticeProcessor(conn_.get(), ignore_notice, nullptr);
  auto next = PGRES_POLLING_WRITING;
  while (next != PGRES_POLLING_OK) {
    if (next == PGRES_POLLING_FAILED) throw LinkLost(last_words());
    // It may be another socket every time.
    adopt_socket();
    const bool to_write = next == PGRES_POLLING_WRITING;
    const bool in_time = co_await activity(!to_write, to_write, until);
    forget_socket();
    if (!in_time) {
      // Of several hosts libpq leaves one that refuses, but would wait for a silent one for ever.
      if (*options_.turn == turn) ++*options_.turn;
      throw LinkLost("the server does not answer");
    }
    next = PQconnectPoll(conn_.get());
  }
  if (PQsetnonblocking(conn_.get(), 1) != 0 || PQenterPipelineMode(conn_.get()) != 1) {
    throw LinkLost(last_words());
  }
  adopt_socket();
}

Task<void> Link::introduce() {
  const sql::Statement introduction{kIntroduction,
                                    {std::string(options_.read_only ? "on" : "off")}};
  auto refused = co_await prepare(introduction);
  if (refused) throw LinkLost(refused->sentence);
  std::vector<const sql::Statement*> one{&introduction};
  const auto answer = co_await exchange(std::move(one));
  if (!answer.lost.empty()) throw LinkLost(answer.lost);
  refused = refusal_of(*answer.results.at(0));
  if (refused) throw LinkLost(refused->sentence);
  const auto read = rows_of(*answer.results[0]);
  std::vector<std::string> judged;
  for (std::size_t i = 0; i < 4; ++i) judged.push_back(read.rows.at(0).text(kJudgedFrom + i));
  const auto complaint = judge_server(judged);
  if (!complaint.empty()) throw LinkLost(complaint);
}

void Link::can_take(const sql::Statement& statement) const {
  check_types(statement.values, statements_.of(statement.text).types);
}

bool Link::is_prepared(const sql::Statement& statement) const {
  const auto number = statements_.of(statement.text).number;
  return number < prepared_.size() && prepared_[number];
}

Task<std::optional<Refused>> Link::prepare(const sql::Statement& statement) {
  if (is_prepared(statement)) co_return std::nullopt;
  auto& known = statements_.of(statement.text);
  auto types = known.types;
  if (!known.described) {
    types.clear();
    for (const auto& value : statement.values) types.push_back(type_of(value));
  }
  const int count = static_cast<int>(types.size());
  const bool sent = conn_ &&
                    PQsendPrepare(conn_.get(), known.name.c_str(), known.text.c_str(), count,
                                  types.data()) == 1 &&
                    PQsendDescribePrepared(conn_.get(), known.name.c_str()) == 1;
  if (!sent) {
    const auto words = last_words();
    close();
    throw LinkLost(words);
  }
  const auto answer = co_await receive();
  if (!answer.lost.empty()) throw LinkLost(answer.lost);
  auto refused = refusal_of(*answer.results.at(0));
  if (refused) co_return refused;
  const auto& description = *answer.results.at(1);
  known.types.clear();
  for (int i = 0; i < PQnparams(&description); ++i) {
    known.types.push_back(PQparamtype(&description, i));
  }
  known.described = true;
  if (prepared_.size() <= known.number) prepared_.resize(known.number + 1);
  prepared_[known.number] = true;
  co_return std::nullopt;
}

bool Link::send(const sql::Statement& statement) {
  const auto& known = statements_.of(statement.text);
  parameters_.fill(statement.values, known.types);
  return PQsendQueryPrepared(conn_.get(), known.name.c_str(), parameters_.count(),
                             parameters_.values(), parameters_.lengths(), parameters_.formats(),
                             kBinary) == 1;
}

Task<Exchange> Link::exchange(std::vector<const sql::Statement*> statements) {
  Exchange nothing;
  nothing.lost = "there is no connection";
  if (!conn_) co_return nothing;
  for (const auto* statement : statements) {
    if (send(*statement)) continue;
    // Without its sync the server carries out none of what was sent: it rolls back.
    nothing.lost = last_words();
    close();
    co_return nothing;
  }
  auto answer = co_await receive();
  co_return answer;
}

Task<Exchange> Link::receive() {
  Exchange exchange;
  busy_ = true;
  const auto until = Clock::now() + options_.answer_timeout;
  bool after_null = false;
  bool alive = PQpipelineSync(conn_.get()) == 1;
  while (true) {
    const int unsent = alive ? PQflush(conn_.get()) : -1;
    // Also after a failure: the answer to COMMIT may have come before the connection broke.
    if (take_results(exchange, after_null)) break;
    if (unsent < 0 || PQstatus(conn_.get()) == CONNECTION_BAD) {
      exchange.lost = last_words();
      break;
    }
    if (!co_await activity(true, unsent == 1, until)) {
      exchange.lost = "the server does not answer";
      break;
    }
    alive = PQconsumeInput(conn_.get()) == 1;
  }
  busy_ = false;
  if (exchange.lost.empty()) {
    take_notices();
    watch(stream_descriptor::wait_read, reading_);  // so that a loss is noticed at once
  } else {
    close();
  }
  co_return exchange;
}

bool Link::take_results(Exchange& exchange, bool& after_null) {
  while (PQisBusy(conn_.get()) == 0) {
    Result result(PQgetResult(conn_.get()));
    if (!result) {
      // One ends each statement; a second one says that nothing more is expected.
      if (after_null) return false;
      after_null = true;
      continue;
    }
    after_null = false;
    if (PQresultStatus(result.get()) == PGRES_PIPELINE_SYNC) return true;
    exchange.results.push_back(std::move(result));
    if (PQstatus(conn_.get()) == CONNECTION_BAD) return false;
  }
  return false;
}

Task<bool> Link::activity(bool to_read, bool to_write, Clock::time_point until) {
  woken_ = false;
  if (to_read) watch(stream_descriptor::wait_read, reading_);
  if (to_write) watch(stream_descriptor::wait_write, writing_);
  timer_.expires_at(until);
  boost::system::error_code error;
  const boost::asio::use_awaitable_t<Executor> token;
  co_await timer_.async_wait(boost::asio::redirect_error(token, error));
  co_return woken_;
}

void Link::watch(stream_descriptor::wait_type what, bool& watching) {
  if (watching) return;
  watching = true;
  socket_.async_wait(what,
                     [this, &watching, generation = generation_](boost::system::error_code error) {
                       if (generation != generation_) return;
                       watching = false;
                       if (error) return;
                       woken_ = true;
                       timer_.cancel();
                       if (!busy_) look_while_idle();
                     });
}

void Link::look_while_idle() {
  const bool alive = PQconsumeInput(conn_.get()) == 1 && PQisBusy(conn_.get()) == 0 &&
                     PQstatus(conn_.get()) == CONNECTION_OK;
  take_notices();
  if (alive) return watch(stream_descriptor::wait_read, reading_);
  close();
  if (closed_) closed_();
}

void Link::take_notices() {
  struct Free {
    void operator()(PGnotify* notice) const { PQfreemem(notice); }
  };
  while (const std::unique_ptr<PGnotify, Free> notice{PQnotifies(conn_.get())}) {
    if (notified_) notified_(notice->extra);
  }
}

}  // namespace claviger::store::postgres
