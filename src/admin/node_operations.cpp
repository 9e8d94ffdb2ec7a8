#include <algorithm>

#include "admin/arguments.hpp"
#include "admin/nouns.hpp"
#include "admin/show.hpp"

namespace claviger::admin {

namespace json = boost::json;

namespace {

std::int64_t in_milliseconds(Duration time) {
  return std::chrono::round<std::chrono::milliseconds>(time).count();
}

json::object show(const store::SeenNode& node, const std::vector<store::Lease>& leases, Time now) {
  json::array work;
  for (const auto& lease : leases) {
    if (lease.holder == node.id && lease.until > now) work.emplace_back(lease.name);
  }
  return {{"id", node.id.text()},
          {"name", node.name},
          {"alive", node.is_alive(now)},
          {"started_at", rfc3339(node.started_at)},
          {"seen_at", rfc3339(node.seen_at)},
          {"clock_offset_ms", in_milliseconds(node.clock_offset)},
          {"work", std::move(work)}};
}

json::object show(const store::Lease& lease, const std::vector<store::SeenNode>& nodes, Time now) {
  const auto holder = std::ranges::find(nodes, lease.holder, &store::SeenNode::id);
  return {{"name", lease.name},
          {"holder", lease.holder.text()},
          {"node", holder == nodes.end() ? "" : holder->name},
          {"held", lease.until > now},
          {"fence", lease.fence},
          {"until", rfc3339(lease.until)}};
}

}  // namespace

// {} -> {shared, nodes: [{id, name, alive, started_at, seen_at, clock_offset_ms, work}],
// leases: [{name, holder, node, held, fence, until}]}. A node that has a database to itself needs
// no lease.
Answer node_list(const Deps& deps, json::object arguments) {
  const Arguments in(std::move(arguments), {});
  if (in.fault()) co_return std::unexpected(*in.fault());
  auto& store = deps.store;
  const auto at_database = co_await store.driver().clock();
  const Time now = at_database.value_or(deps.clock.now());
  const auto nodes = co_await store.nodes.list();
  const auto leases = co_await store.leases.list();
  json::array shown_nodes;
  for (const auto& node : nodes) shown_nodes.push_back(show(node, leases, now));
  json::array shown_leases;
  for (const auto& lease : leases) shown_leases.push_back(show(lease, nodes, now));
  co_return json::object{{"shared", store.driver().is_shared()},
                         {"nodes", std::move(shown_nodes)},
                         {"leases", std::move(shown_leases)}};
}

}  // namespace claviger::admin
