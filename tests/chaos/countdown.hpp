// The countdown that the preloaded crash_at shares with a test: at which step that touches a file
// the server is killed, or that step fails.
#pragma once
#include <fcntl.h>
#include <sys/mman.h>
#include <unistd.h>

#include <atomic>
#include <cstdint>
#include <stdexcept>
#include <string>

#include "tests/chaos/server_process.hpp"

namespace claviger::test {

// As in tests/support/preload/crash_at.cpp.
enum class AtStep : std::int64_t { killed, write_eio, write_enospc, write_short, sync_eio };

class Countdown {
 public:
  explicit Countdown(ServerHome& home) {
    const auto path = home.folder() + "/countdown";
    home.environment["CRASH_AT_FILE"] = path;
    home.environment["LD_PRELOAD"] = CLAVIGER_CRASH_AT;
    const int file = ::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    if (file < 0 || ::ftruncate(file, kSize) != 0) throw std::runtime_error(path);
    memory_ = ::mmap(nullptr, kSize, PROT_READ | PROT_WRITE, MAP_SHARED, file, 0);
    ::close(file);
    if (memory_ == MAP_FAILED) throw std::runtime_error(path);
  }
  ~Countdown() { ::munmap(memory_, kSize); }
  Countdown(const Countdown&) = delete;
  Countdown& operator=(const Countdown&) = delete;

  // 0: nothing happens.
  void set(std::int64_t steps, AtStep what = AtStep::killed) {
    numbers()[1].store(static_cast<std::int64_t>(what));
    numbers()[0].store(steps);
  }
  std::int64_t left() { return numbers()[0].load(); }

 private:
  using Number = std::atomic<std::int64_t>;
  static constexpr std::size_t kSize = 2 * sizeof(Number);
  Number* numbers() { return static_cast<Number*>(memory_); }
  void* memory_ = nullptr;
};

}  // namespace claviger::test
