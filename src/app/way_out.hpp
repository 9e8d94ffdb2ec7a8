// SIGTERM and SIGINT. The first: readiness says 503, the server goes on for as long as balancers
// take to notice, then stops accepting and answers what was begun. The second cuts.
#pragma once
#include <boost/asio/io_context.hpp>
#include <boost/asio/signal_set.hpp>
#include <boost/asio/steady_timer.hpp>
#include <chrono>
#include <thread>

#include "app/supervisor.hpp"
#include "endpoints/readiness.hpp"
#include "http/server.hpp"

namespace claviger::app {

class WayOut {
 public:
  struct Times {
    std::chrono::seconds delay;  // until accepting stops
    std::chrono::seconds drain;  // from then on
  };

  WayOut(http::Server& server, endpoints::Readiness& readiness, Supervisor& supervisor, Times times,
         Log& log);
  ~WayOut();
  WayOut(const WayOut&) = delete;
  WayOut& operator=(const WayOut&) = delete;

 private:
  void wait();
  void begin();
  void cut();

  http::Server& server_;
  endpoints::Readiness& readiness_;
  Supervisor& supervisor_;
  const Times times_;
  Log& log_;
  bool begun_ = false;
  boost::asio::io_context io_;
  boost::asio::signal_set signals_;
  boost::asio::steady_timer timer_;
  std::thread thread_;
};

}  // namespace claviger::app
