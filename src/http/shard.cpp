#include "http/shard.hpp"

#include <boost/asio/use_awaitable.hpp>

#include "http/connection.hpp"

namespace claviger::http {
namespace {

constexpr std::chrono::milliseconds kTick{100};
constexpr std::chrono::milliseconds kLate{50};  // what waits in the sockets waits as long
// What is once behind stays so for a while, though each wave of requests is worked off in between:
// were there grace again, the next wave would be admitted late as a whole (p99 of 10,000
// connections 400 ms instead of 220).
constexpr std::chrono::seconds kLately{5};
constexpr unsigned kTicksPerLine = 10;
constexpr std::size_t kKeptOutput = 32 * 1024;

}  // namespace

Shard::Shard() : work_(io_.get_executor()), timer_(io_.get_executor()) {}

void Shard::run(Log& log) {
  log_ = &log;
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
  sweep_due_ = std::chrono::steady_clock::now() + kTick;
  timer_.expires_at(sweep_due_);
  timer_.async_wait([this](const boost::system::error_code& error) {
    sweeping_ = false;
    if (!error) sweep();
  });
}

void Shard::sweep() {
  const auto now = std::chrono::steady_clock::now();
  notice_delay(now);
  if (++ticks_ % kTicksPerLine == 0) tell_of_shed();
  for (Connection* connection : busy_) connection->expire(now);
  for (Connection* connection : idle_) connection->expire(now);
  if (!busy_.empty() || !idle_.empty()) schedule_sweep();
}

void Shard::notice_delay(Instant now) {
  if (now < sweep_due_ + kLate) {
    behind_since_.reset();
  } else if (!behind_since_) {
    behind_since_ = sweep_due_;
  }
}

std::chrono::steady_clock::duration Shard::behind_for(Instant now) const {
  if (behind_since_) return now - *behind_since_;
  const bool overdue = sweeping_ && now >= sweep_due_ + kLate;
  return overdue ? now - sweep_due_ : std::chrono::steady_clock::duration::zero();
}

bool Shard::sheds(Instant now, std::chrono::steady_clock::duration grace) const {
  const bool lately = last_shed_ && now - *last_shed_ < kLately;
  return behind_for(now) > (lately ? std::chrono::steady_clock::duration::zero() : grace);
}

void Shard::count_shed(Instant now) {
  ++shed_;
  last_shed_ = now;
}

Task<void> Shard::pause(std::chrono::milliseconds duration) {
  Timer timer(io_.get_executor(), duration);
  co_await timer.async_wait(boost::asio::use_awaitable_t<Executor>());
}

// One line a second and thread, however many there are.
void Shard::tell_of_shed() {
  if (shed_ == shed_told_ || log_ == nullptr) return;
  log_->write(LogLevel::warning, "http.shed", {{"requests", std::to_string(shed_ - shed_told_)}});
  shed_told_ = shed_;
}

void Shard::keep_output(std::string output) {
  if (output.capacity() > spare_output_.capacity() && output.capacity() <= kKeptOutput)
    spare_output_ = std::move(output);
}

}  // namespace claviger::http
