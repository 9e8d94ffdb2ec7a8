// Stands between a driver and PostgreSQL on a unix socket, and cuts the line at a chosen byte.
#pragma once
#include <poll.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <array>
#include <atomic>
#include <cstring>
#include <list>
#include <mutex>
#include <stdexcept>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "tests/support/temp_folder.hpp"

namespace claviger::test {

enum class Direction { to_server, to_client };

class PostgresProxy {
 public:
  // `server` is the folder of the real socket.
  explicit PostgresProxy(std::string server) : server_(std::move(server)) {
    listen();
    thread_ = std::thread([this] { run(); });
  }
  ~PostgresProxy() {
    stopping_ = true;
    thread_.join();
    hang_up();
    if (listener_ >= 0) ::close(listener_);
  }
  PostgresProxy(const PostgresProxy&) = delete;
  PostgresProxy& operator=(const PostgresProxy&) = delete;

  std::string folder() const { return folder_.path(); }

  // From now on `bytes` go through in that direction, then every line is dead.
  void cut_after(Direction direction, std::size_t bytes) {
    const std::lock_guard lock(mutex_);
    passed_ = {};
    direction_ = direction;
    left_ = bytes;
    armed_ = true;
  }
  void disarm() {
    const std::lock_guard lock(mutex_);
    armed_ = false;
  }
  // How much went through since the last cut_after() or count().
  std::size_t passed(Direction direction) {
    const std::lock_guard lock(mutex_);
    return passed_[static_cast<std::size_t>(direction)];
  }
  void count() {
    const std::lock_guard lock(mutex_);
    passed_ = {};
  }
  // As if the server was stopped: what is connected ends, and nobody answers.
  void stop_answering() {
    const std::lock_guard lock(mutex_);
    hang_up();
    if (listener_ >= 0) ::close(std::exchange(listener_, -1));
  }
  // What is connected ends, and whoever connects waits for ever.
  void fall_silent() {
    const std::lock_guard lock(mutex_);
    hang_up();
    silent_ = true;
  }
  void answer_again() {
    const std::lock_guard lock(mutex_);
    listen();
  }

 private:
  struct Line {
    int client;
    int server;
  };

  static sockaddr_un address_in(const std::string& folder) {
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    const auto path = folder + "/.s.PGSQL.5432";
    if (path.size() >= sizeof address.sun_path) throw std::runtime_error("the path is too long");
    std::memcpy(address.sun_path, path.c_str(), path.size() + 1);
    return address;
  }
  template <class Call>
  static int with_socket(const std::string& folder, Call call) {
    const int file = ::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    const auto address = address_in(folder);
    if (call(file, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0) return file;
    ::close(file);
    throw std::runtime_error("the proxy's socket: " + std::string(std::strerror(errno)));
  }
  void listen() {
    ::unlink((folder_.path() + "/.s.PGSQL.5432").c_str());
    listener_ = with_socket(folder_.path(), ::bind);
    ::listen(listener_, 64);
  }
  void hang_up() {
    for (const auto& line : lines_) {
      ::close(line.client);
      ::close(line.server);
    }
    lines_.clear();
  }

  void run() {
    while (!stopping_) {
      const std::lock_guard lock(mutex_);
      accept();
      for (auto line = lines_.begin(); line != lines_.end();) {
        const bool alive = pass(line->client, line->server, Direction::to_server) &&
                           pass(line->server, line->client, Direction::to_client);
        if (armed_ && left_ == 0) {
          armed_ = false;
          hang_up();
          break;
        }
        if (alive) {
          ++line;
          continue;
        }
        ::close(line->client);
        ::close(line->server);
        line = lines_.erase(line);
      }
      wait();
    }
  }
  void accept() {
    if (listener_ < 0 || silent_ || !is_readable(listener_)) return;
    const int client = ::accept4(listener_, nullptr, nullptr, SOCK_CLOEXEC);
    if (client >= 0) lines_.push_back({client, with_socket(server_, ::connect)});
  }
  static bool is_readable(int file) {
    pollfd one{file, POLLIN, 0};
    return ::poll(&one, 1, 0) == 1;
  }
  // With the lock held, and not for long: whoever arms it waits for that.
  void wait() {
    std::vector<pollfd> all;
    if (listener_ >= 0 && !silent_) all.push_back({listener_, POLLIN, 0});
    for (const auto& line : lines_) {
      all.push_back({line.client, POLLIN, 0});
      all.push_back({line.server, POLLIN, 0});
    }
    ::poll(all.data(), all.size(), 1);
  }
  // False: one of the two hung up.
  bool pass(int from, int to, Direction direction) {
    if (!is_readable(from)) return true;
    const bool counted = armed_ && direction == direction_;
    const auto most = counted ? std::min(left_, buffer_.size()) : buffer_.size();
    if (most == 0) return true;
    const auto size = ::read(from, buffer_.data(), most);
    if (size <= 0) return false;
    const auto bytes = static_cast<std::size_t>(size);
    passed_[static_cast<std::size_t>(direction)] += bytes;
    if (counted) left_ -= bytes;
    return ::send(to, buffer_.data(), bytes, MSG_NOSIGNAL) == size;
  }

  const std::string server_;
  TempFolder folder_;
  std::mutex mutex_;
  int listener_ = -1;
  std::list<Line> lines_;
  std::array<char, 65536> buffer_{};
  std::array<std::size_t, 2> passed_{};
  bool armed_ = false;
  bool silent_ = false;
  Direction direction_ = Direction::to_server;
  std::size_t left_ = 0;
  std::atomic<bool> stopping_ = false;
  std::thread thread_;
};

}  // namespace claviger::test
