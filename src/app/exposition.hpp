// What GET /metrics says: everything that was counted, by its name, in the text format that
// Prometheus reads.
#pragma once
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "app/metrics.hpp"
#include "endpoints/deps.hpp"

namespace claviger::app {

struct MetricDescription {
  std::string_view name;
  std::string_view type;    // "counter", "gauge", "histogram"
  std::string_view labels;  // "route, method, code"
  std::string_view help;
};
// Every metric that there is; docs/how-to/monitor.md lists them.
std::span<const MetricDescription> all_metrics();

// One thread's alone.
class Exposition {
 public:
  Exposition(const Metrics& metrics, const endpoints::Deps& deps);

  Task<std::string> render();

 private:
  Task<void> count_sessions();

  const Metrics& metrics_;
  const endpoints::Deps& deps_;
  const Time started_;
  // Counting them reads an index from end to end: once in a while is enough.
  std::optional<std::int64_t> sessions_;
  std::optional<Time> sessions_counted_;
};

}  // namespace claviger::app
