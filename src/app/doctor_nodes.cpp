#include "app/doctor_nodes.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <string>

#include "app/finding.hpp"
#include "base/json.hpp"
#include "endpoints/readiness.hpp"

namespace claviger::app {

namespace json = boost::json;

namespace {

constexpr auto kTolerance =
    std::chrono::floor<std::chrono::milliseconds>(endpoints::Readiness::kClockTolerance).count();

std::string text(const json::object& object, std::string_view name) {
  return std::string(json_text(object, name).value_or(""));
}

struct Clocks {
  std::int64_t least = 0;  // in milliseconds; the database's own is one of them
  std::int64_t greatest = 0;
  bool agree() const {
    return -least <= kTolerance && greatest <= kTolerance && greatest - least <= kTolerance;
  }
};

}  // namespace

json::object judge_nodes(const json::object& listed) {
  std::string detail;
  Clocks clocks;
  for (const auto& item : listed.at("nodes").as_array()) {
    const auto& node = item.as_object();
    if (!node.at("alive").as_bool()) continue;
    const auto offset = node.at("clock_offset_ms").to_number<std::int64_t>();
    clocks.least = std::min(clocks.least, offset);
    clocks.greatest = std::max(clocks.greatest, offset);
    detail +=
        fmt::format("{}{} (clock {:+} ms)", detail.empty() ? "" : ", ", text(node, "name"), offset);
  }
  for (const auto& item : listed.at("leases").as_array()) {
    const auto& lease = item.as_object();
    const bool held = lease.at("held").as_bool();
    detail += fmt::format("; {}: {}", text(lease, "name"), held ? text(lease, "node") : "nobody");
  }
  return finding("nodes", clocks.agree(), std::move(detail),
                 clocks.agree() ? "" : "set the machines' clocks by NTP");
}

}  // namespace claviger::app
