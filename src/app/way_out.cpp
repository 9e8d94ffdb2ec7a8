#include "app/way_out.hpp"

#include <unistd.h>

#include <csignal>

#include "cli/cli.hpp"

namespace claviger::app {

namespace {

// For the store and the hashing threads to finish what they hold, once nobody waits for it.
constexpr std::chrono::milliseconds kAfterTheCut{800};

}  // namespace

WayOut::WayOut(http::Server& server, endpoints::Readiness& readiness, Supervisor& supervisor,
               Times times, Log& log)
    : server_(server),
      readiness_(readiness),
      supervisor_(supervisor),
      times_(times),
      log_(log),
      signals_(io_, SIGINT, SIGTERM),
      timer_(io_) {
  wait();
  thread_ = std::thread([this] { io_.run(); });
}

WayOut::~WayOut() {
  io_.stop();
  thread_.join();
}

void WayOut::wait() {
  signals_.async_wait([this](boost::system::error_code error, int signal) {
    if (error) return;
    log_.write(LogLevel::notice, "server.stopping", {{"signal", std::to_string(signal)}});
    if (begun_) {
      cut();
    } else {
      begin();
    }
    wait();
  });
}

void WayOut::begin() {
  begun_ = true;
  readiness_.draining = true;
  supervisor_.stopping("answering what was begun");
  timer_.expires_after(times_.delay);
  timer_.async_wait([this](boost::system::error_code error) {
    if (!error) server_.stop(times_.drain);
  });
}

void WayOut::cut() {
  server_.stop(std::chrono::milliseconds(0));
  timer_.expires_after(kAfterTheCut);
  timer_.async_wait([this](boost::system::error_code error) {
    if (error) return;
    // As good as a kill: what was acknowledged is durable, and nothing else was promised.
    log_.write(LogLevel::warning, "server.cut", {});
    ::_exit(cli::kOk);
  });
}

}  // namespace claviger::app
