// The numbered migrations, and which of them a database file has seen.
#pragma once
#include "store/sqlite/connection.hpp"

namespace claviger::store::sqlite {

// Brings the schema up to this release's, each migration a transaction. Throws std::runtime_error
// with a sentence when the file is another program's or of a newer release.
void bring_schema_up_to_date(Connection& connection, const std::string& path);

}  // namespace claviger::store::sqlite
