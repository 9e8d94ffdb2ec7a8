// The one way out to addresses that somebody else named: libcurl on a thread of its own. The
// address is judged when the socket is opened, before connecting; no redirects; bytes and time
// capped; no proxies from the environment.
#pragma once
#include <chrono>
#include <expected>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/task.hpp"

namespace claviger::outbound {

struct Policy {
  bool allow_loopback = false;  // the demo client, the conformance profile
  bool allow_http = false;      // only for loopback addresses, and only with allow_loopback
  std::string ca_file;          // instead of the system's; empty: those
  std::chrono::milliseconds total{2500};
  std::size_t max_bytes = 1024 * 1024;
};

struct Request {
  std::string method = "GET";
  std::string url;
  std::vector<std::pair<std::string, std::string>> headers;
  std::string body;
  std::size_t max_bytes = 0;  // of the answer's body, where the policy's limit is too generous
};

struct Response {
  int status = 0;
  std::vector<std::pair<std::string, std::string>> headers;  // names lower case, in order
  std::string body;
};

enum class FetchError { bad_url, address_refused, unreachable, timed_out, too_large, protocol };
std::string_view to_string(FetchError error);

// Is this a special-use address (RFC6890 and its registries), and so never a target?
// `loopback_allowed` exempts 127/8 and ::1.
bool is_refused_address(std::string_view address, bool loopback_allowed);

// The io_contexts that callers run on must outlive the fetcher: its thread resumes them.
class Fetcher {
 public:
  explicit Fetcher(Policy policy);
  ~Fetcher();  // ends what is under way
  Task<std::expected<Response, FetchError>> fetch(Request request);

  struct Body;

 private:
  std::unique_ptr<Body> body_;
};

}  // namespace claviger::outbound
