#include "store/sqlite/schema.hpp"

#include <fmt/format.h>

#include "base/embedded_file.hpp"
#include "store/sqlite/migration_copy.hpp"

namespace claviger::embedded {
std::span<const EmbeddedFile> sqlite_migrations();
}

namespace claviger::store::sqlite {
namespace {

constexpr std::int64_t kApplicationId = 0x436c6176;  // "Clav"
constexpr std::int64_t kSaysWhoMayUseIt = 3;         // the first schema that does

void migrate(Connection& connection, std::int64_t version, std::string_view script) {
  connection.execute("BEGIN IMMEDIATE");
  try {
    connection.execute(std::string(script).c_str());
    connection.execute(fmt::format("PRAGMA application_id = {}; PRAGMA user_version = {}; COMMIT",
                                   kApplicationId, version)
                           .c_str());
  } catch (const SqliteError&) {
    if (connection.in_transaction()) connection.execute("ROLLBACK");
    throw;
  }
}

std::int64_t compatible_from(Connection& connection) {
  try {
    return connection.integer("SELECT compatible_from FROM store");
  } catch (const SqliteError& error) {
    if (!error.is_our_fault()) throw;
    return 0;  // a schema so new that it says so elsewhere
  }
}

}  // namespace

SchemaState look_at_schema(Connection& connection, const std::string& path) {
  const auto owner = connection.integer("PRAGMA application_id");
  const bool empty = connection.integer("SELECT count(*) FROM sqlite_schema") == 0;
  if (!empty && owner != kApplicationId) {
    throw std::runtime_error(
        fmt::format("{} is a database of another program; name another data folder", path));
  }
  SchemaState state;
  state.newest = std::ssize(embedded::sqlite_migrations());
  state.found = connection.integer("PRAGMA user_version");
  if (state.found >= kSaysWhoMayUseIt) state.compatible_from = compatible_from(connection);
  return state;
}

SchemaState bring_schema_up_to_date(Connection& connection, const ConnectionOptions& options,
                                    Log& log) {
  const auto state = look_at_schema(connection, options.path);
  if (!state.usable()) {
    throw std::runtime_error(
        fmt::format("{} was written by a newer release of Claviger (schema {}; this release knows "
                    "schema {}): start that release again, or restore a backup made by this one",
                    options.path, state.found, state.newest));
  }
  if (state.found >= state.newest) return state;
  const bool anything_to_lose = state.found > 0;
  if (anything_to_lose) copy_before_migration(connection, options, state.newest, log);
  for (auto next = state.found; next < state.newest; ++next) {
    migrate(connection, next + 1,
            embedded::sqlite_migrations()[static_cast<std::size_t>(next)].content);
  }
  if (anything_to_lose) forget_earlier_copies(options.path, state.newest);
  return look_at_schema(connection, options.path);
}

}  // namespace claviger::store::sqlite
