#include "cli/handlers.hpp"
#include "cli/output.hpp"

namespace claviger::cli {

int node_list(Invocation& in) {
  const auto answer = in.call("node.list", {});
  if (!answer) return answer.error();
  const bool shared = text_of(*answer, "shared") == "true";
  std::vector<Row> rows;
  for (const auto& item : answer->at("nodes").as_array()) {
    const auto& node = item.as_object();
    const bool alive = text_of(node, "alive") == "true";
    const auto work = shared ? text_of(node, "work") : "everything";
    rows.push_back({text_of(node, "name"), alive ? "yes" : "no", text_of(node, "started_at"),
                    text_of(node, "seen_at"), text_of(node, "clock_offset_ms") + " ms",
                    alive ? work : "", text_of(node, "id")});
  }
  return in.answer(*answer, table({"NODE", "ALIVE", "STARTED", "SEEN", "CLOCK", "WORK", "ID"}, rows,
                                  "No server has been at this database of late."));
}

}  // namespace claviger::cli
