// Runs one coroutine to its end on a thread of its caller.
#pragma once
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <exception>
#include <optional>

#include "base/task.hpp"

namespace claviger::test {

inline void run_task(Task<void> task) {
  boost::asio::io_context io;
  std::exception_ptr failure;
  boost::asio::co_spawn(io.get_executor(), std::move(task),
                        [&](std::exception_ptr error) { failure = error; });
  io.run();
  if (failure) std::rethrow_exception(failure);
}

// As a task of nothing: Asio's way of starting one takes the compiler a tenth of a second for each
// type of result.
template <class T>
Task<void> keep_result(Task<T> task, std::optional<T>& result) {
  result.emplace(co_await std::move(task));
}

template <class T>
T run_task(Task<T> task) {
  std::optional<T> result;
  run_task(keep_result(std::move(task), result));
  return std::move(*result);
}

}  // namespace claviger::test
