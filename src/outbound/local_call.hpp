// Blocking calls to this machine's own server, for the command line: over its unix socket, or to
// its loopback listener. Never used by the server itself.
#pragma once
#include <chrono>
#include <expected>
#include <string>

#include "outbound/fetcher.hpp"

namespace claviger::outbound {

struct LocalTarget {
  std::string unix_socket;  // empty: the URL's own host and port
  std::string url;          // "http://localhost/v1/status"
  std::string connect_to;   // "::ADDRESS:PORT" in place of the URL's; empty: that
  std::string ca_file;      // what to trust of an https URL; empty: the system's
  std::chrono::milliseconds total{30000};
};

// POST of a JSON text, or GET when `body` is empty.
std::expected<Response, FetchError> call_local(const LocalTarget& target, const std::string& body);

}  // namespace claviger::outbound
