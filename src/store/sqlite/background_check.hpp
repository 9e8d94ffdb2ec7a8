// Reads the whole database file now and then, in the background of a server that runs: a start
// looks at its head alone, so that it takes no longer with a million grants than with none.
#pragma once
#include <chrono>
#include <condition_variable>
#include <memory>
#include <mutex>

#include "base/log.hpp"
#include "base/worker.hpp"
#include "store/sqlite/connection.hpp"
#include "store/sqlite/damage.hpp"

namespace claviger::store::sqlite {

class BackgroundCheck {
 public:
  BackgroundCheck(const ConnectionOptions& options, std::chrono::milliseconds first,
                  std::chrono::milliseconds pause, Damage& damage, Log& log);
  // Breaks off what it is at.
  ~BackgroundCheck();
  BackgroundCheck(const BackgroundCheck&) = delete;
  BackgroundCheck& operator=(const BackgroundCheck&) = delete;

 private:
  void run();
  void check();
  // False: it is to end.
  bool wait(std::chrono::milliseconds time);
  bool is_ending() const;
  static int is_interrupted(void* self);

  const ConnectionOptions options_;
  const std::chrono::milliseconds first_;
  const std::chrono::milliseconds pause_;
  Damage& damage_;
  Log& log_;

  mutable std::mutex mutex_;
  std::condition_variable wake_;
  bool ending_ = false;
  std::unique_ptr<Worker> worker_;  // ends first
};

// What is wrong with the file's structure, a line each. Throws SqliteError when it can't be read.
std::vector<std::string> look_for_damage(Connection& connection, const char* query);

}  // namespace claviger::store::sqlite
