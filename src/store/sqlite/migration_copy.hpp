// The copy of the database that is made before its schema is changed, to go back to.
#pragma once
#include "base/log.hpp"
#include "store/sqlite/connection.hpp"

namespace claviger::store::sqlite {

// claviger.db.before-schema-3
std::string copy_before_schema(const std::string& path, std::int64_t schema);

// Makes it anew, on disk and for its owner alone when this returns: by SQLite, page by page, with
// what still stands in the write-ahead log. Throws std::runtime_error with a sentence when there is
// no room or something goes wrong; then nothing has changed.
void copy_before_migration(Connection& connection, const ConnectionOptions& options,
                           std::int64_t schema, Log& log);

// Those of earlier upgrades: once this one is done nobody goes back so far.
void forget_earlier_copies(const std::string& path, std::int64_t schema);

}  // namespace claviger::store::sqlite
