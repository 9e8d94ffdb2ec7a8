#include "store/sqlite/data_folder.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <charconv>
#include <cstring>

namespace claviger::store {
namespace {

std::string lock_path(const std::string& directory) { return directory + "/lock"; }

struct flock whole_file() {
  struct flock lock{};
  lock.l_type = F_WRLCK;
  lock.l_whence = SEEK_SET;
  return lock;
}

int pid_written_in(int file) {
  std::array<char, 16> text{};
  const auto size = ::pread(file, text.data(), text.size(), 0);
  int pid = 0;
  if (size > 0) std::from_chars(text.data(), text.data() + size, pid);
  return pid;
}

void write_pid(int file) {
  const auto text = fmt::format("{}\n", ::getpid());
  const bool written = ::ftruncate(file, 0) == 0 && ::pwrite(file, text.data(), text.size(), 0) ==
                                                        static_cast<ssize_t>(text.size());
  // The lock itself holds without it: on a full disk the pid is merely unknown.
  if (!written) static_cast<void>(::ftruncate(file, 0));
}

}  // namespace

void make_data_folder(const std::string& path) {
  if (::mkdir(path.c_str(), S_IRWXU) != 0 && errno != EEXIST) {
    throw std::runtime_error(fmt::format("can't make {}: {}", path, std::strerror(errno)));
  }
  struct stat status{};
  if (::stat(path.c_str(), &status) != 0) {
    throw std::runtime_error(fmt::format("can't look at {}: {}", path, std::strerror(errno)));
  }
  if (!S_ISDIR(status.st_mode)) throw std::runtime_error(fmt::format("{} is not a folder", path));
  if (status.st_uid != ::geteuid()) {
    throw std::runtime_error(
        fmt::format("{} belongs to another user (uid {})", path, status.st_uid));
  }
  if ((status.st_mode & 077) != 0) {
    throw std::runtime_error(fmt::format("{} is open to other users (mode {:04o}): chmod 700 {}",
                                         path, status.st_mode & 07777, path));
  }
}

void sync_folder(const std::string& path) {
  const int folder = ::open(path.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  const bool synced = folder >= 0 && ::fsync(folder) == 0;
  if (folder >= 0) ::close(folder);
  if (!synced) throw std::runtime_error(fmt::format("can't sync {}", path));
}

DataLock::DataLock(const std::string& directory) {
  const auto path = lock_path(directory);
  file_ = ::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, S_IRUSR | S_IWUSR);
  if (file_ < 0) {
    throw std::runtime_error(fmt::format("can't open {}: {}", path, std::strerror(errno)));
  }
  auto lock = whole_file();
  if (::fcntl(file_, F_OFD_SETLK, &lock) == 0) {
    write_pid(file_);
    return;
  }
  const int reason = errno;
  const int pid = pid_written_in(file_);
  ::close(file_);
  if (reason != EAGAIN && reason != EACCES) {
    throw std::runtime_error(fmt::format("can't lock {}: {}", path, std::strerror(reason)));
  }
  throw DataFolderInUse(fmt::format("another server (pid {}) uses {}", pid, directory), pid);
}

DataLock::~DataLock() { ::close(file_); }

std::optional<int> DataLock::holder(const std::string& directory) {
  const int file = ::open(lock_path(directory).c_str(), O_RDWR | O_CLOEXEC);
  if (file < 0) return {};
  auto lock = whole_file();
  const bool asked = ::fcntl(file, F_OFD_GETLK, &lock) == 0;
  const int pid = pid_written_in(file);
  ::close(file);
  if (!asked || lock.l_type == F_UNLCK) return {};
  return pid;
}

}  // namespace claviger::store
