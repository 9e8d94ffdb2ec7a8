#include "http/acceptor.hpp"

#include <fcntl.h>
#include <sys/socket.h>

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <cerrno>
#include <cstring>

namespace claviger::http {
namespace {

namespace asio = boost::asio;
constexpr asio::as_tuple_t<asio::use_awaitable_t<Executor>> kResult;
constexpr std::chrono::milliseconds kFirstPause{50};
constexpr std::chrono::milliseconds kLongestPause{1000};

Descriptor open_reserve() { return Descriptor(open("/dev/null", O_RDONLY | O_CLOEXEC)); }

bool is_passing(int error) {
  return error == EINTR || error == ECONNABORTED || error == EPROTO || error == EPERM;
}

}  // namespace

void turn_away(const Descriptor& fd) {
  const auto answer = closing_503({});
  // Whether it arrives is the client's luck; waiting for it would be ours to pay.
  [[maybe_unused]] const auto sent =
      send(fd.get(), answer.data(), answer.size(), MSG_DONTWAIT | MSG_NOSIGNAL);
  shutdown(fd.get(), SHUT_WR);
}

Acceptor::Acceptor(Executor executor, ListeningSocket socket, Log& log, Metrics& metrics,
                   Place place)
    : socket_(std::move(socket)),
      port_(socket_.port()),
      log_(log),
      metrics_(metrics),
      place_(std::move(place)),
      watch_(executor, fcntl(socket_.descriptor(), F_DUPFD_CLOEXEC, 0)),
      timer_(executor),
      reserve_(open_reserve()) {}

Task<void> Acceptor::run() {
  while (!closed_) {
    const auto [error] =
        co_await watch_.async_wait(asio::posix::descriptor_base::wait_read, kResult);
    if (error || closed_) break;
    co_await empty_backlog();
    if (pause_.count() == 0) continue;
    timer_.expires_after(pause_);
    co_await timer_.async_wait(kResult);
  }
}

Task<void> Acceptor::empty_backlog() {
  while (!closed_) {
    auto accepted = socket_.accept();
    const int error = errno;
    if (accepted) {
      pause_ = {};
      co_await place_(std::move(accepted->fd), std::move(accepted->peer));
    } else if (error == EAGAIN || error == EWOULDBLOCK) {
      pause_ = {};
      co_return;
    } else if (!is_passing(error)) {
      metrics_.accept_failures.add();
      answer_with_reserve();
      pause_ = std::min(std::max(pause_ * 2, kFirstPause), kLongestPause);
      log_.write(LogLevel::warning, "http.accept_failed",
                 {{"listener", name()}, {"what", strerrordesc_np(error)}});
      co_return;
    }
  }
}

// Without a descriptor left a client would wait in the backlog for nothing. The reserve lets one in
// at a time to be told (503); then accepting pauses, longer each time.
void Acceptor::answer_with_reserve() {
  reserve_.reset();
  if (const auto accepted = socket_.accept()) turn_away(accepted->fd);
  reserve_ = open_reserve();
}

void Acceptor::close() {
  closed_ = true;
  boost::system::error_code ignored;
  watch_.close(ignored);
  timer_.cancel();
  socket_.close();
}

}  // namespace claviger::http
