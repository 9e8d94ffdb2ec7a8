#include "http/listening_socket.hpp"

#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>

#include <cerrno>
#include <cstring>
#include <system_error>

namespace claviger::http {
namespace {

constexpr int kBacklog = 1024;

[[noreturn]] void fail(int error, const std::string& name) {
  throw std::system_error(error, std::generic_category(), "listen on " + name);
}

struct SocketAddress {
  sockaddr_storage storage{};
  socklen_t size = sizeof(sockaddr_storage);
  sockaddr* get() { return reinterpret_cast<sockaddr*>(&storage); }
};

// Nothing: the text is no IP address.
std::optional<SocketAddress> tcp_address(const std::string& text, std::uint16_t port) {
  SocketAddress address;
  auto& v4 = reinterpret_cast<sockaddr_in&>(address.storage);
  auto& v6 = reinterpret_cast<sockaddr_in6&>(address.storage);
  if (inet_pton(AF_INET, text.c_str(), &v4.sin_addr) == 1) {
    v4.sin_family = AF_INET;
    v4.sin_port = htons(port);
    address.size = sizeof(sockaddr_in);
    return address;
  }
  if (inet_pton(AF_INET6, text.c_str(), &v6.sin6_addr) == 1) {
    v6.sin6_family = AF_INET6;
    v6.sin6_port = htons(port);
    address.size = sizeof(sockaddr_in6);
    return address;
  }
  return std::nullopt;
}

SocketAddress unix_address(const std::string& path) {
  SocketAddress address;
  auto& local = reinterpret_cast<sockaddr_un&>(address.storage);
  if (path.size() >= sizeof(local.sun_path)) fail(ENAMETOOLONG, path);
  local.sun_family = AF_UNIX;
  std::memcpy(local.sun_path, path.c_str(), path.size() + 1);
  address.size = sizeof(sockaddr_un);
  return address;
}

// Removes the socket of a server that is gone. One that answers is in use.
void remove_stale(const std::string& path, SocketAddress& address) {
  struct stat found{};
  if (lstat(path.c_str(), &found) != 0) return;
  if (!S_ISSOCK(found.st_mode)) fail(EEXIST, path);
  const Descriptor probe(socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0));
  if (connect(probe.get(), address.get(), address.size) == 0) fail(EADDRINUSE, path);
  ::unlink(path.c_str());
}

void switch_on(int fd, int level, int option) {
  const int on = 1;
  setsockopt(fd, level, option, &on, sizeof(on));
}

Peer describe(int fd, SocketAddress& from) {
  Peer peer;
  if (from.storage.ss_family == AF_UNIX) {
    ucred credentials{};
    socklen_t size = sizeof(credentials);
    peer.uid = ~0u;  // nobody's, should the kernel not tell
    if (getsockopt(fd, SOL_SOCKET, SO_PEERCRED, &credentials, &size) == 0)
      peer.uid = credentials.uid;
    peer.address = "unix";
    peer.over_unix_socket = peer.loopback = true;
    return peer;
  }
  char text[INET6_ADDRSTRLEN] = "";
  if (from.storage.ss_family == AF_INET)
    inet_ntop(AF_INET, &reinterpret_cast<sockaddr_in&>(from.storage).sin_addr, text, sizeof(text));
  else
    inet_ntop(AF_INET6, &reinterpret_cast<sockaddr_in6&>(from.storage).sin6_addr, text,
              sizeof(text));
  peer.address = text;
  const auto address = Address::parse(peer.address);
  peer.loopback = address && address->is_loopback();
  switch_on(fd, IPPROTO_TCP, TCP_NODELAY);
  return peer;
}

}  // namespace

std::optional<ListeningSocket> ListeningSocket::open(const Listener& listener) {
  if (!listener.unix_path.empty()) return open_unix(listener.unix_path);
  if (listener.descriptor >= 0) return adopt(listener.descriptor);
  try {
    return open_tcp(listener);
  } catch (const std::system_error& failure) {
    const int error = failure.code().value();
    if (listener.optional && (error == EADDRNOTAVAIL || error == EAFNOSUPPORT)) return std::nullopt;
    throw;
  }
}

