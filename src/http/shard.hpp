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

#include "base/log.hpp"
#include "base/task.hpp"

namespace claviger::http {

class Connection;
using Connections = std::list<Connection*>;

class Shard {
 public:
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

 private:
  using Timer = boost::asio::basic_waitable_timer<
      std::chrono::steady_clock, boost::asio::wait_traits<std::chrono::steady_clock>, Executor>;
  void schedule_sweep();
  void sweep();
  void publish_oldest();

  // Declared before the io_context, whose destructor ends the coroutines that still stand in them.
  Connections busy_;
  Connections idle_;  // the longest idle first
  std::atomic<std::size_t> load_ = 0;
  std::atomic<std::int64_t> oldest_idle_ = kNoneIdle;
  bool sweeping_ = false;
  boost::asio::io_context io_{1};
  boost::asio::executor_work_guard<Executor> work_;
  Timer timer_;
};

}  // namespace claviger::http
