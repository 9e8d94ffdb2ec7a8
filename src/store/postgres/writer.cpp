#include "store/postgres/writer.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/use_awaitable.hpp>

namespace claviger::store::postgres {
namespace {

// Bounds the time that a request waits for others of its batch.
constexpr std::size_t kBatch = 256;
constexpr int kMostFailures = 2;
constexpr std::chrono::hours kForEver{24};

const sql::Statement kBegin{"BEGIN", {}};
const sql::Statement kCommit{"COMMIT", {}};
const sql::Statement kRollback{"ROLLBACK", {}};

std::string tag_of(const PGresult& result) {
  return PQcmdStatus(const_cast<PGresult*>(&result));  // libpq only reads it
}

// What the first statement that failed was told; nothing when none did.
std::optional<Refused> first_refusal(const Exchange& exchange) {
  for (std::size_t at = 0; at < exchange.results.size(); ++at) {
    const auto& result = *exchange.results[at];
    if (was_skipped(result)) continue;
    auto refused = refusal_of(result);
    if (!refused) continue;
    refused->at = at;
    return refused;
  }
  return {};
}

Writer::Answer read_results(std::vector<Result>::const_iterator result, std::size_t count) {
  try {
    sql::OperationResult results;
    results.reserve(count);
    for (; count > 0; --count) results.push_back(rows_of(**result++));
    return results;
  } catch (const std::logic_error& error) {
    return std::unexpected(Failure{true, error.what()});
  }
}

// What an operation locks first, as far as that can be told.
std::string_view key_of(const sql::Operation& operation) {
  if (operation.empty() || operation[0].values.empty()) return {};
  const auto& value = operation[0].values[0];
  if (const auto* text = std::get_if<std::string>(&value)) return *text;
  if (const auto* bytes = std::get_if<sql::Blob>(&value)) return as_text(*bytes);
  return {};
}

}  // namespace

Writer::Writer(Executor executor, const LinkOptions& options, Statements& statements,
               sql::Door door, Metrics& metrics, Log& log)
    : executor_(executor),
      link_(executor, options, statements),
      door_(door),
      metrics_(metrics),
      log_(log),
      waiting_(executor, std::move(door)),
      alarm_(executor) {
  link_.on_closed([this] {
    writable_ = false;
    note("idle", "the server closed the connection");
    wake();
  });
}

void Writer::start() {
  auto rethrow = [](std::exception_ptr error) {
    if (error) std::rethrow_exception(error);
  };
  boost::asio::co_spawn(executor_, run(), rethrow);
}

void Writer::take(Batch operations) {
  if (!away_.empty()) return refuse(operations, {false, away_});
  for (auto& pending : operations) waiting_.push(std::move(pending));
  show_waiting();
  wake();
}

void Writer::finish() {
  finishing_ = true;
  wake();
}

void Writer::wake() { alarm_.cancel(); }

void Writer::show_waiting() {
  metrics_.writes_waiting.set(static_cast<std::int64_t>(waiting_.size()));
}

Task<void> Writer::pause(std::chrono::milliseconds time) {
  alarm_.expires_after(time);
  boost::system::error_code error;
  const boost::asio::use_awaitable_t<Executor> token;
  co_await alarm_.async_wait(boost::asio::redirect_error(token, error));
}

Task<void> Writer::run() {
  while (true) {
    if (finishing_ && waiting_.empty()) break;
    if (!link_.is_open()) {
      co_await connect();
    } else if (waiting_.empty()) {
      co_await pause(kForEver);
    } else {
      auto batch = next_batch();
      co_await serve(std::move(batch));
    }
  }
  link_.close();
}

Task<void> Writer::connect() {
  std::string sentence;
  try {
    co_await link_.open();
    co_await recognise_server();
  } catch (const std::exception& error) {
    sentence = error.what();
  }
  if (sentence.empty()) {
    if (!away_.empty()) log_.write(LogLevel::notice, "store.reconnected", {});
    away_.clear();
    backoff_.reset();
    writable_ = true;
    if (connected_) connected_();
    co_return;
  }
  writable_ = false;
  if (away_ != sentence) note("connect", sentence);
  away_ = sentence;
  waiting_.refuse_all({false, away_});
  show_waiting();
  const auto time = backoff_.next();
  if (!finishing_) co_await pause(time);
}

// Before anything is committed over a new connection: another server may be at its other end.
Task<void> Writer::recognise_server() {
  Recognised recognised;
  try {
    recognised = co_await recognise(link_);
  } catch (const std::exception&) {
    link_.close();
    throw;
  }
  storage_epoch_ = recognised.storage_epoch;
  if (recognised.raised) {
    log_.write(LogLevel::warning, "store.epoch_raised",
               {{"storage_epoch", std::to_string(recognised.storage_epoch)},
                {"incarnation", recognised.incarnation}});
  }
  if (!recognised.incarnation.empty() || unknown_was_told_) co_return;
  unknown_was_told_ = true;
  log_.write(LogLevel::notice, "store.incarnation_unknown",
             {{"next", "after a failover or a restore say: claviger store new-epoch"}});
}

Writer::Batch Writer::next_batch() {
  Batch batch;
  while (batch.size() < kBatch) {
    auto pending = waiting_.pop();
    if (!pending) break;
    batch.push_back(std::move(*pending));
  }
  show_waiting();
  // Two nodes that lock the same rows in the same order wait for each other at most once.
  std::ranges::sort(batch, {}, [](const Pending& each) { return key_of(each.operation); });
  return batch;
}

bool Writer::is_prepared(const sql::Operation& operation) const {
  return std::ranges::all_of(operation,
                             [this](const auto& each) { return link_.is_prepared(each); });
}

// False: it was answered already.
Task<bool> Writer::make_ready(Pending& pending) {
  for (const auto& statement : pending.operation) {
    const auto refused = co_await link_.prepare(statement);
    if (!refused) continue;
    note("prepare", refused->sentence);
    refuse(pending, failure_of(*refused));
    co_return false;
  }
  co_return true;
}

bool Writer::is_taken(Pending& pending) {
  try {
    for (const auto& statement : pending.operation) link_.can_take(statement);
    return true;
  } catch (const std::logic_error& error) {
    refuse(pending, {true, error.what()});
    return false;
  }
}

// Those whose statements the server knows; nothing has been sent of them yet.
Task<Writer::Batch> Writer::keep_ready(Batch batch) {
  Batch ready;
  std::string lost;
  try {
    for (const auto* statement : {&kBegin, &kCommit, &kRollback}) {
      co_await link_.prepare(*statement);
    }
    for (auto& pending : batch) {
      bool good = is_prepared(pending.operation);
      if (!good) good = co_await make_ready(pending);
      if (good && is_taken(pending)) ready.push_back(std::move(pending));
      pending = Pending();
    }
    co_return ready;
  } catch (const LinkLost& error) {
    lost = error.what();
  }
  note("prepare", lost);
  for (auto& pending : batch) {
    if (pending.done) refuse(pending, {false, lost});
  }
  refuse(ready, {false, lost});
  co_return Batch();
}

Task<void> Writer::serve(Batch batch) {
  auto ready = co_await keep_ready(std::move(batch));
  if (ready.empty()) co_return;
  metrics_.batch_size.observe(static_cast<double>(ready.size()));
  std::optional<Refused> refused;
  const auto began = std::chrono::steady_clock::now();
  auto again = co_await commit(std::move(ready), refused);
  const std::chrono::duration<double> took = std::chrono::steady_clock::now() - began;
  metrics_.commit_seconds.observe(took.count());
  if (refused) co_await rolled_back(std::move(again), std::move(*refused));
}

// Gives the batch back, with the reason, when it was rolled back for certain.
Task<Writer::Batch> Writer::commit(Batch batch, std::optional<Refused>& refused) {
  std::vector<const sql::Statement*> statements{&kBegin};
  for (const auto& pending : batch) {
    for (const auto& statement : pending.operation) statements.push_back(&statement);
  }
  statements.push_back(&kCommit);
  const std::size_t expected = statements.size();
  const auto exchange = co_await link_.exchange(std::move(statements));
  const bool complete = exchange.results.size() == expected;
  if (complete && tag_of(*exchange.results.back()) == "COMMIT") {
    if (!exchange.lost.empty()) writable_ = false;
    answer(batch, exchange);
    co_return Batch();
  }
  auto first = first_refusal(exchange);
  const bool skipped = complete && was_skipped(*exchange.results.back());
  if (skipped && exchange.lost.empty()) {
    // COMMIT was never looked at: the rollback is certain.
    refused = first.value_or(Refused{"", "the transaction was rolled back"});
    co_return batch;
  }
  // Whether it is on disk nobody knows: nothing is run again, whoever asks again will see.
  const auto sentence = first ? first->sentence : exchange.lost;
  writable_ = exchange.lost.empty();
  note("commit", sentence);
  link_.close();
  refuse(batch, {false, sentence});
  co_return Batch();
}

Task<void> Writer::rolled_back(Batch batch, Refused refused) {
  note("statement", refused.sentence);
  std::vector<const sql::Statement*> rollback{&kRollback};
  const auto exchange = co_await link_.exchange(std::move(rollback));
  const bool clean = exchange.lost.empty() && !refusal_of(*exchange.results.at(0));
  if (!clean || refused.is_of_a_standby()) link_.close();
  const bool alone = batch.size() == 1;
  if (!alone && link_.is_open() && refused.is_of_a_lock()) {
    co_return co_await pass_by_lock(std::move(batch), std::move(refused));
  }
  for (auto& pending : batch) {
    if (alone) ++pending.failures;
    const bool give_up =
        alone && (!refused.is_worth_a_retry() || pending.failures >= kMostFailures);
    if (give_up) {
      refuse(pending, failure_of(refused));
      continue;
    }
    if (!link_.is_open()) {
      refuse(pending, {false, refused.sentence});
      continue;
    }
    // Nobody else's write has to suffer for it.
    Batch one;
    one.push_back(std::move(pending));
    co_await serve(std::move(one));
  }
}

// Whoever holds the row may be frozen and hold it for seconds. Those that need it wait for it
// twice, together, and not each by itself: meanwhile nobody's writes go on.
Task<void> Writer::pass_by_lock(Batch batch, Refused refused) {
  std::size_t stopped = 0;
  for (std::size_t end = 1 + batch[0].operation.size();
       end <= refused.at && stopped + 1 < batch.size(); end += batch[stopped].operation.size()) {
    ++stopped;
  }
  const std::string key(key_of(batch[stopped].operation));
  Batch others;
  for (std::size_t i = 0; i < batch.size(); ++i) {
    const bool waits = i == stopped || (!key.empty() && key_of(batch[i].operation) == key);
    if (waits && ++batch[i].failures >= kMostFailures) {
      refuse(batch[i], failure_of(refused));
    } else {
      others.push_back(std::move(batch[i]));
    }
  }
  if (!others.empty()) co_await serve(std::move(others));
}

void Writer::answer(Batch& batch, const Exchange& exchange) {
  sql::Answers answers(door_);
  auto result = exchange.results.begin() + 1;  // behind BEGIN's
  for (auto& pending : batch) {
    pending.done(read_results(result, pending.operation.size()), answers);
    result += static_cast<std::ptrdiff_t>(pending.operation.size());
  }
}

void Writer::refuse(Pending& pending, const Failure& failure) {
  sql::Answers answers(door_);
  pending.refuse(failure, answers);
}

void Writer::refuse(Batch& batch, const Failure& failure) {
  sql::Answers answers(door_);
  for (auto& pending : batch) pending.refuse(failure, answers);
}

void Writer::note(std::string_view step, const std::string& sentence) {
  metrics_.failures.add();
  log_.write(LogLevel::error, "store.write_failed",
             {{"step", std::string(step)}, {"error", sentence}});
}

}  // namespace claviger::store::postgres
