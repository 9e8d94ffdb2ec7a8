// The coroutine type of everything that may wait. Asio's only appearance in base: http and store
// must both name it and may not include one another.
#pragma once
#include <boost/asio/awaitable.hpp>
#include <boost/asio/io_context.hpp>

namespace claviger {

using Executor = boost::asio::io_context::executor_type;

template <class T>
using Task = boost::asio::awaitable<T, Executor>;

}  // namespace claviger
