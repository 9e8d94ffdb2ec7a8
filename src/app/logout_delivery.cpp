#include "app/logout_delivery.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <vector>

#include "endpoints/logout_delivery.hpp"

namespace claviger::app {

namespace {

// So that a client which answers slowly doesn't keep the others waiting: nobody takes what another
// has taken.
constexpr std::size_t kCouriers = 4;
constexpr std::chrono::seconds kPause{5};

}  // namespace

// Used on the executor's one thread alone.
struct LogoutDelivery::Body {
  const endpoints::Deps& deps;
  Executor executor;
  std::vector<boost::asio::steady_timer> pauses;
  std::uint64_t wakes = 0;
};

namespace {

Task<std::size_t> one_round(LogoutDelivery::Body& body) {
  try {
    co_return co_await endpoints::deliver_logouts(body.deps);
  } catch (const store::Unavailable& unavailable) {
    body.deps.log.write(LogLevel::warning, "logout.unavailable", {{"cause", unavailable.what()}});
    co_return 0;
  }
}

Task<void> deliver_for_ever(std::shared_ptr<LogoutDelivery::Body> body, std::size_t courier) {
  auto& pause = body->pauses[courier];
  for (;;) {
    const auto wakes = body->wakes;
    const std::size_t tried = co_await one_round(*body);
    if (tried > 0 || wakes != body->wakes) continue;
    pause.expires_after(kPause);
    boost::system::error_code ended_early;
    const boost::asio::use_awaitable_t<Executor> token;
    co_await pause.async_wait(boost::asio::redirect_error(token, ended_early));
  }
}

}  // namespace

LogoutDelivery::LogoutDelivery(const endpoints::Deps& deps, Executor executor)
    : body_(std::make_shared<Body>(deps, executor)) {
  for (std::size_t i = 0; i < kCouriers; ++i) body_->pauses.emplace_back(executor);
  for (std::size_t i = 0; i < kCouriers; ++i) {
    boost::asio::co_spawn(executor, deliver_for_ever(body_, i), boost::asio::detached);
  }
}

LogoutDelivery::~LogoutDelivery() = default;

std::function<void()> LogoutDelivery::waker() const {
  return [body = body_] {
    boost::asio::post(body->executor, [body] {
      ++body->wakes;
      for (auto& pause : body->pauses) pause.cancel();
    });
  };
}

}  // namespace claviger::app
