// Preloaded into a server: kills it at the n-th step that touches a file (T-03). The first eight
// bytes of the file that CRASH_AT_FILE names are the countdown; 0 means no crash is wanted. A write
// that is the point leaves half of its bytes behind.
#include <dlfcn.h>
#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/types.h>
#include <unistd.h>

#include <atomic>
#include <csignal>
#include <cstdint>
#include <cstdlib>

namespace {

using Countdown = std::atomic<std::int64_t>;

Countdown* map_countdown() {
  const char* const path = std::getenv("CRASH_AT_FILE");
  const int file = path == nullptr ? -1 : open(path, O_RDWR | O_CLOEXEC);
  if (file < 0) return nullptr;
  void* const memory =
      mmap(nullptr, sizeof(Countdown), PROT_READ | PROT_WRITE, MAP_SHARED, file, 0);
  close(file);
  return memory == MAP_FAILED ? nullptr : static_cast<Countdown*>(memory);
}

bool this_is_the_point() {
  static Countdown* const countdown = map_countdown();
  if (countdown == nullptr || countdown->load() <= 0) return false;
  return countdown->fetch_sub(1) == 1;
}

[[noreturn]] void die() {
  kill(getpid(), SIGKILL);
  for (;;) pause();
}

template <class Function>
Function next(const char* name) {
  return reinterpret_cast<Function>(dlsym(RTLD_NEXT, name));
}

ssize_t write_or_die(const char* name, int file, const void* bytes, std::size_t size,
                     off64_t offset) {
  using Write = ssize_t (*)(int, const void*, std::size_t, off64_t);
  const auto real = next<Write>(name);
  if (!this_is_the_point()) return real(file, bytes, size, offset);
  real(file, bytes, size / 2, offset);
  die();
}

int sync_or_die(const char* name, int file) {
  if (this_is_the_point()) die();
  return next<int (*)(int)>(name)(file);
}

int truncate_or_die(const char* name, int file, off64_t size) {
  if (this_is_the_point()) die();
  return next<int (*)(int, off64_t)>(name)(file, size);
}

}  // namespace

extern "C" {

ssize_t write(int file, const void* bytes, std::size_t size) {
  const auto real = next<ssize_t (*)(int, const void*, std::size_t)>("write");
  struct stat status{};
  const bool is_file = fstat(file, &status) == 0 && S_ISREG(status.st_mode);
  if (!is_file || !this_is_the_point()) return real(file, bytes, size);
  real(file, bytes, size / 2);
  die();
}

ssize_t pwrite(int file, const void* bytes, std::size_t size, off_t offset) {
  return write_or_die("pwrite", file, bytes, size, offset);
}
ssize_t pwrite64(int file, const void* bytes, std::size_t size, off64_t offset) {
  return write_or_die("pwrite64", file, bytes, size, offset);
}
int fsync(int file) { return sync_or_die("fsync", file); }
int fdatasync(int file) { return sync_or_die("fdatasync", file); }
int ftruncate(int file, off_t size) noexcept { return truncate_or_die("ftruncate", file, size); }
int ftruncate64(int file, off64_t size) noexcept {
  return truncate_or_die("ftruncate64", file, size);
}
}
