// One connection: requests read, judged, handed to the router and answered, one at a time, under a
// deadline for each phase.
#pragma once
#include <atomic>
#include <chrono>
#include <optional>
#include <string>

#include "base/log.hpp"
#include "base/time.hpp"
#include "http/client_address.hpp"
#include "http/read_buffer.hpp"
#include "http/request_parser.hpp"
#include "http/response_writer.hpp"
#include "http/server.hpp"
#include "http/shard.hpp"
#include "http/stream.hpp"

namespace claviger::http {

struct Peer {
  std::string address;
  bool loopback = false;
  bool over_unix_socket = false;
  std::uint32_t uid = 0;
};

// What all connections of a server share.
struct ConnectionRules {
  const ServerOptions& options;
  const TrustedProxies& proxies;
  Router& router;
  const Clock& clock;
  Log& log;
  Metrics& metrics;
  const std::atomic<bool>& draining;  // the server stops: the answer at hand is the last
};

class Connection {
 public:
  using Instant = Shard::Instant;

  Connection(Shard& shard, const ConnectionRules& rules, Stream stream, Peer peer);
  ~Connection();
  Connection(const Connection&) = delete;
  Connection& operator=(const Connection&) = delete;

  Task<void> run();

  // Called by the shard, on its thread, between two steps of run().
  void expire(Instant now);  // acts when the deadline of the phase has passed
  void drain();              // the server stops: an idle connection closes
  void cut();                // at once
  bool counted_as_idle() const { return counted_as_idle_; }
  void count_as_idle(bool idle) { counted_as_idle_ = idle; }
  Instant idle_since() const { return phase_began_; }

 private:
  enum class Phase { handshake, idle, head, body, handler, write, linger };

  void enter(Phase phase, std::chrono::milliseconds allowed);
  Task<bool> shake_hands();
  Task<bool> serve_one();
  Task<bool> read_more();
  Task<bool> read_head();
  Task<bool> read_body(std::string& body, std::size_t limit);
  Task<bool> accept_body(Request& request, bool& unread);
  Task<void> send_refusal(Request request);
  Task<void> send_refusal_of_head();
  Task<bool> send(const Response& response, Sending sending);
  Task<void> linger();
  bool input_ended();
  bool came_too_late(const Request& request) const;
  Task<Response> turn_away(std::string request_id);
  void abandon_handler();
  Request describe_peer() const;
  Request describe_refused() const;
  Request describe_request() const;

  Shard& shard_;
  const ConnectionRules& rules_;
  Stream stream_;
  const Peer peer_;
  RequestParser parser_;
  ReadBuffer buffer_;
  std::string out_;
  std::string request_id_;
  std::optional<FramingRefusal> refusal_;
  std::size_t head_size_ = 0;
  std::chrono::milliseconds waited_{0};  // this request, in the kernel, for a thread that is behind
  std::size_t served_ = 0;
  Phase phase_ = Phase::idle;
  Instant phase_began_;
  Instant deadline_;
  Instant end_of_life_;
  bool expired_ = false;   // reading took too long: 408
  bool reading_ = false;   // a read is under way, or done and not yet looked at
  bool closed_ = false;    // nothing more may be read or sent
  bool answered_ = false;  // something was sent that the client should be able to read
  bool counted_as_idle_ = false;
  Connections::iterator place_;
};

}  // namespace claviger::http
