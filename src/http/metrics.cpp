#include "http/metrics.hpp"

#include <algorithm>

namespace claviger::http {
namespace {

constexpr unsigned kHighest = 512;

// From a status to its place among kStatuses.
constexpr auto kPlaces = [] {
  std::array<std::uint8_t, kHighest> places{};
  places.fill(kStatuses.size() - 1);
  for (std::size_t i = 0; i + 1 < kStatuses.size(); ++i) {
    places[kStatuses[i]] = static_cast<std::uint8_t>(i);
  }
  return places;
}();

std::size_t place_of(unsigned status) {
  return status < kHighest ? kPlaces[status] : kStatuses.size() - 1;
}

}  // namespace

void RouteMetrics::count(Method method, unsigned status, const std::optional<Error>& refusal,
                         Duration took) {
  requests_[static_cast<std::size_t>(method)][place_of(status)].add();
  if (refusal) errors_[std::min(static_cast<std::size_t>(refusal->code()), kErrorCodes - 1)].add();
  seconds_.observe(std::chrono::duration<double>(took).count());
}

RouteMetrics& Metrics::route(std::string_view name) {
  const auto known = std::ranges::find(routes_, name, &RouteMetrics::name);
  return known == routes_.end() ? routes_.emplace_back(std::string(name)) : *known;
}

}  // namespace claviger::http
