// A client that sends exactly the bytes it is given, and reads what comes back. Every wait is
// bounded by a generous limit that only a hanging server reaches.
#pragma once
#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <cstdint>
#include <cstring>
#include <string>
#include <string_view>

namespace claviger::test {

struct RawAnswer {
  unsigned status = 0;  // zero: no answer
  std::string head;     // with the empty line
  std::string body;

  bool has(std::string_view text) const { return head.find(text) != std::string::npos; }
};

class RawClient {
 public:
  RawClient() : fd_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {}
  explicit RawClient(std::uint16_t port) : RawClient() { connect_to(port); }
  explicit RawClient(const std::string& unix_path) {
    fd_ = ::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    std::strncpy(address.sun_path, unix_path.c_str(), sizeof(address.sun_path) - 1);
    connected_ = ::connect(fd_, reinterpret_cast<sockaddr*>(&address), sizeof(address)) == 0;
  }
  RawClient(const RawClient&) = delete;
  RawClient& operator=(const RawClient&) = delete;
  ~RawClient() { ::close(fd_); }

  bool connect_to(std::uint16_t port) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(port);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    connected_ = ::connect(fd_, reinterpret_cast<sockaddr*>(&address), sizeof(address)) == 0;
    return connected_;
  }
  bool connected() const { return connected_; }
  bool send(std::string_view bytes) {
    while (!bytes.empty()) {
      const auto sent = ::send(fd_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
      if (sent <= 0) return false;
      bytes.remove_prefix(static_cast<std::size_t>(sent));
    }
    return true;
  }
  void finish_sending() { ::shutdown(fd_, SHUT_WR); }

  // The next answer; its body as Content-Length says. 1xx answers are answers too.
  RawAnswer answer(bool to_head = false) {
    RawAnswer out;
    std::size_t end = std::string::npos;
    while ((end = pending_.find("\r\n\r\n")) == std::string::npos)
      if (!receive()) return out;
    out.head = pending_.substr(0, end + 4);
    pending_.erase(0, end + 4);
    out.status = static_cast<unsigned>(std::stoul(out.head.substr(9, 3)));
    const auto field = out.head.find("\r\nContent-Length: ");
    if (field == std::string::npos || to_head) return out;
    const auto length = std::stoul(out.head.substr(field + 18));
    while (pending_.size() < length)
      if (!receive()) return out;
    out.body = pending_.substr(0, length);
    pending_.erase(0, length);
    return out;
  }
  RawAnswer ask(std::string_view bytes) {
    send(bytes);
    return answer();
  }
  // True: the server closed and sent nothing more.
  bool closed() {
    while (receive()) {
    }
    return pending_.empty() && ended_;
  }
  // Everything until the server closes.
  std::string rest() {
    while (receive()) {
    }
    return std::exchange(pending_, {});
  }

 private:
  bool receive() {
    pollfd wait{fd_, POLLIN, 0};
    if (::poll(&wait, 1, 30'000) <= 0) return false;
    char bytes[4096];
    const auto count = ::recv(fd_, bytes, sizeof(bytes), 0);
    if (count <= 0) ended_ = true;
    if (count <= 0) return false;
    pending_.append(bytes, static_cast<std::size_t>(count));
    return true;
  }
  int fd_ = -1;
  bool connected_ = false;
  bool ended_ = false;
  std::string pending_;
};

}  // namespace claviger::test
