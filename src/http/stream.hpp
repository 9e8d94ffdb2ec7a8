// The bytes of one connection, TCP or unix socket. TLS becomes a second kind of stream here;
// nothing above this class knows which it is.
#pragma once
#include <boost/asio/basic_stream_socket.hpp>
#include <boost/asio/generic/stream_protocol.hpp>
#include <cstddef>
#include <string_view>

#include "base/task.hpp"

namespace claviger::http {

class Stream {
 public:
  // Takes the descriptor, which must be non-blocking.
  Stream(Executor executor, int family, int descriptor);

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
  boost::asio::basic_stream_socket<boost::asio::generic::stream_protocol, Executor> socket_;
};

}  // namespace claviger::http
