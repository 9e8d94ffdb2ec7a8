// Preloaded into a server: kills it at the n-th step that touches a file (T-03), or lets that step
// fail (T-05). The file that CRASH_AT_FILE names holds a countdown (0: nothing is wanted) and what
// happens at its end. A server that is killed in a write leaves half of its bytes behind. Writes
// fail at the n-th write, syncs at the n-th sync.
#include <dlfcn.h>
#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/types.h>
#include <unistd.h>

#include <atomic>
#include <cerrno>
#include <csignal>
#include <cstdint>
#include <cstdlib>

namespace {

using Number = std::atomic<std::int64_t>;
// As in tests/chaos/countdown.hpp.
enum class AtStep : std::int64_t { killed, write_eio, write_enospc, write_short, sync_eio };
struct Plan {
  Number countdown;
  std::atomic<AtStep> what;
};

Plan* map_plan() {
  const char* const path = std::getenv("CRASH_AT_FILE");
  const int file = path == nullptr ? -1 : open(path, O_RDWR | O_CLOEXEC);
  if (file < 0) return nullptr;
  void* const memory = mmap(nullptr, sizeof(Plan), PROT_READ | PROT_WRITE, MAP_SHARED, file, 0);
  close(file);
  return memory == MAP_FAILED ? nullptr : static_cast<Plan*>(memory);
}

Plan* plan() {
  static Plan* const mapped = map_plan();
  return mapped;
}

AtStep wanted() { return plan() == nullptr ? AtStep::killed : plan()->what.load(); }

bool this_is_the_point() {
  if (plan() == nullptr || plan()->countdown.load() <= 0) return false;
  return plan()->countdown.fetch_sub(1) == 1;
}

[[noreturn]] void die() {
  kill(getpid(), SIGKILL);
  for (;;) pause();
}

template <class Function>
Function next(const char* name) {
  return reinterpret_cast<Function>(dlsym(RTLD_NEXT, name));
}

ssize_t fail(int why) {
  errno = why;
  return -1;
}

// Half of it is written, and for the rest there is no room.
std::atomic<bool> no_room_for_the_rest = false;

template <class Write>
ssize_t write_or_not(std::size_t size, Write write) {
  if (wanted() == AtStep::sync_eio) return write(size);
  if (no_room_for_the_rest.exchange(false)) return fail(ENOSPC);
  if (!this_is_the_point()) return write(size);
  if (wanted() == AtStep::write_eio) return fail(EIO);
  if (wanted() == AtStep::write_enospc) return fail(ENOSPC);
  const auto written = write(size / 2);
  if (wanted() == AtStep::killed) die();
  no_room_for_the_rest = true;
  return written;
}

ssize_t write_at(const char* name, int file, const void* bytes, std::size_t size, off64_t offset) {
  using Write = ssize_t (*)(int, const void*, std::size_t, off64_t);
  const auto real = next<Write>(name);
  return write_or_not(size, [&](std::size_t part) { return real(file, bytes, part, offset); });
}

int sync_or_not(const char* name, int file) {
  const bool counts = wanted() == AtStep::killed || wanted() == AtStep::sync_eio;
  if (counts && this_is_the_point()) {
    if (wanted() == AtStep::killed) die();
    return static_cast<int>(fail(EIO));
  }
  return next<int (*)(int)>(name)(file);
}

int truncate_or_not(const char* name, int file, off64_t size) {
  if (wanted() != AtStep::sync_eio && this_is_the_point()) {
    if (wanted() == AtStep::killed) die();
    return static_cast<int>(fail(EIO));
  }
  return next<int (*)(int, off64_t)>(name)(file, size);
}

}  // namespace

extern "C" {

ssize_t write(int file, const void* bytes, std::size_t size) {
  const auto real = next<ssize_t (*)(int, const void*, std::size_t)>("write");
  struct stat status{};
  const bool is_file = fstat(file, &status) == 0 && S_ISREG(status.st_mode);
  if (!is_file) return real(file, bytes, size);
  return write_or_not(size, [&](std::size_t part) { return real(file, bytes, part); });
}

ssize_t pwrite(int file, const void* bytes, std::size_t size, off_t offset) {
  return write_at("pwrite", file, bytes, size, offset);
}
ssize_t pwrite64(int file, const void* bytes, std::size_t size, off64_t offset) {
  return write_at("pwrite64", file, bytes, size, offset);
}
int fsync(int file) { return sync_or_not("fsync", file); }
int fdatasync(int file) { return sync_or_not("fdatasync", file); }
int ftruncate(int file, off_t size) noexcept { return truncate_or_not("ftruncate", file, size); }
int ftruncate64(int file, off64_t size) noexcept {
  return truncate_or_not("ftruncate64", file, size);
}
}
