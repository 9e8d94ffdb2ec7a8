#include "app/master_key.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <stdexcept>

namespace claviger::app {

namespace {

constexpr std::size_t kBytes = 32;

class File {
 public:
  File(const std::string& path, int flags) : fd_(::open(path.c_str(), flags | O_CLOEXEC, 0600)) {}
  ~File() {
    if (fd_ >= 0) ::close(fd_);
  }
  File(const File&) = delete;
  File& operator=(const File&) = delete;
  int fd() const { return fd_; }

 private:
  int fd_;
};

[[noreturn]] void fail(const std::string& path, const char* what) {
  throw std::runtime_error(fmt::format("{}: {}", path, what));
}

// Under another name until all of it is on disk: of a first start that was killed half a key would
// otherwise be left, which no later start takes. link() does not replace a key that came in
// between.
void make_key(const std::string& path, Random& random) {
  const std::string unfinished = path + ".new";
  const File file(unfinished, O_WRONLY | O_CREAT | O_TRUNC);
  if (file.fd() < 0) fail(unfinished, std::strerror(errno));
  const auto bytes = random.bytes<kBytes>();
  if (::write(file.fd(), bytes.data(), bytes.size()) != static_cast<ssize_t>(bytes.size()) ||
      ::fsync(file.fd()) != 0 || ::link(unfinished.c_str(), path.c_str()) != 0) {
    ::unlink(unfinished.c_str());
    fail(path, "the master key could not be written");
  }
  ::unlink(unfinished.c_str());
}

// What systemd hands over (LoadCredential=) is for the service alone, but may say so in an access
// list, which stands in the mode as bits of the group.
bool is_credential(const std::string& path) {
  const char* const folder = std::getenv("CREDENTIALS_DIRECTORY");
  return folder != nullptr && *folder == '/' && path.starts_with(std::string(folder) + "/");
}

}  // namespace

crypto::SealingKey open_master_key(const std::string& path, bool database_exists, Random& random) {
  if (::access(path.c_str(), F_OK) != 0) {
    if (database_exists) {
      fail(path,
           "the database is there but its master key is missing; restore this file from the "
           "backup that belongs to the database");
    }
    make_key(path, random);
  }
  const File file(path, O_RDONLY);
  if (file.fd() < 0) fail(path, std::strerror(errno));
  struct stat status{};
  if (::fstat(file.fd(), &status) != 0) fail(path, std::strerror(errno));
  const mode_t of_others = is_credential(path) ? S_IRWXO : S_IRWXG | S_IRWXO;
  if ((status.st_mode & of_others) != 0) fail(path, "others can read the master key; chmod 600 it");
  std::array<std::uint8_t, kBytes + 1> bytes{};
  const auto size = ::read(file.fd(), bytes.data(), bytes.size());
  auto key =
      crypto::SealingKey::from_bytes({bytes.data(), size < 0 ? 0 : static_cast<std::size_t>(size)});
  explicit_bzero(bytes.data(), bytes.size());
  if (!key) fail(path, "a master key is exactly 32 bytes; restore the right file");
  return std::move(*key);
}

}  // namespace claviger::app
