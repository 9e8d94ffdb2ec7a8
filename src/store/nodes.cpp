#include "store/nodes.hpp"

#include "store/sql/statement.hpp"

namespace claviger::store {

Task<void> Nodes::beat(SeenNode node) {
  sql::Operation operation;
  operation.push_back(
      sql::statement("INSERT INTO nodes (id, name, started_at, seen_at, clock_offset) "
                     "VALUES ($1, $2, $3, $4, $5) ON CONFLICT (id) DO UPDATE SET "
                     "seen_at = excluded.seen_at, clock_offset = excluded.clock_offset",
                     node.id, node.name, node.started_at, node.seen_at, node.clock_offset.count()));
  co_await driver_.commit(std::move(operation));
}

Task<bool> Nodes::leave(Id id) {
  sql::Operation operation;
  operation.push_back(sql::statement("DELETE FROM nodes WHERE id = $1", id));
  const auto results = co_await driver_.commit(std::move(operation));
  co_return results[0].changed == 1;
}

Task<std::vector<SeenNode>> Nodes::list() {
  const auto rows = co_await driver_.read(
      sql::statement("SELECT id, name, started_at, seen_at, clock_offset FROM nodes ORDER BY id"));
  std::vector<SeenNode> nodes;
  for (const auto& row : rows) {
    nodes.push_back({row.id(0), row.text(1), from_micros(row.integer(2)),
                     from_micros(row.integer(3)), Duration(row.integer(4))});
  }
  co_return nodes;
}

}  // namespace claviger::store
