#include "store/sqlite/reader_pool.hpp"

#include <algorithm>
#include <atomic>
#include <chrono>

namespace claviger::store::sqlite {
namespace {

// Threads are counted as they first read, so that neighbours get different connections.
std::size_t number_of_this_thread() {
  static std::atomic<std::size_t> next{0};
  thread_local const std::size_t number = next.fetch_add(1, std::memory_order_relaxed);
  return number;
}

}  // namespace

ReaderPool::ReaderPool(const ConnectionOptions& options, unsigned readers,
                       std::shared_ptr<Metrics> metrics, Damage& damage, Log& log)
    : options_(options), metrics_(std::move(metrics)), damage_(damage), log_(log) {
  for (unsigned i = 0; i < std::max(readers, 1u); ++i) {
    readers_.push_back(std::make_unique<Reader>());
  }
}

std::vector<sql::Row> ReaderPool::read(const sql::Statement& statement) {
  auto& reader = *readers_[number_of_this_thread() % readers_.size()];
  const std::lock_guard lock(reader.mutex);
  const auto began = std::chrono::steady_clock::now();
  try {
    if (!reader.connection) reader.connection.emplace(options_);
    auto rows = std::move(reader.connection->run(statement).rows);
    const std::chrono::duration<double> took = std::chrono::steady_clock::now() - began;
    metrics_->read_seconds.observe(took.count());
    return rows;
  } catch (const SqliteError& error) {
    metrics_->failures.add();
    log_.write(LogLevel::error, "store.read_failed",
               {{"code", std::to_string(error.code())}, {"error", error.what()}});
    if (error.is_our_fault()) throw std::logic_error(error.what());
    if (error.poisons_connection()) reader.connection.reset();
    if (error.is_damage()) {
      damage_.found(error.what());
      throw Damaged(damage_.sentence());
    }
    throw Unavailable(error.what());
  }
}

}  // namespace claviger::store::sqlite
