#include "store/postgres/reader_pool.hpp"

#include <algorithm>
#include <boost/asio/co_spawn.hpp>
#include <utility>

namespace claviger::store::postgres {
namespace {

// Bounds the time that a read waits for others of its batch.
constexpr std::size_t kBatch = 64;
// Reads that come while a connection is at work wait for it this long, and go together: 64 in one
// round trip cost the database a third of what 64 round trips cost it, and this process a tenth.
constexpr std::chrono::milliseconds kPatience{5};

ReaderPool::Answer rows_in(const PGresult& result) {
  try {
    return std::move(rows_of(result).rows);
  } catch (const std::logic_error& error) {
    return std::unexpected(Failure{true, error.what()});
  }
}

}  // namespace

ReaderPool::ReaderPool(Executor executor, const LinkOptions& options, unsigned connections,
                       Statements& statements, sql::Door door, Metrics& metrics, Log& log)
    : executor_(executor),
      door_(door),
      metrics_(metrics),
      log_(log),
      waiting_(executor, std::move(door)),
      patience_(executor) {
  for (unsigned i = 0; i < std::max(connections, 1U); ++i) {
    readers_.push_back(std::make_unique<Reader>(executor, options, statements));
  }
}

void ReaderPool::take(Batch reads) {
  for (auto& read : reads) waiting_.push(std::move(read));
  look_around();
}

// Somebody serves what waits, now or after a while.
void ReaderPool::look_around() {
  if (waiting_.empty()) return;
  const bool wants_help = waiting_.size() > kBatch || !one_comes_back_soon();
  Reader* const reader = wants_help ? free_reader() : nullptr;
  if (reader != nullptr) return start(*reader);
  if (is_patient_) return;
  is_patient_ = true;
  patience_.expires_after(kPatience);
  patience_.async_wait([this](boost::system::error_code error) {
    is_patient_ = false;
    if (!error) look_around();
  });
}

bool ReaderPool::one_comes_back_soon() const {
  const auto long_ago = Clock::now() - kPatience;
  return std::ranges::any_of(readers_, [&](const auto& reader) {
    return reader->busy && reader->link.is_open() && reader->since > long_ago;
  });
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

void ReaderPool::start(Reader& reader) {
  reader.busy = true;
  auto rethrow = [](std::exception_ptr error) {
    if (error) std::rethrow_exception(error);
  };
  boost::asio::co_spawn(executor_, work(reader), rethrow);
}

void ReaderPool::finish() {
  finishing_ = true;
  for (const auto& reader : readers_) {
    if (!reader->busy) reader->link.close();
  }
}

ReaderPool::Batch ReaderPool::next_batch() {
  Batch batch;
  batch.reserve(std::min(waiting_.size(), kBatch));
  while (batch.size() < kBatch) {
    auto pending = waiting_.pop();
    if (!pending) break;
    batch.push_back(std::move(*pending));
  }
  return batch;
}

Task<void> ReaderPool::work(Reader& reader) {
  metrics_.connections_in_use.add(1);
  while (true) {
    auto batch = next_batch();
    if (batch.empty()) break;
    reader.since = Clock::now();
    const bool served = co_await serve(reader, std::move(batch));
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

// False: they wait again, for a reader that is at work.
Task<bool> ReaderPool::serve(Reader& reader, Batch batch) {
  const bool was_open = reader.link.is_open();
  if (!was_open) {
    const auto failure = co_await connect(reader);
    // One that began to connect before the server was back says nothing about the others.
    if (failure && another_works(reader)) {
      for (auto& pending : batch) waiting_.push(std::move(pending));
      co_return false;
    }
    if (failure) {
      refuse(batch, *failure);
      co_return true;
    }
  }
  auto left = co_await run(reader, std::move(batch));
  // A connection that died while it was idle: reading again does no harm.
  if (!left.empty() && was_open) {
    const auto failure = co_await connect(reader);
    if (!failure) left = co_await run(reader, std::move(left));
  }
  refuse(left, {false, reader.lost});
  co_return true;
}

void ReaderPool::server_is_there() {
  ++times_there_;
  away_.clear();
  backoff_.reset();
  try_again_at_ = {};
}

// Why not; empty when it is open.
Task<std::string> ReaderPool::open(Reader& reader) {
  try {
    co_await reader.link.open();
    co_return "";
  } catch (const std::exception& error) {
    co_return error.what();
  }
}

Task<std::optional<Failure>> ReaderPool::connect(Reader& reader) {
  if (Clock::now() < try_again_at_) co_return Failure{false, away_};
  const auto times = times_there_;
  auto sentence = co_await open(reader);
  // It came back after this began, so that what was found is of before.
  if (!sentence.empty() && times != times_there_) sentence = co_await open(reader);
  if (sentence.empty()) {
    server_is_there();
    co_return std::nullopt;
  }
  if (away_ != sentence) log_.write(LogLevel::error, "store.read_failed", {{"error", sentence}});
  away_ = sentence;
  try_again_at_ = Clock::now() + backoff_.next();
  co_return Failure{false, sentence};
}

// Gives back those of which nothing came before the connection broke.
Task<ReaderPool::Batch> ReaderPool::run(Reader& reader, Batch batch) {
  while (true) {
    reader.lost.clear();
    co_await prepare(reader, batch);
    if (batch.empty()) co_return batch;
    if (reader.lost.empty()) co_await exchange(reader, batch);
    if (reader.lost.empty()) continue;
    metrics_.failures.add();
    log_.write(LogLevel::error, "store.read_failed", {{"error", reader.lost}});
    co_return batch;
  }
}

void ReaderPool::keep_unanswered(Batch& batch) {
  std::erase_if(batch, [](const Pending& each) { return !each.done; });
}

// Answers those that the server does not know what to do with.
Task<void> ReaderPool::prepare(Reader& reader, Batch& batch) {
  try {
    for (auto& pending : batch) {
      std::optional<Refused> refused;
      if (!reader.link.is_prepared(pending.statement)) {
        refused = co_await reader.link.prepare(pending.statement);
      }
      if (refused) {
        fail(pending, failure_of(*refused));
      } else {
        check(reader, pending);
      }
    }
  } catch (const LinkLost& lost) {
    reader.lost = lost.what();
  }
  keep_unanswered(batch);
}

void ReaderPool::check(Reader& reader, Pending& pending) {
  try {
    reader.link.can_take(pending.statement);
  } catch (const std::logic_error& error) {
    fail(pending, {true, error.what()});
  }
}

// One that the server refuses takes those behind it along: they are kept, to be run again.
Task<void> ReaderPool::exchange(Reader& reader, Batch& batch) {
  std::vector<const sql::Statement*> statements;
  statements.reserve(batch.size());
  for (const auto& pending : batch) statements.push_back(&pending.statement);
  const auto began = Clock::now();
  const auto came = co_await reader.link.exchange(std::move(statements));
  const std::chrono::duration<double> took = Clock::now() - began;
  reader.lost = came.lost;
  sql::Answers answers(door_);
  // A connection that ends may say so in a result of nobody's.
  const auto count = std::min(came.results.size(), batch.size());
  for (std::size_t i = 0; i < count; ++i) {
    auto& pending = batch[i];
    const auto& result = *came.results[i];
    if (was_skipped(result)) continue;
    metrics_.read_seconds.observe(took.count());
    const auto refused = refusal_of(result);
    if (!refused) {
      std::exchange(pending.done, nullptr)(rows_in(result), answers);
    } else if (came.lost.empty()) {
      fail(pending, failure_of(*refused));
    }
  }
  keep_unanswered(batch);
}

void ReaderPool::fail(Pending& pending, const Failure& failure) {
  metrics_.failures.add();
  log_.write(LogLevel::error, "store.read_failed", {{"error", failure.sentence}});
  sql::Answers answers(door_);
  std::exchange(pending.done, nullptr)(std::unexpected(failure), answers);
}

void ReaderPool::refuse(Batch& batch, const Failure& failure) {
  sql::Answers answers(door_);
  for (auto& pending : batch) pending.refuse(failure, answers);
}

}  // namespace claviger::store::postgres
