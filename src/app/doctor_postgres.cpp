#include "app/doctor_postgres.hpp"

#include <fmt/format.h>

#include "app/finding.hpp"
#include "endpoints/readiness.hpp"
#include "store/postgres/open.hpp"

namespace claviger::app {

namespace json = boost::json;

namespace {

using store::postgres::ServerFacts;

// One that writes, one that listens, and the readers.
std::int64_t connections_of_a_node() { return store::PostgresOptions().readers + 2; }

json::object judge_encryption(const ServerFacts& facts) {
  if (!facts.protocol.empty()) return finding("database TLS", true, facts.protocol);
  if (facts.this_machine) {
    return finding("database TLS", true, "none: the server is on this machine");
  }
  return finding("database TLS", false, "none, and the server is on another machine",
                 "set sslmode=verify-full in [store] url");
}

json::object judge_schema(const ServerFacts& facts) {
  const auto& schema = facts.schema;
  if (!facts.schema_fault.empty()) {
    return finding("schema", false, facts.schema_fault, "look at [store] url");
  }
  if (schema.found == 0) return finding("schema", true, "none yet", "claviger serve makes it");
  auto detail = fmt::format("schema {}, this release knows {}", schema.found, schema.newest);
  if (!schema.usable()) {
    return finding("schema", false, std::move(detail), "start the newer release again");
  }
  if (schema.is_newer()) {
    detail += fmt::format(", usable from {}", schema.compatible_from);
    return finding("schema", true, std::move(detail), "go on with the upgrade of this node");
  }
  return finding(
      "schema", true, std::move(detail),
      schema.found < schema.newest ? "claviger store migrate, or serve, upgrades it" : "");
}

json::object judge_clock(const ServerFacts& facts) {
  using Milliseconds = std::chrono::duration<double, std::milli>;
  const auto ahead = std::chrono::duration_cast<Milliseconds>(facts.clock_ahead).count();
  const auto within = std::chrono::duration_cast<Milliseconds>(facts.clock_precision).count();
  const bool ok = std::chrono::abs(facts.clock_ahead) <=
                  endpoints::Readiness::kClockTolerance + facts.clock_precision;
  return finding("database clock", ok,
                 fmt::format("{:.1f} ms {} this machine's (give or take {:.1f})", std::abs(ahead),
                             ahead < 0 ? "behind" : "ahead of", within),
                 ok ? "" : "set both machines' clocks by NTP");
}

json::object judge_connections(const ServerFacts& facts) {
  const auto left = facts.connections_for_us - facts.connections;
  const bool ok = left >= connections_of_a_node();
  return finding("connections", ok,
                 fmt::format("{} of {} in use, a server takes {}", facts.connections,
                             facts.connections_for_us, connections_of_a_node()),
                 ok ? "" : "raise max_connections");
}

}  // namespace

json::array judge_postgres(const ServerFacts& facts) {
  json::array findings;
  const bool suitable = facts.unsuitable.empty();
  findings.push_back(
      finding("database", suitable,
              suitable ? fmt::format("PostgreSQL {}, primary, waits for its disk", facts.version)
                       : facts.unsuitable,
              suitable ? "" : "mend that on the database server"));
  findings.push_back(judge_encryption(facts));
  findings.push_back(judge_schema(facts));
  findings.push_back(judge_clock(facts));
  findings.push_back(judge_connections(facts));
  findings.push_back(
      finding("notifications", facts.announces,
              facts.announces ? "LISTEN hears NOTIFY" : "NOTIFY did not reach LISTEN",
              facts.announces ? "" : "connect without a pooler, or with one in session mode"));
  return findings;
}

}  // namespace claviger::app
