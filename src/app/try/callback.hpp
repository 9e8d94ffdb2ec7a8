// The redirect URI of a client without a page of its own: a port of this machine on which the
// browser hands the answer over (RFC8252-7.3).
#pragma once
#include <chrono>
#include <condition_variable>
#include <mutex>
#include <optional>
#include <string>
#include <thread>

#include "base/form.hpp"
#include "base/log.hpp"
#include "base/refusals.hpp"
#include "base/time.hpp"
#include "crypto/system_random.hpp"
#include "http/server.hpp"

namespace claviger::app {

class Callback {
 public:
  // Answers that carry another `state` are not ours, and don't end the wait: any page could send
  // the browser here. Port 0: any free one. Throws std::system_error.
  Callback(std::uint16_t port, std::string state);
  ~Callback();
  Callback(const Callback&) = delete;
  Callback& operator=(const Callback&) = delete;

  std::string redirect_uri() const;
  const std::string& state() const { return state_; }
  std::optional<Form> wait_for(std::chrono::milliseconds patience);

 private:
  http::Response take(const http::Request& request);
  http::Router make_router();

  const std::string state_;
  std::mutex mutex_;
  std::condition_variable arrived_;
  std::optional<Form> answer_;

  // The server's, which sees to framing, limits and deadlines.
  struct SilentLog final : Log {
    void write(LogLevel, std::string_view, std::initializer_list<LogField>) override {}
  } log_;
  SystemClock clock_;
  crypto::SystemRandom random_;
  Refusals refusals_{16};
  http::RateLimiter limiter_{http::Rates{}};
  http::Router router_;
  http::Server server_;
  std::thread serving_;
};

}  // namespace claviger::app
