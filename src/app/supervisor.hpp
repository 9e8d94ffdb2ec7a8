// Whoever started the server and wants to hear of it: systemd, by the protocol of sd_notify(3), a
// datagram and a few words. Without a supervisor nothing is sent.
#pragma once
#include <chrono>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/task.hpp"
#include "http/descriptor.hpp"

namespace claviger::app {

class Supervisor {
 public:
  // Takes NOTIFY_SOCKET, WATCHDOG_* and LISTEN_* out of the environment: what this process starts
  // is not supervised.
  Supervisor();
  // The same for tests. A name that begins with @ is an abstract one.
  Supervisor(std::string socket, std::chrono::microseconds watchdog);

  void ready(std::string_view status) { send("READY=1\nSTATUS=" + std::string(status)); }
  void stopping(std::string_view status) { send("STOPPING=1\nSTATUS=" + std::string(status)); }
  void status(std::string_view text) { send("STATUS=" + std::string(text)); }
  void alive() { send("WATCHDOG=1"); }

  // Sockets that listen already, so that a restart refuses nobody (sd_listen_fds(3)). Empty: the
  // settings say where to listen.
  const std::vector<int>& sockets() const { return sockets_; }
  // Zero: nobody waits for signs of life.
  std::chrono::microseconds watchdog() const { return watchdog_; }

 private:
  void connect(const std::string& name);
  void send(const std::string& message);
  void take_sockets();

  http::Descriptor socket_;
  std::chrono::microseconds watchdog_{0};
  std::vector<int> sockets_;
};

// Sends a sign of life twice in each interval of the watchdog, each time every one of these
// executors has run something that was given to it then: a thread that hangs silences it.
class SignsOfLife {
 public:
  // `supervisor` must outlive the executors' work.
  SignsOfLife(Supervisor& supervisor, std::vector<Executor> threads);
  ~SignsOfLife();
  SignsOfLife(const SignsOfLife&) = delete;
  SignsOfLife& operator=(const SignsOfLife&) = delete;

  struct Body;

 private:
  std::unique_ptr<Body> body_;
};

}  // namespace claviger::app
