// Runs a command against a server that is made of prepared answers.
#pragma once
#include <cstdlib>
#include <map>
#include <sstream>
#include <vector>

#include "cli/run.hpp"

namespace claviger::cli::test {

inline constexpr Reason kRefusal{"client.unknown", ErrorCode::not_found, "RFC9110-15.5.5",
                                 "there is no such client", "look at the list"};

struct Recorded {
  std::vector<std::pair<std::string, boost::json::object>> calls;
  std::map<std::string, boost::json::object> answers;  // an operation without one is refused
  bool broken = false;
  int health = 200;
  std::vector<std::string> probed;
  boost::json::array findings;
  int served = 0;
  boost::json::object store_state;
  std::string store_fault;  // what the store commands say instead
  std::vector<std::string> store_calls;
  std::vector<TryRequest> attempts;
  TryOutcome tried = std::unexpected(TryRefusal{});
};

class FakeTransport final : public Transport {
 public:
  explicit FakeTransport(Recorded& recorded) : recorded_(recorded) {}
  Result<boost::json::object> call(const std::string& operation,
                                   const boost::json::object& arguments) override {
    recorded_.calls.emplace_back(operation, arguments);
    if (recorded_.broken) throw std::runtime_error("the socket is gone");
    const auto found = recorded_.answers.find(operation);
    if (found == recorded_.answers.end()) return refused(kRefusal, "a known id", "x");
    return found->second;
  }
  bool server_is_running() const override { return true; }

 private:
  Recorded& recorded_;
};

struct Ran {
  int code = -1;
  std::string out;
  std::string err;
};

struct Harness {
  // Commands read the process's environment; a test must not depend on whoever started it.
  Harness() {
    for (const auto& [name, value] : config::claviger_environment()) ::unsetenv(name.c_str());
  }

  Recorded recorded;
  std::string input;
  bool terminal = false;
  std::vector<std::string> typed;  // answers to ask_secret; none: no terminal

  Ran run(const std::vector<std::string>& arguments) {
    std::istringstream in(input);
    std::ostringstream out;
    std::ostringstream err;
    std::size_t asked = 0;
    Console console{.in = in,
                    .out = out,
                    .err = err,
                    .in_is_terminal = terminal,
                    .out_is_terminal = terminal,
                    .color = false,
                    .ask_secret = [&](const std::string&) -> std::optional<Secret> {
                      if (asked >= typed.size()) return std::nullopt;
                      return Secret(typed[asked++]);
                    }};
    Ran ran;
    ran.code = cli::run(arguments, hooks(), console);
    ran.out = out.str();
    ran.err = err.str();
    return ran;
  }

 private:
  boost::json::object store(const std::string& call) {
    recorded.store_calls.push_back(call);
    if (!recorded.store_fault.empty()) throw std::runtime_error(recorded.store_fault);
    return recorded.store_state;
  }
  Hooks hooks() {
    return Hooks{.serve =
                     [this](const config::Loaded&, const ServeOptions& options) {
                       recorded.served = options.allow_root ? 2 : 1;
                       return kOk;
                     },
                 .connect = [this](const config::Loaded&) -> std::unique_ptr<Transport> {
                   return std::make_unique<FakeTransport>(recorded);
                 },
                 .probe =
                     [this](const config::Loaded&, const std::string& path) {
                       recorded.probed.push_back(path);
                       return recorded.health;
                     },
                 .doctor = [this](const config::Loaded&, bool) { return recorded.findings; },
                 .look_at_store = [this](const config::Loaded&) { return store("look"); },
                 .migrate_store = [this](const config::Loaded&) { return store("migrate"); },
                 .copy_store =
                     [this](const config::Loaded&, const std::string& target,
                            const std::function<void(const std::string&)>& progress) {
                       progress("half of it");
                       return store("copy " + target);
                     },
                 .raise_epoch = [this](const config::Loaded&) { return store("raise"); },
                 .back_up =
                     [this](const config::Loaded&, const BackupRequest& request,
                            const std::function<void(const std::string&)>& progress) {
                       progress("half of it");
                       return store("back up " + request.target +
                                    (request.with_master_key ? " with key" : ""));
                     },
                 .restore =
                     [this](const config::Loaded&, const RestoreRequest& request,
                            const std::function<void(const std::string&)>& progress) {
                       progress("half of it");
                       auto call = "restore " + request.file;
                       if (request.verify_only) call += " verify";
                       if (request.folder) call += " to " + *request.folder;
                       if (request.master_key) call += " key " + *request.master_key;
                       if (const auto since = request.revoke_since) {
                         call += " since " + std::to_string(to_seconds(*since));
                       }
                       return store(call);
                     },
                 .try_flow =
                     [this](const config::Loaded&, const TryRequest& request, TryWatcher&) {
                       recorded.attempts.push_back(request);
                       return recorded.tried;
                     }};
  }
};

}  // namespace claviger::cli::test
