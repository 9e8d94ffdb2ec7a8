#include "http/shard.hpp"

#include "http/connection.hpp"

namespace claviger::http {
namespace {

constexpr std::chrono::milliseconds kTick{100};

}  // namespace

Shard::Shard() : work_(io_.get_executor()), timer_(io_.get_executor()) {}

void Shard::run(Log& log) {
  while (!io_.stopped()) {
    try {
      io_.run();
    } catch (const std::exception& failure) {
      log.write(LogLevel::error, "http.uncaught", {{"what", failure.what()}});
    }
  }
}

Connections::iterator Shard::enter(Connection& connection) {
  busy_.push_back(&connection);
  schedule_sweep();
  return std::prev(busy_.end());
}

void Shard::leave(Connections::iterator place) {
  set_idle(place, false);
  busy_.erase(place);
}

void Shard::set_idle(Connections::iterator place, bool idle) {
  const bool is_idle = (*place)->counted_as_idle();
  if (is_idle == idle) return;
  auto& from = is_idle ? idle_ : busy_;
  auto& to = idle ? idle_ : busy_;
  to.splice(to.end(), from, place);
  (*place)->count_as_idle(idle);
  publish_oldest();
}

void Shard::publish_oldest() {
  oldest_idle_.store(
      idle_.empty() ? kNoneIdle : idle_.front()->idle_since().time_since_epoch().count(),
      std::memory_order_relaxed);
}

Task<bool> Shard::evict_oldest_idle() {
  if (idle_.empty()) co_return false;
  Connection* const oldest = idle_.front();
  set_idle(idle_.begin(), false);
  oldest->cut();
  co_return true;
}

void Shard::drain() {
  for (Connection* connection : busy_) connection->drain();
  for (Connection* connection : idle_) connection->drain();
}

void Shard::cut() {
  for (Connection* connection : busy_) connection->cut();
  for (Connection* connection : idle_) connection->cut();
}

void Shard::schedule_sweep() {
  if (sweeping_) return;
  sweeping_ = true;
  timer_.expires_after(kTick);
  timer_.async_wait([this](const boost::system::error_code& error) {
    sweeping_ = false;
    if (!error) sweep();
  });
}

void Shard::sweep() {
  const auto now = std::chrono::steady_clock::now();
  for (Connection* connection : busy_) connection->expire(now);
  for (Connection* connection : idle_) connection->expire(now);
  if (!busy_.empty() || !idle_.empty()) schedule_sweep();
}

}  // namespace claviger::http
