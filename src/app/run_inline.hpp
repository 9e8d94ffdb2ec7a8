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

template <class T>
T run_inline(Task<T> task) {
  boost::asio::io_context io(1);
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
  boost::asio::io_context io(1);
  std::exception_ptr failure;
  boost::asio::co_spawn(io.get_executor(), std::move(task),
                        [&](std::exception_ptr error) { failure = error; });
  io.run();
  if (failure) std::rethrow_exception(failure);
}

}  // namespace claviger::app
