// What happens next, and when it is: virtual time, one thread, one order for each seed.
#pragma once
#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <functional>
#include <string>
#include <vector>

#include "base/task.hpp"
#include "base/time.hpp"
#include "tests/simulator/dice.hpp"

namespace claviger::simulator {

// Whose event it is: what a node would have done goes with the node.
using Owner = std::uint64_t;
inline constexpr Owner kWorld = 0;
// Before or after what: the number of events so far.
using Tick = std::uint64_t;
inline constexpr Tick kNever = ~Tick{0};
// A little after the scene was set.
inline constexpr Time kBeginning = from_seconds(1'800'000'100);

class Schedule {
 public:
  explicit Schedule(std::uint64_t seed);
  ~Schedule();
  Schedule(const Schedule&) = delete;
  Schedule& operator=(const Schedule&) = delete;

  Time now() const { return now_; }
  Tick tick() const { return tick_; }
  void after(Duration pause, Owner owner, std::move_only_function<void()> what);
  // The earliest event, and every coroutine as far as it gets. False: there is none.
  bool step();
  // Forgets what belongs to `owner`; coroutines that wait for it are destroyed.
  void drop(Owner owner);
  void drop_everything();
  // Lets coroutines run that something outside of the schedule woke.
  void settle();

  boost::asio::io_context& io() { return io_; }
  Dice dice;

 private:
  struct Event {
    Time due;
    std::uint64_t number;
    Owner owner;
    std::move_only_function<void()> what;
  };
  static bool later(const Event& a, const Event& b);

  boost::asio::io_context io_{1};
  std::vector<Event> events_;  // a heap
  Time now_;
  Tick tick_ = 0;
  std::uint64_t numbers_ = 0;
};

inline constexpr auto kToken = boost::asio::use_awaitable_t<Executor>{};

// A waiting coroutine, as the thing that wakes it. Dropped unused, it takes the coroutine along.
template <class T>
using Waker = std::move_only_function<void(T)>;

// Waits until `arrange(waker)` had its waker called.
template <class T, class Arrange>
Task<T> wait_for(Arrange arrange) {
  auto start = [](auto handler, Arrange begin) {
    auto executor = boost::asio::get_associated_executor(handler);
    begin(Waker<T>([executor, handler = std::move(handler)](T value) mutable {
      boost::asio::post(executor,
                        [handler = std::move(handler), value = std::move(value)]() mutable {
                          std::move(handler)(std::move(value));
                        });
    }));
  };
  co_return co_await boost::asio::async_initiate<decltype(kToken), void(T)>(start, kToken,
                                                                            std::move(arrange));
}

}  // namespace claviger::simulator
