#include "endpoints/device_codes.hpp"

#include "crypto/digest.hpp"
#include "protocol/grants/device.hpp"

namespace claviger::endpoints {

namespace {

using std::chrono::seconds;

constexpr std::int64_t kTriesOfSession = 5;
constexpr std::int64_t kTriesOfAddress = 20;
// Many addresses at once: nobody guesses for a while, and nobody else types either.
constexpr std::int64_t kTriesOfAll = 5000;
constexpr seconds kForgotten{15 * 60};  // after the last failure

struct Counted {
  Digest key{};
  std::int64_t most = 0;
};

Counted by_session(const Id& session) {
  return {crypto::sha256("device session " + session.text()), kTriesOfSession};
}
Counted by_address(const std::string& address) {
  return {crypto::sha256("device address " + address), kTriesOfAddress};
}
Counted by_all() { return {crypto::sha256("device everybody"), kTriesOfAll}; }

// Zero: go on.
Task<seconds> wait_of(const Deps& deps, Counted counted) {
  const auto throttle = co_await deps.store.throttles.find(counted.key);
  if (!throttle || throttle->failures < counted.most) co_return seconds(0);
  const auto passed = std::max(deps.clock.now() - throttle->last_failure, Duration(0));
  const auto left = std::chrono::ceil<seconds>(kForgotten - passed);
  co_return std::max(left, seconds(0));
}

Task<std::int64_t> count(const Deps& deps, Counted counted) {
  const Time now = deps.clock.now();
  co_return co_await deps.store.throttles.count(counted.key, now, now - kForgotten);
}

}  // namespace

Task<TypedCode> find_typed_code(const Deps& deps, const http::Request& request, Id session,
                                std::string typed) {
  const auto own = by_session(session);
  const auto address = by_address(request.client_ip);
  const auto all = by_all();
  auto wait = co_await wait_of(deps, own);
  wait = std::max(wait, co_await wait_of(deps, address));
  wait = std::max(wait, co_await wait_of(deps, all));
  if (wait.count() > 0) co_return TooManyTries{wait};
  // Counted before it is looked up, so that many at once can't share one try.
  const auto tries = co_await count(deps, own);
  if (tries > own.most) co_return TooManyTries{kForgotten};
  const auto code = protocol::read_user_code(typed);
  if (code) {
    const Time now = deps.clock.now();
    auto found = co_await deps.store.device_codes.find_waiting(*code, now);
    if (found) {
      // Who typed a right one is no guesser; the address keeps its count.
      co_await deps.store.throttles.clear(own.key);
      co_return std::move(*found);
    }
  }
  co_await count(deps, address);
  const auto failures = co_await count(deps, all);
  if (failures >= kTriesOfAll) {
    deps.log.write(LogLevel::warning, "device.guessing",
                   {{"failures", std::to_string(failures)}, {"request_id", request.id}});
  }
  co_return NoSuchCode{};
}

}  // namespace claviger::endpoints
