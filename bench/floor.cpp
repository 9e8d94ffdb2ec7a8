// What HTTP costs when nothing is done: an epoll loop that answers every request with the same
// bytes and looks at none of them, on as many threads as ours has. It is what ./dev bench holds
// answers without a signature against; no server of its own.
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
#include <thread>
#include <vector>

namespace {

std::string answer_of(std::size_t body) {
  return "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: " +
         std::to_string(body) + "\r\nCache-Control: no-store\r\n\r\n" + std::string(body, 'x');
}

int listening_socket(std::uint16_t port) {
  const int fd = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
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

// Connections that one thread answers.
class Loop {
 public:
  explicit Loop(std::string_view answer) : epoll_(::epoll_create1(0)), answer_(answer) {}
  void add(int fd) {
    epoll_event event{.events = EPOLLIN, .data = {.fd = fd}};
    ::epoll_ctl(epoll_, EPOLL_CTL_ADD, fd, &event);
  }
  void run() {
    std::array<epoll_event, 256> events{};
    for (;;) {
      const int n = ::epoll_wait(epoll_, events.data(), static_cast<int>(events.size()), -1);
      for (int i = 0; i < n; ++i) serve(events[static_cast<std::size_t>(i)].data.fd);
    }
  }

 private:
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

  int epoll_;
  std::string_view answer_;
};

// Each thread in turn gets the next connection, as the threads of ours do.
[[noreturn]] void accept_into(std::vector<Loop>& loops, int listener) {
  for (std::size_t next = 0;; ++next) {
    const int fd = ::accept4(listener, nullptr, nullptr, SOCK_NONBLOCK | SOCK_CLOEXEC);
    if (fd < 0) continue;
    const int yes = 1;
    ::setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &yes, sizeof(yes));
    loops[next % loops.size()].add(fd);
  }
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 4) {
    std::fputs("usage: claviger-floor PORT BODY_BYTES THREADS\n", stderr);
    return 2;
  }
  const std::string answer = answer_of(static_cast<std::size_t>(std::atol(argv[2])));
  std::vector<Loop> loops;
  for (long i = 0; i < std::atol(argv[3]); ++i) loops.emplace_back(answer);
  for (auto& loop : loops) std::thread([&loop] { loop.run(); }).detach();
  accept_into(loops, listening_socket(static_cast<std::uint16_t>(std::atoi(argv[1]))));
}
