#include "store/postgres/reader_pool.hpp"

#include <algorithm>
#include <boost/asio/co_spawn.hpp>

namespace claviger::store::postgres {

ReaderPool::ReaderPool(Executor executor, const LinkOptions& options, unsigned connections,
                       Statements& statements, Metrics& metrics, Log& log)
    : executor_(executor), metrics_(metrics), log_(log), waiting_(executor) {
  for (unsigned i = 0; i < std::max(connections, 1U); ++i) {
    readers_.push_back(std::make_unique<Reader>(executor, options, statements));
  }
}

// One that is connected, if there is one.
ReaderPool::Reader* ReaderPool::free_reader() {
  Reader* found = nullptr;
  for (const auto& reader : readers_) {
    if (reader->busy) continue;
    if (reader->link.is_open()) return reader.get();
    if (found == nullptr) found = reader.get();
  }
  return found;
}

void ReaderPool::take(sql::Statement statement, Done done) {
  waiting_.push({std::move(statement), std::move(done)});
  Reader* const reader = free_reader();
  if (reader == nullptr) return;
  reader->busy = true;
  auto rethrow = [](std::exception_ptr error) {
    if (error) std::rethrow_exception(error);
  };
  boost::asio::co_spawn(executor_, work(*reader), rethrow);
}

void ReaderPool::finish() {
  finishing_ = true;
  for (const auto& reader : readers_) {
    if (!reader->busy) reader->link.close();
  }
}

Task<void> ReaderPool::work(Reader& reader) {
  metrics_.connections_in_use.add(1);
  while (true) {
    auto pending = waiting_.pop();
    if (!pending) break;
    const bool served = co_await serve(reader, std::move(*pending));
    if (!served) break;
  }
  metrics_.connections_in_use.add(-1);
  reader.busy = false;
  if (finishing_) reader.link.close();
}

bool ReaderPool::another_works(const Reader& reader) const {
  return std::ranges::any_of(readers_, [&](const auto& other) {
    return other.get() != &reader && other->busy && other->link.is_open();
  });
}

// False: it waits again, for a reader that is at work.
Task<bool> ReaderPool::serve(Reader& reader, Pending pending) {
  const bool was_open = reader.link.is_open();
  if (!was_open) {
    const auto failure = co_await connect(reader);
    // One that began to connect before the server was back says nothing about the others.
    if (failure && another_works(reader)) {
      waiting_.push(std::move(pending));
      co_return false;
    }
    if (failure) {
      pending.refuse(*failure);
      co_return true;
    }
  }
  auto answer = co_await run(reader, pending.statement);
  // A connection that died while it was idle: reading again does no harm.
  if (!answer && was_open && !reader.link.is_open()) {
    const auto failure = co_await connect(reader);
    if (!failure) answer = co_await run(reader, pending.statement);
  }
  pending.done(std::move(answer));
  co_return true;
}

Task<std::optional<Failure>> ReaderPool::connect(Reader& reader) {
  if (Clock::now() < try_again_at_) co_return Failure{false, away_};
  std::string sentence;
  try {
    co_await reader.link.open();
  } catch (const std::exception& error) {
    sentence = error.what();
  }
  if (sentence.empty()) {
    away_.clear();
    backoff_.reset();
    try_again_at_ = {};
    co_return std::nullopt;
  }
  if (away_ != sentence) log_.write(LogLevel::error, "store.read_failed", {{"error", sentence}});
  away_ = sentence;
  try_again_at_ = Clock::now() + backoff_.next();
  co_return Failure{false, sentence};
}

Task<ReaderPool::Answer> ReaderPool::run(Reader& reader, const sql::Statement& statement) {
  Failure failure;
  const auto began = Clock::now();
  try {
    auto refused = co_await reader.link.prepare(statement);
    if (!refused) {
      reader.link.can_take(statement);
      std::vector<const sql::Statement*> one{&statement};
      const auto exchange = co_await reader.link.exchange(std::move(one));
      if (exchange.results.size() == 1 && exchange.lost.empty()) {
        refused = refusal_of(*exchange.results[0]);
        const std::chrono::duration<double> took = Clock::now() - began;
        metrics_.read_seconds.observe(took.count());
        if (!refused) co_return std::move(rows_of(*exchange.results[0]).rows);
      } else {
        failure.sentence = exchange.lost;
      }
    }
    if (refused) failure = failure_of(*refused);
  } catch (const LinkLost& lost) {
    failure.sentence = lost.what();
  } catch (const std::logic_error& error) {
    failure = {true, error.what()};
  }
  metrics_.failures.add();
  log_.write(LogLevel::error, "store.read_failed", {{"error", failure.sentence}});
  co_return std::unexpected(failure);
}

}  // namespace claviger::store::postgres
