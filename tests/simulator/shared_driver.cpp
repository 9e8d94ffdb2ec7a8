#include "tests/simulator/shared_driver.hpp"

#include <fmt/format.h>

#include <memory>
#include <set>

namespace claviger::simulator {
namespace {

using namespace std::chrono_literals;

// "UPDATE codes SET redeemed_by": enough to know a statement by.
std::string_view name_of(const store::sql::Statement& statement) {
  return statement.text.substr(0, 40);
}

// Statements are known by the address of their text.
std::string_view kept_for_ever(const std::string& text) {
  static std::set<std::string> texts;
  return *texts.insert(text).first;
}

}  // namespace

std::int64_t SharedDriver::storage_epoch() const {
  return storage_.database.number("SELECT storage_epoch FROM store");
}

void SharedDriver::tell(const std::string& what) {
  if (storage_.trace) storage_.trace(fmt::format("node {} {}", owner_, what));
}

bool SharedDriver::happens(int of_thousand) {
  return of_thousand > 0 && !storage_.calm && storage_.schedule.dice.chance(of_thousand);
}

Duration SharedDriver::pause() {
  auto& dice = storage_.schedule.dice;
  return happens(storage_.faults.slow) ? dice.between(0s, 2s) : dice.between(50us, 5ms);
}

template <class T>
void SharedDriver::answer(Waker<T> waker, T with) {
  storage_.schedule.after(
      pause(), owner_,
      [waker = std::move(waker), with = std::move(with)]() mutable { waker(std::move(with)); });
}

store::sql::Statement SharedDriver::as_sent(store::sql::Statement statement) {
  const auto* broken = storage_.broken;
  if (broken == nullptr || broken->begins.empty()) return statement;
  if (!statement.text.starts_with(broken->begins)) return statement;
  std::string text(statement.text);
  const auto at = text.find(broken->part);
  if (at == std::string::npos) throw std::logic_error("nothing to break in: " + text);
  statement.text = kept_for_ever(text.replace(at, broken->part.size(), broken->by));
  return statement;
}

SharedDriver::Read SharedDriver::look(const store::sql::Statement& statement) {
  if (happens(storage_.faults.read_unavailable)) {
    tell(fmt::format("can't read: {}", name_of(statement)));
    return std::unexpected(Refused{false, "the simulated database can't be read"});
  }
  return storage_.database.read(statement);
}

// The database's clock is the one that never jumps.
Task<std::optional<Time>> SharedDriver::clock() {
  auto begin = [this](Waker<Time> waker) {
    storage_.schedule.after(pause(), owner_, [this, waker = std::move(waker)]() mutable {
      answer(std::move(waker), storage_.schedule.now());
    });
  };
  co_return co_await wait_for<Time>(std::move(begin));
}

Task<std::vector<store::sql::Row>> SharedDriver::read(store::sql::Statement statement) {
  if (!live_) co_return storage_.database.read(statement);
  auto begin = [this, asked = std::move(statement)](Waker<Read> waker) mutable {
    auto arrived = [this, asked = std::move(asked), waker = std::move(waker)]() mutable {
      answer(std::move(waker), look(asked));
    };
    storage_.schedule.after(pause(), owner_, std::move(arrived));
  };
  auto rows = co_await wait_for<Read>(std::move(begin));
  if (rows) co_return std::move(*rows);
  throw store::Unavailable(rows.error().why);
}

Task<store::sql::OperationResult> SharedDriver::commit(store::sql::Operation operation) {
  for (auto& statement : operation) statement = as_sent(std::move(statement));
  if (!live_) {
    auto results = storage_.database.commit({&operation}, true);
    co_return std::move(results.front());
  }
  auto begin = [this, asked = std::move(operation)](Waker<Committed> waker) mutable {
    // Two connections, so that of two operations of a node either may come first.
    take(storage_.schedule.dice.below(writers_.size()), {std::move(asked), std::move(waker)});
  };
  auto results = co_await wait_for<Committed>(std::move(begin));
  if (results) co_return std::move(*results);
  if (results.error().our_fault) throw std::logic_error(results.error().why);
  throw store::Unavailable(results.error().why);
}

void SharedDriver::take(std::size_t number, Pending pending) {
  auto& writer = writers_[number];
  writer.waiting.push_back(std::move(pending));
  if (std::exchange(writer.scheduled, true)) return;
  storage_.schedule.after(pause(), owner_, [this, number] { write_batch(number); });
}

void SharedDriver::write_batch(std::size_t number) {
  auto& writer = writers_[number];
  const auto most = 1 + storage_.schedule.dice.below(4);
  std::vector<Pending> batch;
  while (!writer.waiting.empty() && batch.size() < most) {
    batch.push_back(std::move(writer.waiting.front()));
    writer.waiting.pop_front();
  }
  writer.scheduled = !writer.waiting.empty();
  if (writer.scheduled) {
    storage_.schedule.after(pause(), owner_, [this, number] { write_batch(number); });
  }
  finish_batch(std::move(batch));
}

void SharedDriver::finish_batch(std::vector<Pending> batch) {
  if (happens(storage_.faults.rolled_back)) return refuse(std::move(batch), "was rolled back");
  const bool lost_before = happens(storage_.faults.lost_before);
  const bool lost_after = !lost_before && happens(storage_.faults.lost_after);
  const bool too_soon = storage_.broken != nullptr && storage_.broken->answers_too_soon;
  Operations operations;
  for (const auto& pending : batch) operations.push_back(&pending.operation);
  Results results;
  try {
    results = storage_.database.commit(operations, !lost_before);
  } catch (const store::sqlite::SqliteError& error) {
    tell(fmt::format("can't commit: {}", error.what()));
    return one_by_one(std::move(batch));
  }
  if (lost_after || (lost_before && !too_soon)) {
    return refuse(std::move(batch), lost_after ? "was committed, unheard" : "was lost, unheard");
  }
  for (std::size_t i = 0; i < batch.size(); ++i) {
    tell(fmt::format("commits: {} ({} rows)", name_of(batch[i].operation.front()),
                     results[i].front().changed));
    answer(std::move(batch[i].waker), Committed(std::move(results[i])));
  }
}

void SharedDriver::one_by_one(std::vector<Pending> batch) {
  for (auto& pending : batch) {
    try {
      auto results = storage_.database.commit({&pending.operation}, true);
      answer(std::move(pending.waker), Committed(std::move(results.front())));
    } catch (const store::sqlite::SqliteError& error) {
      answer(std::move(pending.waker),
             Committed(std::unexpected(Refused{error.is_our_fault(), error.what()})));
    }
  }
}

void SharedDriver::refuse(std::vector<Pending> batch, const char* why) {
  for (auto& pending : batch) {
    tell(fmt::format("{}: {}", why, name_of(pending.operation.front())));
    answer(std::move(pending.waker),
           Committed(std::unexpected(Refused{false, "a simulated batch " + std::string(why)})));
  }
}

void SharedDriver::forget() {
  for (auto& writer : writers_) writer.waiting.clear();
}

void SharedDriver::break_connections() {
  for (auto& writer : writers_) {
    std::vector<Pending> waiting;
    while (!writer.waiting.empty()) {
      waiting.push_back(std::move(writer.waiting.front()));
      writer.waiting.pop_front();
    }
    refuse(std::move(waiting), "was never sent");
  }
}

}  // namespace claviger::simulator
