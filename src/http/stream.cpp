#include "http/stream.hpp"

#include <sys/socket.h>

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/buffer.hpp>
#include <boost/asio/use_awaitable.hpp>

namespace claviger::http {
namespace {

namespace asio = boost::asio;
using Error = boost::system::error_code;
constexpr asio::as_tuple_t<asio::use_awaitable_t<Executor>> kResult;

}  // namespace

Stream::Stream(Executor executor, int family, int descriptor) : socket_(executor) {
  socket_.assign(asio::generic::stream_protocol(family, 0), descriptor);
  Error ignored;
  socket_.non_blocking(true, ignored);
}

Task<std::size_t> Stream::read_some(char* into, std::size_t size) {
  const auto [error, count] = co_await socket_.async_read_some(asio::buffer(into, size), kResult);
  co_return error ? 0 : count;
}

std::size_t Stream::write_now(std::string_view bytes) {
  Error error;
  const auto count = socket_.write_some(asio::buffer(bytes.data(), bytes.size()), error);
  return error ? 0 : count;
}

Task<bool> Stream::write_all(std::string_view bytes) {
  // Nearly every answer fits into the socket's buffer: no trip through the scheduler.
  bytes.remove_prefix(write_now(bytes));
  while (!bytes.empty()) {
    const auto [error, count] =
        co_await socket_.async_write_some(asio::buffer(bytes.data(), bytes.size()), kResult);
    if (error) co_return false;
    bytes.remove_prefix(count);
  }
  co_return true;
}

bool Stream::has_input() {
  Error error;
  return socket_.is_open() && socket_.available(error) > 0 && !error;
}

void Stream::cancel() {
  Error ignored;
  socket_.cancel(ignored);
}

void Stream::finish_sending() {
  Error ignored;
  socket_.shutdown(asio::socket_base::shutdown_send, ignored);
}

void Stream::close() {
  Error ignored;
  socket_.close(ignored);
}

}  // namespace claviger::http
