// Looks at the database every second on a thread of its own, so that a probe is answered from what
// was found and neither waits for a database that hangs nor costs it anything.
#pragma once
#include <condition_variable>
#include <mutex>
#include <thread>

#include "endpoints/health.hpp"

namespace claviger::app {

class DatabaseWatch {
 public:
  struct Times {
    std::chrono::milliseconds pause{1000};     // between two looks
    std::chrono::milliseconds patience{3000};  // more than a busy database takes for a small read
  };

  // The first look is over when this returns.
  explicit DatabaseWatch(store::Store& store) : DatabaseWatch(store, Times()) {}
  DatabaseWatch(store::Store& store, Times times);
  // Waits for the look that is under way: the drivers bound how long it takes.
  ~DatabaseWatch();
  DatabaseWatch(const DatabaseWatch&) = delete;
  DatabaseWatch& operator=(const DatabaseWatch&) = delete;

  // Any thread.
  endpoints::DatabaseState state() const;

 private:
  using Clock = std::chrono::steady_clock;
  void look();
  void run();

  store::Store& store_;
  const Times times_;
  mutable std::mutex mutex_;
  std::condition_variable wake_;
  bool stopping_ = false;
  Clock::time_point began_{};  // the last look
  bool looking_ = false;
  endpoints::DatabaseState found_{};
  std::thread thread_;
};

}  // namespace claviger::app
