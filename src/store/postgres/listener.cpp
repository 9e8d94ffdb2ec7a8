#include "store/postgres/listener.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/use_awaitable.hpp>

#include "store/sql/statement.hpp"

namespace claviger::store::postgres {
namespace {

constexpr std::chrono::hours kForEver{24};

}  // namespace

// A channel belongs to the whole database, in which others may have a schema: so the schema's name
// goes along.
sql::Operation notice_of(std::string_view topic) {
  sql::Operation operation;
  operation.push_back(sql::statement(
      "SELECT length(pg_notify('claviger', current_schema() || ' ' || $1)::text)", topic));
  return operation;
}

Listener::Listener(Executor executor, const LinkOptions& options, Statements& statements, Log& log)
    : executor_(executor), link_(executor, options, statements), log_(log), alarm_(executor) {
  link_.on_closed([this] { alarm_.cancel(); });
  link_.on_notified([this](std::string_view payload) { take(payload); });
}

void Listener::start(Heard heard) {
  const bool is_first = !heard_;
  heard_ = std::move(heard);
  if (!is_first) return;
  auto rethrow = [](std::exception_ptr error) {
    if (error) std::rethrow_exception(error);
  };
  boost::asio::co_spawn(executor_, run(), rethrow);
}

void Listener::finish() {
  finishing_ = true;
  alarm_.cancel();
}

Task<void> Listener::pause(std::chrono::milliseconds time) {
  alarm_.expires_after(time);
  boost::system::error_code error;
  const boost::asio::use_awaitable_t<Executor> token;
  co_await alarm_.async_wait(boost::asio::redirect_error(token, error));
}

Task<void> Listener::run() {
  while (!finishing_) {
    if (link_.is_open()) {
      co_await pause(kForEver);
      continue;
    }
    std::string sentence;
    try {
      co_await listen();
    } catch (const std::exception& error) {
      sentence = error.what();
    }
    if (sentence.empty()) {
      away_.clear();
      backoff_.reset();
      heard_({});
      continue;
    }
    link_.close();
    if (away_ != sentence) {
      log_.write(LogLevel::warning, "store.not_listening", {{"error", sentence}});
    }
    away_ = sentence;
    const auto time = backoff_.next();
    if (!finishing_) co_await pause(time);
  }
  link_.close();
}

Task<void> Listener::listen() {
  co_await link_.open();
  sql::Statement which{"SELECT current_schema()::text", {}};
  const auto schema = co_await ask(std::move(which));
  ours_ = rows_of(*schema).rows.at(0).text(0) + ' ';
  sql::Statement listen{"LISTEN claviger", {}};
  co_await ask(std::move(listen));
}

Task<Result> Listener::ask(sql::Statement statement) {
  auto refused = co_await link_.prepare(statement);
  if (refused) throw LinkLost(refused->sentence);
  std::vector<const sql::Statement*> one{&statement};
  auto answer = co_await link_.exchange(std::move(one));
  if (!answer.lost.empty()) throw LinkLost(answer.lost);
  refused = refusal_of(*answer.results.at(0));
  if (refused) throw LinkLost(refused->sentence);
  co_return std::move(answer.results[0]);
}

void Listener::take(std::string_view payload) {
  if (!ours_.empty() && payload.starts_with(ours_)) heard_(payload.substr(ours_.size()));
}

}  // namespace claviger::store::postgres
