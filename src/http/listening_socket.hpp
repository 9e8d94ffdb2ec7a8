// A bound, listening, non-blocking socket: TCP, or a unix socket that only our own user can open.
#pragma once
#include <cstdint>
#include <optional>
#include <string>

#include "http/connection.hpp"
#include "http/descriptor.hpp"
#include "http/server.hpp"

namespace claviger::http {

class ListeningSocket {
 public:
  // Throws std::system_error whose text names the address. Nothing: an optional address that this
  // machine doesn't have.
  static std::optional<ListeningSocket> open(const Listener& listener);
  ListeningSocket(ListeningSocket&&) = default;
  ListeningSocket& operator=(ListeningSocket&&) = default;
  ~ListeningSocket();

  int descriptor() const { return fd_.get(); }
  std::uint16_t port() const;  // zero for a unix socket
  int family() const { return unix_path_.empty() ? family_ : AF_UNIX; }
  const std::string& name() const { return name_; }  // "127.0.0.1:2003", or the path
  void close();

  struct Accepted {
    Descriptor fd;
    Peer peer;
  };
  // The next connection of the backlog, non-blocking. Otherwise `errno` says why.
  std::optional<Accepted> accept();

 private:
  ListeningSocket() = default;
  static ListeningSocket open_tcp(const Listener& listener);
  static ListeningSocket open_unix(const std::string& path);
  static ListeningSocket adopt(int descriptor);

  Descriptor fd_;
  int family_ = 0;
  std::string name_;
  std::string unix_path_;
};

}  // namespace claviger::http