ListeningSocket ListeningSocket::open_tcp(const Listener& listener) {
  ListeningSocket out;
  const bool v6 = listener.address.find(':') != std::string::npos;
  out.name_ =
      (v6 ? "[" + listener.address + "]" : listener.address) + ":" + std::to_string(listener.port);
  auto address = tcp_address(listener.address, listener.port);
  if (!address) fail(EINVAL, out.name_);
  out.family_ = address->storage.ss_family;
  out.fd_.reset(socket(out.family_, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0));
  if (!out.fd_.is_open()) fail(errno, out.name_);
  switch_on(out.fd_.get(), SOL_SOCKET, SO_REUSEADDR);
  if (v6) switch_on(out.fd_.get(), IPPROTO_IPV6, IPV6_V6ONLY);
  if (bind(out.fd_.get(), address->get(), address->size) != 0) fail(errno, out.name_);
  if (::listen(out.fd_.get(), kBacklog) != 0) fail(errno, out.name_);
  return out;
}

ListeningSocket ListeningSocket::open_unix(const std::string& path) {
  ListeningSocket out;
  out.name_ = path;
  auto address = unix_address(path);
  remove_stale(path, address);
  out.fd_.reset(socket(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0));
  if (!out.fd_.is_open()) fail(errno, path);
  // The mode must be right from the first moment, so it can't be set after bind().
  const mode_t before = umask(0177);
  const int bound = bind(out.fd_.get(), address.get(), address.size);
  const int error = errno;
  umask(before);
  if (bound != 0) fail(error, path);
  out.unix_path_ = path;
  if (::listen(out.fd_.get(), kBacklog) != 0) fail(errno, path);
  return out;
}

// Of a unix socket the peers would count as our own user's: it is not taken.
ListeningSocket ListeningSocket::adopt(int descriptor) {
  ListeningSocket out;
  out.name_ = "descriptor " + std::to_string(descriptor);
  SocketAddress address;
  int listens = 0;
  socklen_t size = sizeof(listens);
  if (getsockopt(descriptor, SOL_SOCKET, SO_ACCEPTCONN, &listens, &size) != 0 ||
      getsockname(descriptor, address.get(), &address.size) != 0) {
    fail(errno, out.name_);
  }
  out.family_ = address.storage.ss_family;
  const bool tcp = out.family_ == AF_INET || out.family_ == AF_INET6;
  if (listens == 0 || !tcp) fail(EINVAL, out.name_);
  out.fd_.reset(descriptor);
  fcntl(descriptor, F_SETFD, FD_CLOEXEC);
  fcntl(descriptor, F_SETFL, fcntl(descriptor, F_GETFL) | O_NONBLOCK);
  return out;
}

ListeningSocket::~ListeningSocket() { close(); }

void ListeningSocket::close() {
  if (fd_.is_open() && !unix_path_.empty()) ::unlink(unix_path_.c_str());
  fd_.reset();
}

std::uint16_t ListeningSocket::port() const {
  if (!unix_path_.empty()) return 0;
  SocketAddress address;
  if (getsockname(fd_.get(), address.get(), &address.size) != 0) return 0;
  if (family_ == AF_INET) return ntohs(reinterpret_cast<sockaddr_in&>(address.storage).sin_port);
  return ntohs(reinterpret_cast<sockaddr_in6&>(address.storage).sin6_port);
}

std::optional<ListeningSocket::Accepted> ListeningSocket::accept() {
  SocketAddress from;
  Descriptor fd(accept4(fd_.get(), from.get(), &from.size, SOCK_NONBLOCK | SOCK_CLOEXEC));
  if (!fd.is_open()) return std::nullopt;
  from.storage.ss_family = static_cast<sa_family_t>(family());
  auto peer = describe(fd.get(), from);
  return Accepted{std::move(fd), std::move(peer)};
}

}  // namespace claviger::http
