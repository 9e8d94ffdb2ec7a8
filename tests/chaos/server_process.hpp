// The real binary as its operator runs it: a process of its own, with a data folder and a port,
// that a test can kill.
#pragma once
#include <sys/types.h>

#include <chrono>
#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "tests/support/temp_folder.hpp"

namespace claviger::test {

using Milliseconds = std::chrono::milliseconds;

// Only a hanging server reaches it.
inline constexpr Milliseconds kGenerous{60'000};

// Of the loopback address, and nobody's for now.
std::uint16_t free_port();

// What outlives a server: its folder, port, settings, and what it wrote on standard error.
class ServerHome {
 public:
  ServerHome();

  std::string data() const { return data_; }
  void keep_data_in(std::string folder);
  std::string database() const { return data() + "/claviger.db"; }
  std::string log_path() const { return folder_.path() + "/server.log"; }
  std::string log() const;
  std::string issuer() const;
  // The address of a proxy in front, say.
  void serve_for(std::uint16_t issuers_port);
  // One more node beside `first`: its issuer, its settings, a copy of its master key. `first` must
  // have been started once.
  void join(const ServerHome& first);

  std::uint16_t port;
  std::uint16_t issuer_port;
  // Environment of the server, and the whole of it: nothing of the test's own.
  std::map<std::string, std::string> environment;
  const std::string& folder() const { return folder_.path(); }

 private:
  TempFolder folder_;
  std::string data_;
};

// How a process ended: `code` if it returned, `signal` if it was killed.
struct Ending {
  int code = -1;
  int signal = 0;
  bool operator==(const Ending&) const = default;
};

// What a subcommand prints that is run beside the server of this home: `key rotate`. Throws when it
// fails.
std::string run_beside(const ServerHome& home, const std::string& arguments);

class ServerProcess {
 public:
  // Starts `claviger serve`. From a thread that outlives the server: it dies with that thread, so
  // that a test that is cut off leaves none behind.
  explicit ServerProcess(const ServerHome& home, const std::vector<std::string>& arguments = {});
  ~ServerProcess();
  ServerProcess(const ServerProcess&) = delete;
  ServerProcess& operator=(const ServerProcess&) = delete;

  // False: it ended before it was ready.
  bool wait_until_ready();
  Milliseconds time_to_ready() const { return time_to_ready_; }
  void send(int signal) const;
  bool ended(Milliseconds within);
  // Kills it when it is still there after kGenerous; the ending then says so.
  Ending wait();
  // SIGKILL, and gone when this returns.
  void kill();
  pid_t pid() const { return pid_; }

 private:
  pid_t pid_ = -1;
  int watch_ = -1;  // readable when the process has ended
  bool reaped_ = false;
  Ending ending_;
  std::uint16_t port_;
  std::uint16_t issuer_port_;
  std::chrono::steady_clock::time_point begun_;
  Milliseconds time_to_ready_{};
};

}  // namespace claviger::test
