#include "tests/chaos/server_process.hpp"

#include <fcntl.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <stdexcept>

#include "tests/chaos/http_client.hpp"

namespace claviger::test {
namespace {

// Below the range that the kernel takes outgoing ports from: while the server is down, a client's
// connect() could otherwise be given this very port and reach itself.
constexpr std::uint16_t kFirstPort = 20'000;
constexpr std::uint16_t kLastPort = 32'000;

bool is_free(std::uint16_t port) {
  const int fd = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(port);
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  const bool free = ::bind(fd, reinterpret_cast<sockaddr*>(&address), sizeof(address)) == 0;
  ::close(fd);
  return free;
}

// Another build than the tests' own can be put to the same tests.
std::string binary() {
  const char* const chosen = std::getenv("CLAVIGER_CHAOS_SERVER");
  return chosen == nullptr ? CLAVIGER_BINARY_DIR "/claviger" : chosen;
}

std::vector<char*> pointers(std::vector<std::string>& texts) {
  std::vector<char*> result;
  for (auto& text : texts) result.push_back(text.data());
  result.push_back(nullptr);
  return result;
}

// Between fork and exec only what is safe in a child of many threads.
[[noreturn]] void become_server(const char* folder, const char* log, char** arguments,
                                char** environment) {
  ::prctl(PR_SET_PDEATHSIG, SIGKILL);
  const int out = ::open(log, O_WRONLY | O_CREAT | O_APPEND, 0600);
  if (out < 0 || ::chdir(folder) != 0) ::_exit(126);
  ::dup2(out, STDOUT_FILENO);
  ::dup2(out, STDERR_FILENO);
  ::execve(arguments[0], arguments, environment);
  ::_exit(127);
}

}  // namespace

std::uint16_t free_port() {
  static std::uint16_t next = static_cast<std::uint16_t>(
      kFirstPort + static_cast<unsigned>(::getpid()) * 17u % (kLastPort - kFirstPort));
  for (int tries = 0; tries < 1000; ++tries) {
    next = next >= kLastPort ? kFirstPort : static_cast<std::uint16_t>(next + 1);
    if (is_free(next)) return next;
  }
  throw std::runtime_error("no free port");
}

ServerHome::ServerHome() : port(free_port()), issuer_port(port), data_(folder_.path() + "/data") {
  environment = {{"PATH", "/usr/bin:/bin"},
                 {"CLAVIGER_ISSUER", issuer()},
                 {"CLAVIGER_SERVER__LISTEN", "127.0.0.1:" + std::to_string(port)},
                 {"CLAVIGER_LOG__LEVEL", "debug"},
                 {"CLAVIGER_LOG__FORMAT", "json"}};
  keep_data_in(data_);
}

void ServerHome::keep_data_in(std::string folder) {
  data_ = std::move(folder);
  environment["CLAVIGER_DATA__DIRECTORY"] = data_;
}

std::string ServerHome::issuer() const { return "http://localhost:" + std::to_string(issuer_port); }

void ServerHome::serve_for(std::uint16_t issuers_port) {
  issuer_port = issuers_port;
  environment["CLAVIGER_ISSUER"] = issuer();
}

void ServerHome::join(const ServerHome& first) {
  const auto own = environment;
  environment = first.environment;
  for (const char* name : {"CLAVIGER_SERVER__LISTEN", "CLAVIGER_DATA__DIRECTORY"}) {
    environment[name] = own.at(name);
  }
  serve_for(first.issuer_port);
  std::filesystem::create_directory(data());
  std::filesystem::permissions(data(), std::filesystem::perms::owner_all);
  std::filesystem::copy_file(first.data() + "/master.key", data() + "/master.key",
                             std::filesystem::copy_options::overwrite_existing);
}

std::string ServerHome::log() const {
  std::ifstream file(log_path(), std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

std::string run_beside(const ServerHome& home, const std::string& arguments) {
  std::string line = "cd '" + home.folder() + "' && exec env -i";
  for (const auto& [name, value] : home.environment) line += " '" + name + "=" + value + "'";
  line += " '" + binary() + "' " + arguments + " 2>&1 </dev/null";
  FILE* const out = ::popen(line.c_str(), "re");
  std::string text;
  char bytes[1024];
  while (out != nullptr && std::fgets(bytes, sizeof bytes, out) != nullptr) text += bytes;
  if (out == nullptr || ::pclose(out) != 0) throw std::runtime_error(arguments + ": " + text);
  return text;
}

ServerProcess::ServerProcess(const ServerHome& home, const std::vector<std::string>& arguments)
    : port_(home.port), issuer_port_(home.issuer_port), begun_(std::chrono::steady_clock::now()) {
  std::vector<std::string> command{binary(), "serve", "--allow-root"};
  command.insert(command.end(), arguments.begin(), arguments.end());
  std::vector<std::string> variables;
  for (const auto& [name, value] : home.environment) variables.push_back(name + "=" + value);
  const auto argument_pointers = pointers(command);
  const auto variable_pointers = pointers(variables);
  const std::string log = home.log_path();
  pid_ = ::fork();
  if (pid_ < 0) throw std::runtime_error("fork");
  if (pid_ == 0) {
    become_server(home.folder().c_str(), log.c_str(), const_cast<char**>(argument_pointers.data()),
                  const_cast<char**>(variable_pointers.data()));
  }
  watch_ = static_cast<int>(::syscall(SYS_pidfd_open, pid_, 0));
  if (watch_ < 0) throw std::runtime_error("pidfd_open");
}

ServerProcess::~ServerProcess() {
  if (!reaped_) kill();
  ::close(watch_);
}

bool ServerProcess::wait_until_ready() {
  const auto give_up = begun_ + kGenerous;
  while (std::chrono::steady_clock::now() < give_up) {
    HttpClient client(port_, issuer_port_);
    const auto answer = client.ask({.target = "/readyz"});
    if (answer && answer->status == 200) {
      time_to_ready_ =
          std::chrono::duration_cast<Milliseconds>(std::chrono::steady_clock::now() - begun_);
      return true;
    }
    if (ended(Milliseconds(2))) return false;
  }
  return false;
}

void ServerProcess::send(int signal) const {
  if (!reaped_) ::kill(pid_, signal);
}

bool ServerProcess::ended(Milliseconds within) {
  if (reaped_) return true;
  pollfd wait{watch_, POLLIN, 0};
  if (::poll(&wait, 1, static_cast<int>(within.count())) <= 0) return false;
  int status = 0;
  if (::waitpid(pid_, &status, 0) != pid_) return false;
  reaped_ = true;
  if (WIFEXITED(status)) ending_.code = WEXITSTATUS(status);
  if (WIFSIGNALED(status)) ending_.signal = WTERMSIG(status);
  return true;
}

Ending ServerProcess::wait() {
  if (!ended(kGenerous)) kill();
  return ending_;
}

void ServerProcess::kill() {
  send(SIGKILL);
  while (!ended(kGenerous)) {
  }
}

}  // namespace claviger::test
