// Runs one coroutine to its end on the calling thread: for what happens before serving and for the
// command line. Never on an I/O thread.
#pragma once
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <exception>
#include <optional>
#include <utility>

#include "base/task.hpp"

namespace claviger::app {

// One for each thread, kept: the worker that handed over an answer may still be leaving the
// executor when the answer has arrived.
inline boost::asio::io_context& inline_context() {
  static thread_local boost::asio::io_context io(1);
  io.restart();
  return io;
}

template <class T>
T run_inline(Task<T> task) {
  auto& io = inline_context();
  std::optional<T> result;
  std::exception_ptr failure;
  boost::asio::co_spawn(io.get_executor(), std::move(task), [&](std::exception_ptr error, T value) {
    failure = error;
    if (!error) result.emplace(std::move(value));
  });
  io.run();
  if (failure) std::rethrow_exception(failure);
  return std::move(*result);
}

inline void run_inline(Task<void> task) {
  auto& io = inline_context();
  std::exception_ptr failure;
  boost::asio::co_spawn(io.get_executor(), std::move(task),
                        [&](std::exception_ptr error) { failure = error; });
  io.run();
  if (failure) std::rethrow_exception(failure);
}

}  // namespace claviger::app
