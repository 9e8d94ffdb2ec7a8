// Listening sockets, one io_context per core, keep-alive connections under limits and deadlines,
// and the graceful drain.
#pragma once
#include <chrono>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "base/log.hpp"
#include "base/time.hpp"
#include "http/router.hpp"
#include "http/tls.hpp"

namespace claviger::http {

struct Listener {
  std::string address;     // "127.0.0.1", "::1", "0.0.0.0"; or empty with a unix socket path
  std::uint16_t port = 0;  // 0: any free one (tests); see Server::port()
  std::string unix_path;   // 0600; a stale one is replaced
  // ::1 of `localhost`: an address that this machine doesn't have is no error.
  bool optional = false;
  bool tls = false;
  // A socket that listens already and was handed to the process; address and port are its own.
  int descriptor = -1;
};

struct ServerOptions {
  std::vector<Listener> listeners;
  unsigned threads = 2;                      // io_contexts
  std::size_t max_connections = 10000;       // lowered to what RLIMIT_NOFILE allows
  std::size_t max_connections_per_ip = 256;  // loopback peers and trusted proxies exempt
  std::size_t max_requests_per_connection = 10000;
  TlsFiles tls;  // for the listeners that say so
  std::chrono::milliseconds handshake_deadline = std::chrono::seconds(5);
  std::chrono::milliseconds header_deadline =
      std::chrono::seconds(10);  // total, not per byte (HT-10)
  std::chrono::milliseconds body_deadline = std::chrono::seconds(15);
  std::chrono::milliseconds handler_deadline = std::chrono::seconds(20);
  std::chrono::milliseconds write_deadline = std::chrono::seconds(15);
  std::chrono::milliseconds idle_deadline = std::chrono::seconds(60);
  // A full house closes connections that have been idle for so long, and turns newcomers away
  // rather than somebody who is just about to ask again.
  std::chrono::milliseconds idle_before_eviction = std::chrono::seconds(1);
  std::chrono::milliseconds connection_lifetime = std::chrono::minutes(10);
  // Of a thread that has been behind for so long, requests that lay unread for longer than that are
  // answered 503 without work: nobody may be waiting any more, and all others would wait longer.
  std::chrono::milliseconds longest_wait{0};  // a program's; zero: nobody is turned away for it
  std::chrono::milliseconds behind_before_shedding = std::chrono::milliseconds(500);
  // They are told after a pause: who asks again at once would take the time of those who are served
  // (of 10,000 clients that do, 0.4 of the peak was left for good answers without it).
  std::chrono::milliseconds pause_before_busy = std::chrono::milliseconds(1000);
  std::shared_ptr<Metrics> metrics;          // nothing: its own, which nobody sees
  std::vector<std::string> trusted_proxies;  // addresses or CIDR; their X-Forwarded-For counts
};

class Server {
 public:
  Server(ServerOptions options, Router& router, const Clock& clock, Log& log);
  ~Server();

  // Binds; throws std::system_error with the address in its text (for the pid that holds the port:
  // doctor), std::runtime_error when certificate or key can't be used.
  void listen();
  std::uint16_t port(std::size_t listener = 0) const;
  // Serves on `threads` threads until stop() has drained; call once.
  void run();
  // Stops accepting, answers what was begun, closes idle connections; after `deadline` cuts the
  // rest. A second call may shorten the deadline. From any thread.
  void stop(std::chrono::milliseconds deadline = std::chrono::seconds(10));
  // An executor to spawn background coroutines on (sweeping ...). Valid after construction.
  Executor executor();
  // Of every thread that serves: whoever wants to know whether they still turn.
  std::vector<Executor> executors();

  struct Body;

 private:
  std::unique_ptr<Body> body_;
};

}  // namespace claviger::http
