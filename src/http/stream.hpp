// The bytes of one connection: TCP or unix socket, plain or under TLS. Nothing above this class
// knows which it is.
#pragma once
#include <boost/asio/basic_stream_socket.hpp>
#include <boost/asio/generic/stream_protocol.hpp>
#include <chrono>
#include <cstddef>
#include <optional>
#include <string_view>

#include "base/task.hpp"
#include "http/tls_channel.hpp"

namespace claviger::http {

class Stream {
 public:
  // Takes the descriptor, which must be non-blocking. `tls`, made for it, may be nothing: plain.
  Stream(Executor executor, int family, int descriptor, std::optional<TlsChannel> tls = {});

  bool is_tls() const { return tls_.has_value(); }
  // Before anything else. False: the other end speaks no TLS that we do. Plain: true at once.
  Task<bool> handshake();

  // For how long what came last has lain unread in the kernel; zero where it can't be known.
  std::chrono::milliseconds unread_for();
  // What came, at least one byte; zero at the end of input, on an error and after cancel().
  Task<std::size_t> read_some(char* into, std::size_t size);
  Task<bool> write_all(std::string_view bytes);
  // As much as goes without waiting.
  std::size_t write_now(std::string_view bytes);
  bool has_input();

  void cancel();  // ends what waits in read_some and write_all
  void finish_sending();
  void close();

 private:
  Task<bool> wait_for(TlsChannel::Want want);
  Task<std::size_t> read_tls(char* into, std::size_t size);
  Task<bool> write_tls(std::string_view bytes);

  boost::asio::basic_stream_socket<boost::asio::generic::stream_protocol, Executor> socket_;
  // Reads and writes the socket's descriptor, whose number may belong to another connection once
  // this one is closed: so never without a look at socket_.is_open().
  std::optional<TlsChannel> tls_;
};

}  // namespace claviger::http
