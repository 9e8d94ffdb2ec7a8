// claviger's subcommands. Everything that needs the server's inside is handed in by app/, so that
// this folder is words, tables and exit codes.
#pragma once
#include <boost/json.hpp>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/reason.hpp"
#include "base/time.hpp"
#include "cli/try.hpp"
#include "config/load.hpp"

namespace claviger::cli {

// Exit codes, after sysexits.
inline constexpr int kOk = 0;
inline constexpr int kFailed = 1;  // the operation was refused
inline constexpr int kUsage = 64;
inline constexpr int kNoInput = 66;      // a named file is missing
inline constexpr int kUnavailable = 69;  // the server does not answer
inline constexpr int kLocked = 75;       // another server holds the data
inline constexpr int kRoot = 77;         // running as root without --allow-root
inline constexpr int kConfig = 78;

// Calls one admin operation: over the socket of a running server, else in this process.
class Transport {
 public:
  virtual ~Transport() = default;
  virtual Result<boost::json::object> call(const std::string& operation,
                                           const boost::json::object& arguments) = 0;
  virtual bool server_is_running() const = 0;
};

struct ServeOptions {
  bool allow_root = false;
};

struct BackupRequest {
  std::string target;
  bool with_master_key = false;
};

struct RestoreRequest {
  std::string file;
  std::optional<std::string> folder;  // nothing: the data folder of the settings
  bool verify_only = false;
  std::optional<Time> revoke_since;
  std::optional<std::string> master_key;  // nothing: the one beside the file, or of the settings
};

struct Hooks {
  std::function<int(const config::Loaded&, const ServeOptions&)> serve;
  // Throws std::runtime_error with a sentence for the operator.
  std::function<std::unique_ptr<Transport>(const config::Loaded&)> connect;
  // GET on the server's own loopback listener: the status, or 0 when nothing answers.
  std::function<int(const config::Loaded&, const std::string& path)> probe;
  // Checks of the data folder, the database, ports ...: one object {check, ok, detail, next} each.
  std::function<boost::json::array(const config::Loaded&, bool calibrate)> doctor;
  // `claviger store ...`; they throw std::runtime_error with a sentence for the operator.
  std::function<boost::json::object(const config::Loaded&)> look_at_store;
  std::function<boost::json::object(const config::Loaded&)> migrate_store;
  std::function<boost::json::object(const config::Loaded&, const std::string& target,
                                    const std::function<void(const std::string&)>& progress)>
      copy_store;
  // `claviger store new-epoch`, `backup` and `restore`; they throw likewise.
  std::function<boost::json::object(const config::Loaded&)> raise_epoch;
  std::function<boost::json::object(const config::Loaded&, const BackupRequest&,
                                    const std::function<void(const std::string&)>& progress)>
      back_up;
  std::function<boost::json::object(const config::Loaded&, const RestoreRequest&,
                                    const std::function<void(const std::string&)>& progress)>
      restore;
  // Runs a flow as a client does, over HTTP.
  std::function<TryOutcome(const config::Loaded&, const TryRequest&, TryWatcher&)> try_flow;
};

int run(const std::vector<std::string>& arguments, const Hooks& hooks);

}  // namespace claviger::cli
