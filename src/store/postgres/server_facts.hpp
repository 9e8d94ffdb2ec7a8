// What `claviger doctor` wants to know of a PostgreSQL server. Over connections that may block.
#pragma once
#include <optional>
#include <string>

#include "base/time.hpp"
#include "store/postgres/schema.hpp"

namespace claviger::store::postgres {

struct ServerFacts {
  std::string version;     // "15.14"
  std::string unsuitable;  // why nothing may be entrusted to it; empty: it will do
  std::string protocol;    // "TLSv1.3"; empty: not encrypted
  bool this_machine = false;
  SchemaState schema;
  std::string schema_fault;  // why there is none that could be looked at
  bool has_keys = false;     // sealed under a master key that exists already
  Duration clock_ahead{};    // the database's clock minus ours
  Duration clock_precision{};
  std::int64_t connections = 0;  // in use
  std::int64_t connections_for_us = 0;
  bool announces = false;  // NOTIFY on one connection reaches LISTEN on another
};

// Throws Unavailable when the server can't be reached.
ServerFacts look_at_server(const std::string& url, const Clock& clock);

}  // namespace claviger::store::postgres
