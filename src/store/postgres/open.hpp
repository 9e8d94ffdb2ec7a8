// The PostgreSQL engine: one connection that writes, a few that read, on one thread that never
// waits for any of them. Any number of nodes share one database.
#pragma once
#include <chrono>
#include <cstddef>
#include <memory>
#include <string>

#include "base/log.hpp"
#include "store/metrics.hpp"
#include "store/postgres/schema.hpp"
#include "store/sql/driver.hpp"

namespace claviger::store {

struct PostgresOptions {
  std::string url;       // postgresql://..., with a password perhaps
  unsigned readers = 8;  // connections
  std::size_t queue = 10'000;
  std::chrono::milliseconds answer_timeout{10'000};  // then the connection counts as lost
  std::shared_ptr<Metrics> metrics = std::make_shared<Metrics>();
};

// Brings the schema up to date. Throws Unavailable when the server can't be reached, and
// std::runtime_error with a sentence for the operator: not ours, of a newer release, or so set up
// that what it acknowledges could be lost. Once open, a server that goes away is waited for.
// The driver must be destroyed before any io_context whose coroutines call it.
std::unique_ptr<sql::Driver> open_postgres(const PostgresOptions& options, Log& log);

}  // namespace claviger::store
