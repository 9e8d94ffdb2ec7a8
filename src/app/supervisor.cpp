#include "app/supervisor.hpp"

#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <atomic>
#include <boost/asio/post.hpp>
#include <charconv>
#include <condition_variable>
#include <cstddef>
#include <cstdlib>
#include <cstring>
#include <mutex>
#include <thread>

namespace claviger::app {

namespace {

constexpr int kFirstSocket = 3;  // SD_LISTEN_FDS_START
constexpr int kMostSockets = 16;

std::string take_from_environment(const char* name) {
  const char* const value = std::getenv(name);
  std::string taken = value == nullptr ? "" : value;
  ::unsetenv(name);
  return taken;
}

long long number_of(const std::string& text) {
  long long number = 0;
  std::from_chars(text.data(), text.data() + text.size(), number);
  return number;
}

}  // namespace

Supervisor::Supervisor() {
  connect(take_from_environment("NOTIFY_SOCKET"));
  const auto interval = number_of(take_from_environment("WATCHDOG_USEC"));
  const auto pid = take_from_environment("WATCHDOG_PID");
  const bool is_for_us = pid.empty() || number_of(pid) == ::getpid();
  if (is_for_us && interval > 0) watchdog_ = std::chrono::microseconds(interval);
  take_sockets();
}

void Supervisor::take_sockets() {
  const auto count = number_of(take_from_environment("LISTEN_FDS"));
  const bool is_for_us = number_of(take_from_environment("LISTEN_PID")) == ::getpid();
  take_from_environment("LISTEN_FDNAMES");
  if (!is_for_us) return;
  for (int i = 0; i < count && i < kMostSockets; ++i) sockets_.push_back(kFirstSocket + i);
}

Supervisor::Supervisor(std::string socket, std::chrono::microseconds watchdog)
    : watchdog_(watchdog) {
  connect(socket);
}

void Supervisor::connect(const std::string& name) {
  sockaddr_un address{};
  if (name.empty() || name.size() >= sizeof(address.sun_path)) return;
  if (name.front() != '/' && name.front() != '@') return;
  address.sun_family = AF_UNIX;
  std::memcpy(address.sun_path, name.data(), name.size());
  if (name.front() == '@') address.sun_path[0] = '\0';
  http::Descriptor made(::socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0));
  // The name of an abstract one ends with the address, that of a file with a zero.
  const auto size = offsetof(sockaddr_un, sun_path) + name.size() + (name.front() == '/' ? 1 : 0);
  const void* const any = &address;
  const auto* generic = static_cast<const sockaddr*>(any);
  if (::connect(made.get(), generic, static_cast<socklen_t>(size)) == 0) socket_ = std::move(made);
}

void Supervisor::send(const std::string& message) {
  if (!socket_.is_open()) return;
  // A supervisor that does not read is no reason to stand still.
  [[maybe_unused]] const auto sent =
      ::send(socket_.get(), message.data(), message.size(), MSG_DONTWAIT | MSG_NOSIGNAL);
}

struct SignsOfLife::Body {
  Body(Supervisor& whom, std::vector<Executor> all) : supervisor(whom), threads(std::move(all)) {
    if (supervisor.watchdog().count() > 0) thread = std::thread([this] { run(); });
  }
  ~Body() {
    {
      const std::lock_guard lock(mutex);
      stopping = true;
    }
    wake.notify_all();
    if (thread.joinable()) thread.join();
  }

  void run() {
    std::unique_lock lock(mutex);
    do {
      ask_all();
    } while (!wake.wait_for(lock, supervisor.watchdog() / 2, [this] { return stopping; }));
  }

  // Whoever is the last to answer sends the sign.
  void ask_all() {
    auto missing = std::make_shared<std::atomic<std::size_t>>(threads.size());
    for (const auto& each : threads) {
      boost::asio::post(each, [missing, &whom = supervisor] {
        if (--*missing == 0) whom.alive();
      });
    }
  }

  Supervisor& supervisor;
  const std::vector<Executor> threads;
  std::mutex mutex;
  std::condition_variable wake;
  bool stopping = false;
  std::thread thread;
};

SignsOfLife::SignsOfLife(Supervisor& supervisor, std::vector<Executor> threads)
    : body_(std::make_unique<Body>(supervisor, std::move(threads))) {}
SignsOfLife::~SignsOfLife() = default;

}  // namespace claviger::app
