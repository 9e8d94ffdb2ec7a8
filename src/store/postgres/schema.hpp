// The numbered migrations, and which of them a PostgreSQL database has seen. Run before anything is
// served, over a connection of its own that may block.
#pragma once
#include <cstdint>
#include <string>

#include "store/sql/schema_state.hpp"

namespace claviger::store::postgres {

struct SchemaState : store::SchemaState {
  std::int64_t storage_epoch = 0;
};

// Looks, changes nothing. Throws Unavailable when the server can't be reached, std::runtime_error
// with a sentence for the operator when the database is another program's.
SchemaState look_at_schema(const std::string& url);

// Brings the schema up to this release's, each migration a transaction, one node at a time. Throws
// as above, and when the database is of a newer release that this one can't stand beside.
SchemaState bring_schema_up_to_date(const std::string& url);

}  // namespace claviger::store::postgres
