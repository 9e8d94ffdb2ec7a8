// A TCP balancer as it stands before several nodes: it asks each for /readyz, gives every new
// connection to one that is ready, in turns, and knows nothing of what goes through.
#pragma once
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <atomic>
#include <chrono>
#include <list>
#include <optional>
#include <stdexcept>
#include <thread>
#include <vector>

#include "tests/chaos/http_client.hpp"

namespace claviger::test {

class Balancer {
 public:
  // Listens where the issuer is said to be.
  Balancer(std::uint16_t port, std::vector<std::uint16_t> nodes)
      : port_(port), nodes_(std::move(nodes)), ready_(nodes_.size()) {
    listener_ = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    const int on = 1;
    ::setsockopt(listener_, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
    const auto address = loopback(port_);
    const auto* const where = reinterpret_cast<const sockaddr*>(&address);
    if (::bind(listener_, where, sizeof address) != 0 || ::listen(listener_, 128) != 0) {
      throw std::runtime_error("the balancer's port is taken");
    }
    asking_ = std::thread([this] { ask(); });
    passing_ = std::thread([this] { pass(); });
  }
  ~Balancer() {
    stopping_ = true;
    asking_.join();
    passing_.join();
    for (const auto& line : lines_) hang_up(line);
    ::close(listener_);
  }
  Balancer(const Balancer&) = delete;
  Balancer& operator=(const Balancer&) = delete;

  bool takes(std::size_t node) const { return ready_[node]; }
  std::size_t turned_away() const { return turned_away_; }

 private:
  struct Line {
    int client, server;
  };
  static constexpr std::chrono::milliseconds kBetweenQuestions{20};

  static sockaddr_in loopback(std::uint16_t port) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(port);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    return address;
  }
  static void hang_up(const Line& line) {
    ::close(line.client);
    ::close(line.server);
  }
  void ask() {
    while (!stopping_) {
      for (std::size_t i = 0; i < nodes_.size(); ++i) {
        HttpClient client(nodes_[i], port_);
        const auto answer = client.ask({.target = "/readyz"});
        ready_[i] = answer && answer->status == 200;
      }
      std::this_thread::sleep_for(kBetweenQuestions);
    }
  }
  // The next that is ready and answers.
  std::optional<int> connect() {
    for (std::size_t tries = 0; tries < nodes_.size(); ++tries) {
      const auto node = turn_++ % nodes_.size();
      if (!ready_[node]) continue;
      const int server = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
      const auto address = loopback(nodes_[node]);
      if (::connect(server, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0) {
        return server;
      }
      ::close(server);
    }
    return {};
  }
  void accept() {
    const int client = ::accept4(listener_, nullptr, nullptr, SOCK_CLOEXEC);
    if (client < 0) return;
    const auto server = connect();
    if (server) {
      lines_.push_back({client, *server});
    } else {
      ++turned_away_;
      ::close(client);
    }
  }
  void pass() {
    while (!stopping_) {
      wait();
      if (is_readable(listener_)) accept();
      for (auto line = lines_.begin(); line != lines_.end();) {
        if (hand_on(line->client, line->server) && hand_on(line->server, line->client)) {
          ++line;
          continue;
        }
        hang_up(*line);
        line = lines_.erase(line);
      }
    }
  }
  void wait() {
    std::vector<pollfd> all{{listener_, POLLIN, 0}};
    for (const auto& line : lines_) {
      all.push_back({line.client, POLLIN, 0});
      all.push_back({line.server, POLLIN, 0});
    }
    ::poll(all.data(), all.size(), 50);
  }
  static bool is_readable(int file) {
    pollfd one{file, POLLIN, 0};
    return ::poll(&one, 1, 0) == 1;
  }
  // False: one of the two hung up.
  bool hand_on(int from, int to) {
    if (!is_readable(from)) return true;
    const auto size = ::read(from, buffer_.data(), buffer_.size());
    if (size <= 0) return false;
    return ::send(to, buffer_.data(), static_cast<std::size_t>(size), MSG_NOSIGNAL) == size;
  }

  const std::uint16_t port_;
  const std::vector<std::uint16_t> nodes_;
  std::vector<std::atomic<bool>> ready_;
  int listener_ = -1;
  std::size_t turn_ = 0;
  std::list<Line> lines_;
  std::array<char, 65'536> buffer_{};
  std::atomic<std::size_t> turned_away_ = 0;
  std::atomic<bool> stopping_ = false;
  std::thread asking_;
  std::thread passing_;
};

}  // namespace claviger::test
