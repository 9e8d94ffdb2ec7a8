// What the server counts about requests and connections. A label is a path of the site map, a word
// of ours or a number of ours: never anything that a stranger sent, which would let him make as
// many series as he likes.
#pragma once
#include <array>
#include <deque>
#include <optional>
#include <string>
#include <string_view>

#include "base/meters.hpp"
#include "base/reason.hpp"
#include "base/time.hpp"
#include "http/message.hpp"

namespace claviger::http {

inline constexpr std::size_t kMethods = static_cast<std::size_t>(Method::other) + 1;
inline constexpr std::size_t kErrorCodes = static_cast<std::size_t>(ErrorCode::forbidden) + 1;
// What is answered; the last stands for everything else.
inline constexpr std::array<unsigned, 24> kStatuses{200, 201, 204, 303, 304, 400, 401, 403,
                                                    404, 405, 408, 409, 413, 414, 415, 417,
                                                    421, 422, 429, 431, 500, 501, 503, 0};

// Of one path.
class RouteMetrics {
 public:
  explicit RouteMetrics(std::string name) : name_(std::move(name)) {}

  void count(Method method, unsigned status, const std::optional<Error>& refusal, Duration took);

  const std::string& name() const { return name_; }
  const Counter& requests(std::size_t method, std::size_t status) const {
    return requests_[method][status];
  }
  const Counter& errors(std::size_t code) const { return errors_[code]; }
  const Histogram& seconds() const { return seconds_; }
  bool is_used() const { return seconds_.is_used(); }

 private:
  const std::string name_;
  std::array<std::array<Counter, kStatuses.size()>, kMethods> requests_;
  std::array<Counter, kErrorCodes> errors_;
  Histogram seconds_{kRequestSeconds};
};

class Metrics {
 public:
  // Before serving. The same name twice is the same route.
  RouteMetrics& route(std::string_view name);
  const std::deque<RouteMetrics>& routes() const { return routes_; }

  RouteMetrics unmatched{"(none)"};  // paths that lead nowhere, and requests that can't be read
  Gauge connections;
  Counter connections_accepted;
  Counter connections_turned_away;  // too many: answered 503 unread
  Counter connections_evicted;      // idle ones that made room
  Counter accept_failures;          // no descriptor left, say
  Counter handlers_abandoned;       // took longer than a client is kept waiting
  Counter requests_shed;            // had waited unread for too long: answered 503 without work
  Counter requests_crowded_out;     // answered 503: their class has all of its places

 private:
  std::deque<RouteMetrics> routes_;
};

}  // namespace claviger::http
