#include "store/sqlite/schema.hpp"

#include <fmt/format.h>

#include "base/embedded_file.hpp"

namespace claviger::embedded {
std::span<const EmbeddedFile> sqlite_migrations();
}

namespace claviger::store::sqlite {
namespace {

constexpr std::int64_t kApplicationId = 0x436c6176;  // "Clav"

void migrate(Connection& connection, std::size_t version, std::string_view script) {
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

}  // namespace

void bring_schema_up_to_date(Connection& connection, const std::string& path) {
  const auto migrations = embedded::sqlite_migrations();
  const auto version = static_cast<std::size_t>(connection.integer("PRAGMA user_version"));
  const auto owner = connection.integer("PRAGMA application_id");
  const bool empty = connection.integer("SELECT count(*) FROM sqlite_schema") == 0;
  if (!empty && owner != kApplicationId) {
    throw std::runtime_error(
        fmt::format("{} is a database of another program; name another data folder", path));
  }
  if (version > migrations.size()) {
    throw std::runtime_error(
        fmt::format("{} was written by a newer release of Claviger (schema {}; this release knows "
                    "schema {}): start that release again, or restore a backup made by this one",
                    path, version, migrations.size()));
  }
  for (std::size_t next = version; next < migrations.size(); ++next) {
    migrate(connection, next + 1, migrations[next].content);
  }
}

}  // namespace claviger::store::sqlite
