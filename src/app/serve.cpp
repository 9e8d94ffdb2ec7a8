#include "app/serve.hpp"

#include <fmt/format.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <unistd.h>

#include <boost/asio/signal_set.hpp>
#include <boost/asio/steady_timer.hpp>
#include <csignal>
#include <cstdio>
#include <system_error>
#include <thread>

#include "app/house.hpp"
#include "app/key_schedule.hpp"
#include "app/listeners.hpp"
#include "app/logout_delivery.hpp"
#include "app/spdlog_log.hpp"
#include "app/sweeper.hpp"
#include "http/server.hpp"

namespace claviger::app {

namespace {

// No core dump of a process full of keys; as many sockets as the system allows.
void harden_process() {
  ::prctl(PR_SET_DUMPABLE, 0);
  const rlimit no_core{0, 0};
  ::setrlimit(RLIMIT_CORE, &no_core);
  rlimit files{};
  if (::getrlimit(RLIMIT_NOFILE, &files) == 0) {
    files.rlim_cur = files.rlim_max;
    ::setrlimit(RLIMIT_NOFILE, &files);
  }
}

http::ServerOptions make_options(const config::Settings& settings) {
  http::ServerOptions options;
  options.listeners = parse_listeners(settings.server.listen);
  options.threads = settings.server.threads > 0 ? static_cast<unsigned>(settings.server.threads)
                                                : std::max(1U, std::thread::hardware_concurrency());
  options.max_connections = static_cast<std::size_t>(settings.server.max_connections);
  options.max_connections_per_ip = static_cast<std::size_t>(settings.server.max_connections_per_ip);
  options.trusted_proxies = settings.server.trusted_proxies;
  options.tls = {settings.server.tls_certificate, settings.server.tls_key};
  for (auto& listener : options.listeners) listener.tls = !options.tls.empty();
  return options;
}

http::ServerOptions make_admin_options(const config::Settings& settings) {
  http::ServerOptions options;
  http::Listener socket;
  socket.unix_path = admin_socket_path(settings);
  options.listeners = {socket};
  options.threads = 1;
  return options;
}

// The first signal drains, the second cuts.
class Signals {
 public:
  Signals(http::Server& server, Log& log, std::chrono::seconds drain)
      : server_(server), log_(log), drain_(drain), set_(io_, SIGINT, SIGTERM) {
    wait();
    thread_ = std::thread([this] { io_.run(); });
  }
  ~Signals() {
    io_.stop();
    thread_.join();
  }
  Signals(const Signals&) = delete;
  Signals& operator=(const Signals&) = delete;

 private:
  void wait() {
    set_.async_wait([this](boost::system::error_code error, int signal) {
      if (error) return;
      log_.write(LogLevel::notice, "server.stopping", {{"signal", std::to_string(signal)}});
      server_.stop(again_ ? std::chrono::milliseconds(0) : std::chrono::milliseconds(drain_));
      again_ = true;
      wait();
    });
  }

  http::Server& server_;
  Log& log_;
  std::chrono::seconds drain_;
  bool again_ = false;
  boost::asio::io_context io_;
  boost::asio::signal_set set_;
  std::thread thread_;
};

// The house goes before the servers: its store and its workers finish what they hold while the
// io_contexts that wait for it are still there.
int run_server(const config::Settings& settings, std::unique_ptr<House> house, Log& log) {
  const SystemClock clock;
  auto& node = house->node();
  http::Server server(make_options(settings), node.router(), clock, log);
  http::Server admin(make_admin_options(settings), node.admin_router(), clock, log);
  server.listen();
  admin.listen();
  {
    const Signals signals(server, log, settings.server.drain);
    std::thread admin_thread([&admin] { admin.run(); });
    // A walk-through on one's own machine may take a break (DC-07).
    const auto purge = config::issuer_is_loopback(settings) ? config::Seconds(0)
                                                            : settings.registration.purge_unused;
    const Sweeper sweeper(node.store(), clock, log, purge, server.executor());
    const LogoutDelivery logouts(node.deps(), server.executor());
    node.on_logout_due(logouts.waker());
    const KeySchedule keys(node.operations().deps(), settings.keys.rotate_every, log,
                           server.executor());
    log.write(LogLevel::notice, "server.ready",
              {{"issuer", settings.issuer},
               {"pid", std::to_string(::getpid())},
               {"port", std::to_string(server.port())},
               {"data", settings.data.directory}});
    server.run();
    admin.stop(std::chrono::milliseconds(0));
    admin_thread.join();
  }
  house.reset();
  log.write(LogLevel::notice, "server.stopped", {});
  return cli::kOk;
}

int complain(int code, const std::string& what) {
  std::fprintf(stderr, "claviger: %s\n", what.c_str());
  return code;
}

}  // namespace

int serve(const config::Loaded& loaded, const cli::ServeOptions& options) {
  if (::geteuid() == 0 && !options.allow_root) {
    return complain(cli::kRoot,
                    "refusing to run as root; use an ordinary user, or say --allow-root");
  }
  harden_process();
  const auto& settings = loaded.settings;
  const auto log = make_log(settings.log.level, settings.log.format);
  try {
    return run_server(settings, std::make_unique<House>(settings, *log), *log);
  } catch (const store::DataFolderInUse& locked) {
    return complain(cli::kLocked, locked.what());
  } catch (const std::system_error& error) {
    return complain(cli::kUnavailable, error.what());
  } catch (const store::Unavailable& error) {
    return complain(cli::kUnavailable, error.what());
  } catch (const std::runtime_error& error) {
    return complain(cli::kConfig, error.what());
  }
}

}  // namespace claviger::app
