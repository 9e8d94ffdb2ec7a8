// The numbered migrations, and which of them a database file has seen.
#pragma once
#include "base/log.hpp"
#include "store/sql/schema_state.hpp"
#include "store/sqlite/connection.hpp"

namespace claviger::store::sqlite {

// Looks, changes nothing. Throws std::runtime_error with a sentence when the file is another
// program's.
SchemaState look_at_schema(Connection& connection, const std::string& path);

// Brings the schema up to this release's, each migration a transaction, after a copy of what there
// was. Throws std::runtime_error with a sentence when the file is another program's, of a newer
// release that this one can't stand beside, or can't be copied.
SchemaState bring_schema_up_to_date(Connection& connection, const ConnectionOptions& options,
                                    Log& log);

}  // namespace claviger::store::sqlite
