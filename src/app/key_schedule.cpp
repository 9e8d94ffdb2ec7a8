#include "app/key_schedule.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>

#include "admin/key_rotation.hpp"

namespace claviger::app {

namespace {

// A key that was revoked on another node is gone here within five seconds (KY-06).
constexpr std::chrono::seconds kPause{3};
// A clock that jumped ahead must not end keys whose tokens still live: such a round is left out
// (KY-10).
constexpr std::chrono::minutes kBelievableStep{10};

}  // namespace

struct KeySchedule::Body {
  const admin::Deps& deps;
  std::chrono::seconds rotate_every;
  Log& log;
  boost::asio::steady_timer timer;
  Time last_round{};
  std::string known;  // the keys of the last round
};

namespace {

Task<void> one_round(KeySchedule::Body& body) {
  const Time now = body.deps.clock.now();
  const bool jumped = body.last_round != Time{} && now - body.last_round > kBelievableStep;
  body.last_round = now;
  if (jumped) {
    body.log.write(LogLevel::warning, "key.clock_jumped", {});
    co_return;
  }
  auto round = co_await admin::keep_keys(body.deps, body.rotate_every, body.known);
  body.known = std::move(round.fingerprint);
  for (const auto& key : round.rotated) {
    body.log.write(LogLevel::notice, "key.rotated", {{"kid", key.kid}, {"alg", key.alg}});
  }
  if (round.removed > 0) {
    body.log.write(LogLevel::notice, "key.removed", {{"keys", std::to_string(round.removed)}});
  }
}

Task<void> keep_for_ever(std::shared_ptr<KeySchedule::Body> body) {
  for (;;) {
    try {
      co_await one_round(*body);
    } catch (const std::exception& failure) {
      // The store can't answer, or a row can't be opened: the ring that works stays.
      body->log.write(LogLevel::warning, "key.round_failed", {{"cause", failure.what()}});
    }
    body->timer.expires_after(kPause);
    boost::system::error_code error;
    const boost::asio::use_awaitable_t<Executor> token;
    co_await body->timer.async_wait(boost::asio::redirect_error(token, error));
    if (error) co_return;
  }
}

}  // namespace

KeySchedule::KeySchedule(const admin::Deps& deps, std::chrono::seconds rotate_every, Log& log,
                         Executor executor)
    : body_(std::make_shared<Body>(deps, rotate_every, log, boost::asio::steady_timer(executor))) {
  boost::asio::co_spawn(executor, keep_for_ever(body_), boost::asio::detached);
}

KeySchedule::~KeySchedule() = default;

}  // namespace claviger::app
