#include "app/doctor.hpp"

#include <fmt/format.h>
#include <sys/stat.h>
#include <sys/statvfs.h>

#include <boost/asio/ip/tcp.hpp>
#include <filesystem>

#include "app/doctor_nodes.hpp"
#include "app/doctor_postgres.hpp"
#include "app/finding.hpp"
#include "app/listeners.hpp"
#include "app/node.hpp"
#include "app/transport.hpp"
#include "crypto/password_hash.hpp"
#include "http/tls.hpp"
#include "store/sqlite/data_folder.hpp"
#include "store/sqlite/open.hpp"

namespace claviger::app {

namespace json = boost::json;
namespace fs = std::filesystem;

namespace {

json::object look_at_folder(const fs::path& folder) {
  struct stat status{};
  if (::stat(folder.c_str(), &status) != 0) {
    return finding("data folder", true, folder.string() + " does not exist yet",
                   "claviger serve makes it");
  }
  if ((status.st_mode & 077) != 0) {
    return finding("data folder", false, folder.string() + " can be read by others",
                   "chmod 700 " + folder.string());
  }
  return finding("data folder", true, folder.string() + ", mode 0700");
}

json::object look_at_space(const fs::path& folder) {
  struct statvfs space{};
  const auto existing = fs::exists(folder) ? folder : fs::current_path();
  if (::statvfs(existing.c_str(), &space) != 0) {
    return finding("disk space", false, "could not be read", "look at the file system");
  }
  const auto mebibytes = space.f_bavail * space.f_frsize / (1024 * 1024);
  const bool enough = mebibytes >= 256;
  return finding("disk space", enough, fmt::format("{} MiB free", mebibytes),
                 enough ? "" : "free some space: below 256 MiB a busy server will soon answer 503");
}

// `needed`: there is something that was sealed under it.
json::object look_at_master_key(const fs::path& folder, const std::string& configured,
                                bool needed) {
  const auto path = configured.empty() ? folder / "master.key" : fs::path(configured);
  if (!fs::exists(path)) {
    return finding("master key", !needed, path.string() + " is missing",
                   needed ? "restore it from the backup that belongs to the database, or copy it "
                            "from another server on it"
                          : "claviger serve makes it");
  }
  const bool right_size = fs::file_size(path) == 32;
  const auto others =
      fs::status(path).permissions() & (fs::perms::group_all | fs::perms::others_all);
  const bool ok = right_size && others == fs::perms::none;
  return finding("master key", ok, path.string(),
                 ok ? "" : "it must be 32 bytes and readable by its owner alone (chmod 600)");
}

json::object look_at_database(const fs::path& folder) {
  if (!fs::exists(folder / "claviger.db")) {
    return finding("database", true, "none yet", "claviger serve makes it");
  }
  store::SqliteOptions options;
  options.directory = folder.string();
  const auto problems = store::check_sqlite(options, store::Thoroughness::full);
  if (problems.empty()) return finding("database", true, "sound (full check)");
  return finding("database", false, problems.front(),
                 "stop the server and restore the last backup");
}

// Whether there is something in it that needs the master key.
bool look_at_shared_database(const std::string& url, json::array& findings) {
  try {
    const auto facts = store::postgres::look_at_server(url, SystemClock());
    for (auto& one : judge_postgres(facts)) findings.push_back(std::move(one));
    return facts.has_keys;
  } catch (const std::runtime_error& error) {
    findings.push_back(finding("database", false, error.what(),
                               "look at [store] url, and whether the server runs"));
    return false;
  }
}

json::object look_at_listener(const http::Listener& listener, bool running) {
  namespace ip = boost::asio::ip;
  const auto name = fmt::format("{} port {}", listener.address, listener.port);
  if (running) return finding("listener", true, name + ": a server of ours is running");
  boost::asio::io_context io(1);
  boost::system::error_code error;
  const auto address = ip::make_address(listener.address, error);
  ip::tcp::acceptor acceptor(io);
  if (!error) acceptor.open(address.is_v6() ? ip::tcp::v6() : ip::tcp::v4(), error);
  if (!error) acceptor.set_option(ip::tcp::acceptor::reuse_address(true), error);
  if (!error) acceptor.bind({address, listener.port}, error);
  const bool ok = !error || listener.optional;
  return finding("listener", ok, error ? name + ": " + error.message() : name + " is free",
                 ok ? "" : "stop what holds the port, or set [server] listen");
}

json::object look_at_tls(const http::TlsFiles& files) {
  using std::chrono::days;
  try {
    const auto left = http::examine(files) - SystemClock().now();
    const auto left_days = std::chrono::floor<days>(left).count();
    const bool ok = left > days(14);
    return finding("TLS", ok, fmt::format("{} is good for {} days", files.certificate, left_days),
                   ok ? "" : "renew it; the server takes the new files by itself");
  } catch (const std::runtime_error& error) {
    return finding("TLS", false, error.what(), "set [server] tls_certificate and tls_key");
  }
}

json::object calibrate_hashing(const config::Settings& settings) {
  using std::chrono::steady_clock;
  const Secret sample("a password for measuring");
  std::string detail;
  std::string proposal;
  for (const std::uint64_t mebibytes : {19U, 32U, 46U, 64U, 96U, 128U}) {
    const crypto::PasswordCost cost{static_cast<std::uint64_t>(settings.login.argon2_iterations),
                                    mebibytes * 1024 * 1024};
    const auto begin = steady_clock::now();
    crypto::hash_password(sample, cost);
    const auto took =
        std::chrono::duration_cast<std::chrono::milliseconds>(steady_clock::now() - begin);
    detail += fmt::format("{} MiB: {} ms  ", mebibytes, took.count());
    if (took <= std::chrono::milliseconds(100)) {
      proposal = fmt::format("[login] argon2_memory_kib = {} keeps a sign-in under 100 ms",
                             mebibytes * 1024);
    }
  }
  return finding("password hashing", true, detail, proposal);
}

// Asked of the server that runs: nothing is opened for this.
void look_at_nodes(const config::Loaded& loaded, json::array& findings) {
  const auto server = connect_to_running(loaded);
  if (!server) return;
  const auto listed = server->call("node.list", {});
  if (listed) findings.push_back(judge_nodes(*listed));
}

}  // namespace

json::array examine(const config::Loaded& loaded, bool calibrate) {
  const auto& settings = loaded.settings;
  const fs::path folder = settings.data.directory;
  json::array findings;
  findings.push_back(look_at_folder(folder));
  findings.push_back(look_at_space(folder));
  const std::string url(settings.store.url.reveal());
  bool has_keys = fs::exists(folder / "claviger.db");
  if (url.empty()) {
    findings.push_back(look_at_database(folder));
  } else {
    has_keys = look_at_shared_database(url, findings);
  }
  findings.push_back(look_at_master_key(folder, settings.data.master_key_file, has_keys));
  const bool running = probe(loaded, "/livez") == 200;
  for (const auto& listener : parse_listeners(settings.server.listen)) {
    findings.push_back(look_at_listener(listener, running));
  }
  const http::TlsFiles tls{settings.server.tls_certificate, settings.server.tls_key};
  if (!tls.empty()) findings.push_back(look_at_tls(tls));
  if (running && !url.empty()) look_at_nodes(loaded, findings);
  if (calibrate) findings.push_back(calibrate_hashing(settings));
  return findings;
}

}  // namespace claviger::app
