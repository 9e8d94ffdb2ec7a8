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
  // The same for somebody, an address say, who is to get no more than his share: who waits is
  // served in turns, and nobody's jobs take more places than are still free.
  virtual bool post_for(const std::string& whom, std::move_only_function<void()> job);
};

class InlineWorker final : public Worker {
 public:
  bool post(std::move_only_function<void()> job) override {
    job();
    return true;
  }
};

// `threads` threads behind one queue of at most `capacity` waiting jobs; `low_priority` raises
// their nice value. The destructor finishes what was taken. Whose job it is counts from post_for().
std::unique_ptr<Worker> make_thread_worker(std::string name, std::size_t threads,
                                           std::size_t capacity, bool low_priority);

// Runs `work` on the worker and resumes the caller on its own executor with what it returned;
// nothing when the queue was full. `work` must not throw. `whom`: see post_for(); empty: nobody's.
template <class Work, class R = std::invoke_result_t<Work>>
Task<std::optional<R>> run_on(Worker& worker, Work work, std::string whom = {}) {
  using Signature = void(std::optional<R>);
  auto start = [&worker](auto handler, Work job, const std::string& owner) {
    auto executor = boost::asio::get_associated_executor(handler);
    auto shared = std::make_shared<decltype(handler)>(std::move(handler));
    auto run = [shared, executor, job = std::move(job)]() mutable {
      std::optional<R> result(job());
      boost::asio::post(executor, [shared, result = std::move(result)]() mutable {
        std::move (*shared)(std::move(result));
      });
    };
    const bool taken = worker.post_for(owner, std::move(run));
    if (!taken) {
      boost::asio::post(executor, [shared]() mutable { std::move (*shared)(std::optional<R>()); });
    }
  };
  co_return co_await boost::asio::async_initiate<const boost::asio::use_awaitable_t<Executor>,
                                                 Signature>(
      start, boost::asio::use_awaitable_t<Executor>{}, std::move(work), std::move(whom));
}

}  // namespace claviger
