// What HTTP costs when nothing is done: an epoll loop that answers every request with the same
// bytes and looks at none of them. It is what ./dev bench holds answers without a signature
// against; no server of its own.
#include <arpa/inet.h>
#include <netinet/tcp.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <string_view>
#include <unordered_map>

namespace {

std::string answer_of(std::size_t body) {
  return "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: " +
         std::to_string(body) + "\r\nCache-Control: no-store\r\n\r\n" + std::string(body, 'x');
}

int listening_socket(std::uint16_t port) {
  const int fd = ::socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
  const int yes = 1;
  ::setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof(yes));
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(port);
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  if (::bind(fd, reinterpret_cast<sockaddr*>(&address), sizeof(address)) != 0 ||
      ::listen(fd, 1024) != 0) {
    std::perror("claviger-floor");
    std::exit(1);
  }
  return fd;
}

class Loop {
 public:
  Loop(std::uint16_t port, std::size_t body)
      : listener_(listening_socket(port)), epoll_(::epoll_create1(0)), answer_(answer_of(body)) {
    watch(listener_);
  }
  [[noreturn]] void run() {
    std::array<epoll_event, 256> events{};
    for (;;) {
      const int n = ::epoll_wait(epoll_, events.data(), static_cast<int>(events.size()), -1);
      for (int i = 0; i < n; ++i) {
        const int fd = events[static_cast<std::size_t>(i)].data.fd;
        if (fd == listener_) {
          take_connection();
        } else {
          serve(fd);
        }
      }
    }
  }

 private:
  void watch(int fd) {
    epoll_event event{.events = EPOLLIN, .data = {.fd = fd}};
    ::epoll_ctl(epoll_, EPOLL_CTL_ADD, fd, &event);
  }
  void take_connection() {
    const int fd = ::accept4(listener_, nullptr, nullptr, SOCK_NONBLOCK | SOCK_CLOEXEC);
    if (fd < 0) return;
    const int yes = 1;
    ::setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &yes, sizeof(yes));
    watch(fd);
  }
  // Requests without a body alone: the end of the head is the end of the request.
  void serve(int fd) {
    std::array<char, 16384> bytes;
    const auto got = ::read(fd, bytes.data(), bytes.size());
    if (got <= 0) {
      ::close(fd);
      return;
    }
    const std::string_view text(bytes.data(), static_cast<std::size_t>(got));
    for (auto at = text.find("\r\n\r\n"); at != text.npos; at = text.find("\r\n\r\n", at + 4)) {
      if (::write(fd, answer_.data(), answer_.size()) < 0) return;
    }
  }

  int listener_;
  int epoll_;
  std::string answer_;
};

}  // namespace

int main(int argc, char** argv) {
  if (argc != 3) {
    std::fputs("usage: claviger-floor PORT BODY_BYTES\n", stderr);
    return 2;
  }
  Loop(static_cast<std::uint16_t>(std::atoi(argv[1])), static_cast<std::size_t>(std::atol(argv[2])))
      .run();
}
