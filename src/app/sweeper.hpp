// Removes what has been of no use for long, in small steps, while the server runs: housekeeping,
// never the protection (expiry is judged where it matters).
#pragma once
#include <boost/asio/steady_timer.hpp>
#include <memory>

#include "base/log.hpp"
#include "base/task.hpp"
#include "base/time.hpp"
#include "store/store.hpp"

namespace claviger::app {

class Sweeper {
 public:
  // `purge_unused`: how long a client that registered itself may stay unused; zero: for ever.
  Sweeper(store::Store& store, const Clock& clock, Log& log, std::chrono::seconds purge_unused,
          Executor executor);
  ~Sweeper();
  Sweeper(const Sweeper&) = delete;
  Sweeper& operator=(const Sweeper&) = delete;

  struct Body;

 private:
  std::shared_ptr<Body> body_;
};

}  // namespace claviger::app
