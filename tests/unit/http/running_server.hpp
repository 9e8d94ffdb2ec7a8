// A real server on a free port of 127.0.0.1 with a few routes, for tests that speak raw bytes.
#pragma once
#include <gtest/gtest.h>

#include <condition_variable>
#include <deque>
#include <thread>

#include "base/worker.hpp"
#include "http/server.hpp"
#include "tests/support/null_log.hpp"
#include "tests/support/raw_client.hpp"
#include "tests/support/scripted_random.hpp"

namespace claviger::test {

// Keeps a job until the test lets it run: a handler that takes exactly as long as the test wants.
class HeldWorker final : public Worker {
 public:
  bool post(std::move_only_function<void()> job) override {
    const std::lock_guard lock(mutex_);
    jobs_.push_back(std::move(job));
    changed_.notify_all();
    return true;
  }
  void wait_for_jobs(std::size_t count) {
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [&] { return jobs_.size() >= count; });
  }
  void release() {
    std::deque<std::move_only_function<void()>> jobs;
    {
      const std::lock_guard lock(mutex_);
      jobs.swap(jobs_);
    }
    for (auto& job : jobs) job();
  }

 private:
  std::mutex mutex_;
  std::condition_variable changed_;
  std::deque<std::move_only_function<void()>> jobs_;
};

inline http::ServerOptions local_options() {
  http::ServerOptions options;
  options.listeners = {{.address = "127.0.0.1", .port = 0}};
  return options;
}

class RunningServer {
 public:
  explicit RunningServer(http::ServerOptions options = local_options(),
                         http::HandlerPlaces::Limits limits = http::kHandlerLimits)
      : metrics_(options.metrics = std::make_shared<http::Metrics>()),
        router_({.hosts = {"localhost"}, .metrics = metrics_, .handler_limits = limits}, clock_,
                random_, log_, refusals_, limiter_),
        server_((add_routes(), std::move(options)), router_, clock_, log_) {
    server_.listen();
    thread_ = std::thread([this] { server_.run(); });
  }
  ~RunningServer() {
    worker.release();
    go_on();
    stop();
  }
  void stop(std::chrono::milliseconds deadline = std::chrono::seconds(30)) {
    begin_stop(deadline);
    if (thread_.joinable()) thread_.join();
  }
  void begin_stop(std::chrono::milliseconds deadline) { server_.stop(deadline); }

  std::uint16_t port(std::size_t listener = 0) const { return server_.port(listener); }
  const KeptLog& log() const { return log_; }
  // Waits until the server has logged that event.
  void wait_for(std::string_view event) const {
    while (std::ranges::none_of(log_.entries(),
                                [&](const auto& entry) { return entry.event == event; }))
      std::this_thread::yield();
  }
  Refusals& refusals() { return refusals_; }
  std::size_t handled() const { return handled_; }
  http::Metrics& metrics() { return *metrics_; }
  // One thread at a time is kept by /stuck, from here until go_on().
  void wait_until_stuck() { stuck_.wait(false); }
  void go_on() {
    stuck_ = false;
    go_on_ = true;
    go_on_.notify_all();
  }

  HeldWorker worker;

 private:
  void add_routes() {
    using namespace http;
    const auto echo = [this](const Request& request) { return answer(request); };
    router_.add({.method = Method::get, .path = "/hello", .handler = echo});
    router_.add({.method = Method::post,
                 .path = "/form",
                 .handler = echo,
                 .body = Body::form,
                 .body_limit = 1000});
    router_.add({.method = Method::post, .path = "/any", .handler = echo, .body = Body::ignored});
    router_.add({.method = Method::get, .path = "/held", .handler = [this](const Request& request) {
                   return held(request);
                 }});
    router_.add({.method = Method::get, .path = "/page", .handler = echo, .html = true});
    router_.add({.method = Method::get, .path = "/livez", .handler = echo, .probe = true});
    router_.add({.method = Method::get,
                 .path = "/sign-in",
                 .handler = [this](const Request& request) { return held(request); },
                 .rate = RateClass::login});
    router_.add({.method = Method::get,
                 .path = "/stuck",
                 .handler = [this](const Request& request) { return stuck(request); }});
    router_.add({.method = Method::get, .path = "/large", .handler = [](const Request&) {
                   return large();
                 }});
  }
  Task<http::Response> answer(const http::Request& request) {
    ++handled_;
    co_return http::json_response(200, {{"method", request.method_text},
                                        {"path", request.path},
                                        {"query", request.query},
                                        {"body", request.body},
                                        {"peer", request.peer},
                                        {"client_ip", request.client_ip},
                                        {"unix", request.over_unix_socket},
                                        {"uid", request.peer_uid}});
  }
  Task<http::Response> held(const http::Request& request) {
    co_await run_on(worker, [] { return 0; });
    co_return co_await answer(request);
  }
  // Keeps its thread, and with it everything else that waits for that.
  Task<http::Response> stuck(const http::Request& request) {
    stuck_ = true;
    stuck_.notify_all();
    go_on_.wait(false);
    go_on_ = false;
    co_return co_await answer(request);
  }
  static Task<http::Response> large() {
    co_return http::text_response(200, std::string(16 * 1024 * 1024, 'x'));
  }

  SystemClock clock_;
  ScriptedRandom random_;
  KeptLog log_;
  Refusals refusals_;
  http::RateLimiter limiter_{http::Rates{}};
  std::atomic<std::size_t> handled_ = 0;
  std::atomic<bool> stuck_ = false;
  std::atomic<bool> go_on_ = false;
  std::shared_ptr<http::Metrics> metrics_;
  http::Router router_;
  http::Server server_;
  std::thread thread_;
};

}  // namespace claviger::test
