#include "http/stream.hpp"

#include <netinet/in.h>
#include <netinet/tcp.h>
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

Stream::Stream(Executor executor, int family, int descriptor, std::optional<TlsChannel> tls)
    : socket_(executor), tls_(std::move(tls)) {
  socket_.assign(asio::generic::stream_protocol(family, 0), descriptor);
  Error ignored;
  socket_.non_blocking(true, ignored);
}

// False: cancelled or closed meanwhile, or nothing that waiting could bring.
Task<bool> Stream::wait_for(TlsChannel::Want want) {
  if (want == TlsChannel::Want::end || !socket_.is_open()) co_return false;
  const auto what = want == TlsChannel::Want::input ? asio::socket_base::wait_read
                                                    : asio::socket_base::wait_write;
  const auto [error] = co_await socket_.async_wait(what, kResult);
  co_return !error && socket_.is_open();
}

Task<bool> Stream::handshake() {
  bool more = tls_ && socket_.is_open();
  while (more) {
    const auto step = tls_->handshake();
    if (step.want == TlsChannel::Want::nothing) co_return true;
    more = co_await wait_for(step.want);
  }
  co_return !tls_;
}

std::chrono::milliseconds Stream::unread_for() {
  tcp_info info{};
  socklen_t size = sizeof(info);
  if (!socket_.is_open()) return {};
  if (getsockopt(socket_.native_handle(), IPPROTO_TCP, TCP_INFO, &info, &size) != 0) return {};
  return std::chrono::milliseconds(info.tcpi_last_data_recv);
}

Task<std::size_t> Stream::read_tls(char* into, std::size_t size) {
  bool more = socket_.is_open();
  while (more) {
    const auto step = tls_->read(into, size);
    if (step.want == TlsChannel::Want::nothing) co_return step.count;
    more = co_await wait_for(step.want);
  }
  co_return 0;
}

Task<bool> Stream::write_tls(std::string_view bytes) {
  bool more = socket_.is_open();
  while (more && !bytes.empty()) {
    const auto step = tls_->write(bytes);
    bytes.remove_prefix(step.count);
    if (step.want != TlsChannel::Want::nothing) more = co_await wait_for(step.want);
  }
  co_return more;
}

Task<std::size_t> Stream::read_some(char* into, std::size_t size) {
  if (tls_) co_return co_await read_tls(into, size);
  const auto [error, count] = co_await socket_.async_read_some(asio::buffer(into, size), kResult);
  co_return error ? 0 : count;
}

std::size_t Stream::write_now(std::string_view bytes) {
  if (!socket_.is_open() || bytes.empty()) return 0;
  if (tls_) return tls_->write(bytes).count;
  Error error;
  const auto count = socket_.write_some(asio::buffer(bytes.data(), bytes.size()), error);
  return error ? 0 : count;
}

Task<bool> Stream::write_all(std::string_view bytes) {
  if (tls_) co_return co_await write_tls(bytes);
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
  if (!socket_.is_open()) return false;
  if (tls_ && tls_->has_pending()) return true;
  Error error;
  return socket_.available(error) > 0 && !error;
}

void Stream::cancel() {
  Error ignored;
  socket_.cancel(ignored);
}

void Stream::finish_sending() {
  Error ignored;
  if (tls_ && socket_.is_open()) tls_->say_goodbye();
  socket_.shutdown(asio::socket_base::shutdown_send, ignored);
}

void Stream::close() {
  Error ignored;
  socket_.close(ignored);
}

}  // namespace claviger::http
