// One io_context with the connections that live on it, and the sweep that enforces their deadlines.
// A timer for each connection would cost two system-clock reads and a heap operation a phase; one
// look at all of them ten times a second costs nothing that can be measured.
#pragma once
#include <atomic>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>
#include <chrono>
#include <cstdint>
#include <limits>
#include <list>
#include <optional>
#include <string>
#include <utility>

#include "base/log.hpp"
#include "base/task.hpp"

namespace claviger::http {

class Connection;
using Connections = std::list<Connection*>;

class Shard {
 public:
  using Instant = std::chrono::steady_clock::time_point;
  static constexpr std::int64_t kNoneIdle = std::numeric_limits<std::int64_t>::max();
  Shard();

  // From any thread.
  Executor executor() { return io_.get_executor(); }
  void run(Log& log);  // until stop(); an exception that reaches it is logged
  void stop() { io_.stop(); }
  std::atomic<std::size_t>& load() { return load_; }  // connections, those on their way included
  std::int64_t oldest_idle() const { return oldest_idle_.load(std::memory_order_relaxed); }

  // From its own thread.
  Connections::iterator enter(Connection& connection);
  void leave(Connections::iterator place);
  void set_idle(Connections::iterator place, bool idle);
  Task<bool> evict_oldest_idle();
  void drain();
  void cut();
  // Whether requests are turned away that lay unread for too long: this thread has been late with
  // everything for `grace`; or late at all, and it has turned somebody away lately.
  bool sheds(Instant now, std::chrono::steady_clock::duration grace) const;
  void count_shed(Instant now);
  Task<void> pause(std::chrono::milliseconds duration);
  // Memory for an answer, of one who needs it no more: 1 KiB less of an idle connection.
  std::string take_output() { return std::exchange(spare_output_, {}); }
  void keep_output(std::string output);

 private:
  using Timer = boost::asio::basic_waitable_timer<
      std::chrono::steady_clock, boost::asio::wait_traits<std::chrono::steady_clock>, Executor>;
  void schedule_sweep();
  void sweep();
  void notice_delay(Instant now);
  // For how long its sweep has come later than it should.
  std::chrono::steady_clock::duration behind_for(Instant now) const;
  void tell_of_shed();
  void publish_oldest();

  // Declared before the io_context, whose destructor ends the coroutines that still stand in them.
  Connections busy_;
  Connections idle_;  // the longest idle first
  std::atomic<std::size_t> load_ = 0;
  std::atomic<std::int64_t> oldest_idle_ = kNoneIdle;
  bool sweeping_ = false;
  Instant sweep_due_ = Instant::max();
  std::optional<Instant> behind_since_;
  std::string spare_output_;
  std::size_t shed_ = 0;
  std::size_t shed_told_ = 0;
  std::optional<Instant> last_shed_;
  unsigned ticks_ = 0;
  Log* log_ = nullptr;
  boost::asio::io_context io_{1};
  boost::asio::executor_work_guard<Executor> work_;
  Timer timer_;
};

}  // namespace claviger::http
