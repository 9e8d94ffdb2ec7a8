#include "app/sweeper.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/use_awaitable.hpp>

namespace claviger::app {

namespace {

constexpr std::size_t kRowsAtOnce = 500;
constexpr std::chrono::seconds kPause{30};
constexpr std::chrono::milliseconds kShortPause{200};  // while there is more to do
// A clock that jumped ahead must not empty the database: such a round is left out (KY-10).
constexpr std::chrono::minutes kBelievableStep{10};

}  // namespace

struct Sweeper::Body {
  store::Store& store;
  const Clock& clock;
  Log& log;
  std::chrono::seconds purge_unused;
  boost::asio::steady_timer timer;
  Time last_round{};
};

namespace {

Task<std::size_t> sweep_once(Sweeper::Body& body) {
  const Time now = body.clock.now();
  const bool jumped = body.last_round != Time{} && now - body.last_round > kBelievableStep;
  body.last_round = now;
  if (jumped) {
    body.log.write(LogLevel::warning, "sweep.clock_jumped", {});
    co_return 0;
  }
  try {
    std::size_t removed = 0;
    if (body.purge_unused.count() > 0) {
      removed = co_await body.store.clients.purge_unused(now - body.purge_unused, kRowsAtOnce);
    }
    removed += co_await body.store.sweep(now, kRowsAtOnce);
    co_return removed;
  } catch (const store::Unavailable& unavailable) {
    body.log.write(LogLevel::warning, "sweep.unavailable", {{"cause", unavailable.what()}});
    co_return 0;
  }
}

Task<void> sweep_for_ever(std::shared_ptr<Sweeper::Body> body) {
  for (;;) {
    const std::size_t removed = co_await sweep_once(*body);
    if (removed > 0)
      body->log.write(LogLevel::debug, "sweep.removed", {{"rows", std::to_string(removed)}});
    if (removed >= kRowsAtOnce) {
      body->timer.expires_after(kShortPause);
    } else {
      body->timer.expires_after(kPause);
    }
    boost::system::error_code error;
    const boost::asio::use_awaitable_t<Executor> token;
    co_await body->timer.async_wait(boost::asio::redirect_error(token, error));
    if (error) co_return;
  }
}

}  // namespace

Sweeper::Sweeper(store::Store& store, const Clock& clock, Log& log,
                 std::chrono::seconds purge_unused, Executor executor)
    : body_(std::make_shared<Body>(store, clock, log, purge_unused,
                                   boost::asio::steady_timer(executor))) {
  boost::asio::co_spawn(executor, sweep_for_ever(body_), boost::asio::detached);
}

Sweeper::~Sweeper() = default;

}  // namespace claviger::app
