// What `claviger doctor` says of a PostgreSQL server.
#pragma once
#include <boost/json.hpp>

#include "store/postgres/server_facts.hpp"

namespace claviger::app {

// A finding for each thing that can be wrong.
boost::json::array judge_postgres(const store::postgres::ServerFacts& facts);

}  // namespace claviger::app
