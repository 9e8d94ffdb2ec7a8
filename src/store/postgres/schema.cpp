#include "store/postgres/schema.hpp"

#include <fmt/format.h>

#include "base/embedded_file.hpp"
#include "store/postgres/session.hpp"

namespace claviger::embedded {
std::span<const EmbeddedFile> postgres_migrations();
}

namespace claviger::store::postgres {
namespace {

// Held while the schema is changed: "Clav" and a number that nobody else uses.
constexpr const char* kLock = "SELECT pg_advisory_xact_lock(1131176310, 1)";

constexpr std::int64_t kSaysWhoMayUseIt = 3;  // the first schema that does

std::int64_t newest() { return std::ssize(embedded::postgres_migrations()); }

SchemaState look(Session& session) {
  SchemaState state;
  state.newest = newest();
  // One query: between two another node may have made them all.
  const auto ours = session.number(
      "SELECT CASE WHEN to_regclass('claviger_schema') IS NOT NULL THEN 1 "
      "WHEN EXISTS (SELECT 1 FROM pg_tables WHERE schemaname = current_schema()) THEN 0 END");
  if (ours == 0) {
    throw std::runtime_error(
        "the database that [store] url names is another program's; give Claviger one of its own");
  }
  if (ours == 1) state.found = session.number("SELECT version FROM claviger_schema").value_or(0);
  if (state.found > 0) {
    state.storage_epoch = session.number("SELECT storage_epoch FROM store").value_or(0);
  }
  if (state.found >= kSaysWhoMayUseIt) {
    // NULL for a schema so new that it says so elsewhere.
    const char* const query = "SELECT to_jsonb(store) ->> 'compatible_from' FROM store";
    state.compatible_from = session.number(query).value_or(0);
  }
  return state;
}

void refuse_newer(const SchemaState& state) {
  if (state.usable()) return;
  throw std::runtime_error(
      fmt::format("the database was written by a newer release of Claviger (schema {}; this "
                  "release knows schema {}): start that release again, or restore a backup",
                  state.found, state.newest));
}

// Nodes that start together wait here for the first, and find its work done.
bool migrate_once(Session& session) {
  session.run("BEGIN");
  session.run(kLock);
  const auto state = look(session);
  refuse_newer(state);
  const bool due = state.found < state.newest;
  if (due) {
    const auto& migration = embedded::postgres_migrations()[static_cast<std::size_t>(state.found)];
    if (state.found == 0) {
      session.run(
          "CREATE TABLE claviger_schema (one bigint PRIMARY KEY CHECK (one = 1), "
          "version bigint NOT NULL); INSERT INTO claviger_schema VALUES (1, 0)");
    }
    session.run(std::string(migration.content));
    session.run(fmt::format("UPDATE claviger_schema SET version = {}", state.found + 1));
  }
  session.run("COMMIT");
  return due;
}

}  // namespace

SchemaState look_at_schema(const std::string& url) {
  Session session(url);
  session.judge();
  return look(session);
}

SchemaState bring_schema_up_to_date(const std::string& url) {
  Session session(url);
  session.judge();
  session.run("SET lock_timeout = '60s'");
  const auto before = look(session);
  refuse_newer(before);
  if (before.found < before.newest) {
    while (migrate_once(session)) {
    }
  }
  return look(session);
}

}  // namespace claviger::store::postgres
