// A place for work that must not run on an I/O thread: password hashing, key generation, the
// store's writer. Injected, so that a test runs everything on one thread (InlineWorker).
#pragma once
#include <boost/asio/associated_executor.hpp>
#include <boost/asio/async_result.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <cstddef>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <type_traits>
#include <utility>

#include "base/task.hpp"

namespace claviger {

class Worker {
 public:
  virtual ~Worker() = default;
  // Runs `job` later (or, inline, now). False: the queue is full and nothing was taken.
  virtual bool post(std::move_only_function<void()> job) = 0;
};

class InlineWorker final : public Worker {
 public:
  bool post(std::move_only_function<void()> job) override {
    job();
    return true;
  }
};

// `threads` threads behind one queue of at most `capacity` waiting jobs; `low_priority` raises
// their nice value. The destructor finishes what was taken.
std::unique_ptr<Worker> make_thread_worker(std::string name, std::size_t threads,
                                           std::size_t capacity, bool low_priority);

// Runs `work` on the worker and resumes the caller on its own executor with what it returned;
// nothing when the queue was full. `work` must not throw.
template <class Work, class R = std::invoke_result_t<Work>>
Task<std::optional<R>> run_on(Worker& worker, Work work) {
  using Signature = void(std::optional<R>);
  auto start = [&worker](auto handler, Work job) {
    auto executor = boost::asio::get_associated_executor(handler);
    auto shared = std::make_shared<decltype(handler)>(std::move(handler));
    const bool taken = worker.post([shared, executor, job = std::move(job)]() mutable {
      std::optional<R> result(job());
      boost::asio::post(executor, [shared, result = std::move(result)]() mutable {
        std::move (*shared)(std::move(result));
      });
    });
    if (!taken) {
      boost::asio::post(executor, [shared]() mutable { std::move (*shared)(std::optional<R>()); });
    }
  };
  co_return co_await boost::asio::async_initiate<const boost::asio::use_awaitable_t<Executor>,
                                                 Signature>(
      start, boost::asio::use_awaitable_t<Executor>{}, std::move(work));
}

}  // namespace claviger
