// The SQLite engine: one writing connection on its own thread, one reading connection for each
// thread that reads.
#pragma once
#include <chrono>
#include <cstddef>
#include <memory>
#include <string>
#include <vector>

#include "base/log.hpp"
#include "base/worker.hpp"
#include "store/metrics.hpp"
#include "store/sql/driver.hpp"
#include "store/sql/schema_state.hpp"

namespace claviger::store {

struct SqliteOptions {
  std::string directory;  // made by make_data_folder
  std::string file = "claviger.db";
  unsigned readers = 4;          // as many as threads that read; more threads share
  Worker* writer = nullptr;      // nullptr: a thread of its own. Must run one job at a time.
  bool synchronous_full = true;  // only tests turn it off
  const char* vfs = nullptr;
  std::chrono::milliseconds busy_timeout{5000};  // of the writer; a reader never waits
  std::chrono::milliseconds reopen_after{1000};  // a failed write
  std::size_t queue = 10'000;
  // For a server: refuses a file that is not what the last one left (T-10), and reads all of it in
  // the background, first after its start and then again and again.
  bool serves = false;
  std::chrono::milliseconds check_after{1000};
  std::chrono::milliseconds check_again = std::chrono::hours(24);
  std::shared_ptr<Metrics> metrics = std::make_shared<Metrics>();

  std::string path() const { return directory + "/" + file; }
};

// Makes the database (0600) if there is none, brings its schema up to date after a copy of what
// there was. Throws std::runtime_error with a sentence for the operator: locked, of a newer
// release, damaged header, open to others (SQ-08), not ours, not what was left here, no room for
// the copy. The driver must be destroyed before any io_context whose coroutines call it.
std::unique_ptr<sql::Driver> open_sqlite(const SqliteOptions& options, Log& log);

// Which schema the file has. Changes nothing, and does not hinder a server. Throws
// std::runtime_error when it can't be read.
SchemaState look_at_sqlite(const SqliteOptions& options);

enum class Thoroughness { quick, full };
// What is wrong with the file's structure, a line each; nothing when it is sound. Reads the whole
// file, on the calling thread, without a lock that would hinder the server. Throws
// std::runtime_error when the file can't be read at all.
std::vector<std::string> check_sqlite(const SqliteOptions& options, Thoroughness thoroughness);

}  // namespace claviger::store
