// One listening socket: takes connections out of its backlog and hands each to whoever places it.
#pragma once
#include <boost/asio/posix/basic_stream_descriptor.hpp>
#include <boost/asio/steady_timer.hpp>
#include <functional>

#include "http/listening_socket.hpp"

namespace claviger::http {

class Acceptor {
 public:
  using Place = std::function<Task<void>(Descriptor, Peer)>;

  Acceptor(Executor executor, ListeningSocket socket, Log& log, Metrics& metrics, Place place);
  std::uint16_t port() const { return port_; }
  const std::string& name() const { return socket_.name(); }

  Task<void> run();            // until close()
  Task<void> empty_backlog();  // everything that waits is placed
  void close();

 private:
  using Timer = boost::asio::basic_waitable_timer<
      std::chrono::steady_clock, boost::asio::wait_traits<std::chrono::steady_clock>, Executor>;
  void answer_with_reserve();
  Task<void> back_off(int error);

  ListeningSocket socket_;
  std::uint16_t port_;
  Log& log_;
  Metrics& metrics_;
  Place place_;
  // Watches a duplicate, so that the descriptor has one owner.
  boost::asio::posix::basic_stream_descriptor<Executor> watch_;
  Timer timer_;
  Descriptor reserve_;  // given up for a moment when there are no descriptors left
  std::chrono::milliseconds pause_{0};
  bool closed_ = false;
};

// Says 503 without reading anything and closes: the quick way out under load.
void turn_away(const Descriptor& fd);

}  // namespace claviger::http
