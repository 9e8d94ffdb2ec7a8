#include "endpoints/device_codes.hpp"

#include <arpa/inet.h>

#include <algorithm>
#include <array>

#include "crypto/digest.hpp"
#include "protocol/grants/device.hpp"

namespace claviger::endpoints {

namespace {

using std::chrono::seconds;

constexpr std::int64_t kTriesOfSession = 5;
constexpr std::int64_t kTriesOfPerson = 20;
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
// However many sessions somebody begins, from wherever.
Counted by_person(const std::string& sub) {
  return {crypto::sha256("device person " + sub), kTriesOfPerson};
}
// One host can use a whole /64 of IPv6 addresses, so that is what is counted.
Counted by_address(const std::string& address) {
  in6_addr parsed{};
  std::string counted = address;
  if (inet_pton(AF_INET6, address.c_str(), &parsed) == 1) {
    counted.assign(std::begin(parsed.s6_addr), std::begin(parsed.s6_addr) + 8);
  }
  return {crypto::sha256("device address " + counted), kTriesOfAddress};
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

// The waits of all that are counted; the longest of them.
template <std::size_t N>
Task<seconds> longest_wait(const Deps& deps, std::array<Counted, N> all) {
  seconds longest(0);
  for (const auto& counted : all) {
    const auto wait = co_await wait_of(deps, counted);
    longest = std::max(longest, wait);
  }
  co_return longest;
}

Task<void> count_failure(const Deps& deps, const http::Request& request, std::string sub) {
  co_await count(deps, by_person(sub));
  co_await count(deps, by_address(request.client_ip));
  const auto failures = co_await count(deps, by_all());
  if (failures < kTriesOfAll) co_return;
  deps.log.write(LogLevel::warning, "device.guessing",
                 {{"failures", std::to_string(failures)}, {"request_id", request.id}});
}

}  // namespace

Task<TypedCode> find_typed_code(const Deps& deps, const http::Request& request, Session session,
                                std::string typed) {
  const auto own = by_session(session.id);
  const std::array all{own, by_person(session.sub), by_address(request.client_ip), by_all()};
  const auto wait = co_await longest_wait(deps, all);
  if (wait.count() > 0) co_return TooManyTries{wait};
  // Counted before it is looked up, so that many at once can't share one try.
  const auto tries = co_await count(deps, own);
  if (tries > own.most) co_return TooManyTries{kForgotten};
  const auto code = protocol::read_user_code(typed);
  if (code) {
    const Time now = deps.clock.now();
    auto found = co_await deps.store.device_codes.find_waiting(*code, now);
    if (found) {
      // Who typed a right one is no guesser; what else is counted stays.
      co_await deps.store.throttles.clear(own.key);
      co_return std::move(*found);
    }
  }
  co_await count_failure(deps, request, session.sub);
  co_return NoSuchCode{};
}

}  // namespace claviger::endpoints
