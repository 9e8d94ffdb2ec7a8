#include "app/serve.hpp"

#include <fmt/format.h>
#include <malloc.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <unistd.h>

#include <array>
#include <cstdio>
#include <system_error>
#include <thread>

#include "app/chore_runner.hpp"
#include "app/database_watch.hpp"
#include "app/house.hpp"
#include "app/listeners.hpp"
#include "app/spdlog_log.hpp"
#include "app/supervisor.hpp"
#include "app/way_out.hpp"
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

// Before the first thread: heaps that are as large as they will be. To grow one changes the address
// space, for which a thread waits while a password hash maps its 46 MiB: p99 of /token in a flood
// of sign-ins was 20 ms instead of 2. It costs addresses, no memory.
void grow_heaps_at_once() {
  constexpr int kHeap = 32 * 1024 * 1024;
  ::mallopt(M_TOP_PAD, kHeap);
  ::mallopt(M_TRIM_THRESHOLD, 8 * kHeap);
}

std::vector<http::Listener> listeners_of(const config::Settings& settings,
                                         const Supervisor& supervisor) {
  if (supervisor.sockets().empty()) return parse_listeners(settings.server.listen);
  std::vector<http::Listener> handed;
  for (const int descriptor : supervisor.sockets()) {
    http::Listener listener;
    listener.descriptor = descriptor;
    handed.push_back(listener);
  }
  return handed;
}

http::ServerOptions make_options(const config::Settings& settings, const Supervisor& supervisor) {
  http::ServerOptions options;
  options.listeners = listeners_of(settings, supervisor);
  options.threads = settings.server.threads > 0 ? static_cast<unsigned>(settings.server.threads)
                                                : std::max(1U, std::thread::hardware_concurrency());
  options.max_connections = static_cast<std::size_t>(settings.server.max_connections);
  options.max_connections_per_ip = static_cast<std::size_t>(settings.server.max_connections_per_ip);
  options.longest_wait = std::chrono::milliseconds(settings.server.longest_wait_ms);
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

ChoreOptions make_chore_options(const config::Settings& settings) {
  ChoreOptions options;
  std::array<char, 256> name{};
  if (::gethostname(name.data(), name.size() - 1) == 0) options.node_name = name.data();
  options.rotate_every = settings.keys.rotate_every;
  // A walk-through on one's own machine may take a break (DC-07).
  if (!config::issuer_is_loopback(settings))
    options.purge_unused = settings.registration.purge_unused;
  return options;
}

// One client has a few at a time. They are few, since descriptors are the public listeners' first.
http::ServerOptions make_metrics_options(const config::Settings& settings) {
  http::ServerOptions options;
  options.listeners = parse_listeners(settings.metrics.listen);
  options.threads = 1;
  options.max_connections = 32;
  return options;
}

// The default address may be another server's: whoever wants the metrics says where.
void listen_for_metrics(http::Server& metrics, const config::Loaded& loaded, Log& log) {
  try {
    metrics.listen();
  } catch (const std::system_error& taken) {
    const auto origin = loaded.origin.find("metrics.listen");
    if (origin != loaded.origin.end() && origin->second != "default") throw;
    log.write(LogLevel::notice, "metrics.not_served",
              {{"cause", taken.what()}, {"mend", "set [metrics] listen"}});
  }
}

WayOut::Times make_times(const config::Loaded& loaded) {
  const auto& settings = loaded.settings;
  const auto origin = loaded.origin.find("server.drain_delay");
  const bool unset = origin == loaded.origin.end() || origin->second == "default";
  const bool no_balancer = unset && config::issuer_is_loopback(settings);
  return {no_balancer ? config::Seconds(0) : settings.server.drain_delay, settings.server.drain};
}

// Runs beside the server that everybody sees, until that one has ended.
class Companion {
 public:
  explicit Companion(http::Server& server)
      : server_(server), thread_([&server] { server.run(); }) {}
  ~Companion() {
    server_.stop(std::chrono::milliseconds(0));
    thread_.join();
  }
  Companion(const Companion&) = delete;
  Companion& operator=(const Companion&) = delete;

 private:
  http::Server& server_;
  std::thread thread_;
};

std::vector<Executor> threads_of(std::initializer_list<http::Server*> servers) {
  std::vector<Executor> all;
  for (auto* server : servers) {
    for (const auto& each : server->executors()) all.push_back(each);
  }
  return all;
}

void announce(const config::Settings& settings, std::uint16_t port, Supervisor& supervisor,
              Log& log) {
  log.write(LogLevel::notice, "server.ready",
            {{"issuer", settings.issuer},
             {"pid", std::to_string(::getpid())},
             {"port", std::to_string(port)},
             {"data", settings.data.directory}});
  supervisor.ready(fmt::format("serving {}", settings.issuer));
}

// The house goes before the servers: its store and its workers finish what they hold while the
// io_contexts that wait for it are still there.
int run_server(const config::Loaded& loaded, std::unique_ptr<House> house, Supervisor& supervisor,
               Log& log) {
  const auto& settings = loaded.settings;
  const SystemClock clock;
  auto& node = house->node();
  auto options = make_options(settings, supervisor);
  options.metrics = std::shared_ptr<http::Metrics>(node.metrics(), &node.metrics()->http);
  http::Server server(std::move(options), node.router(), clock, log);
  http::Server admin(make_admin_options(settings), node.admin_router(), clock, log);
  http::Server metrics(make_metrics_options(settings), node.metrics_router(), clock, log);
  server.listen();
  admin.listen();
  listen_for_metrics(metrics, loaded, log);
  // Until the very end: closing the house may take as long as one write.
  WayOut way_out(server, *node.deps().readiness, supervisor, make_times(loaded), log);
  {
    const DatabaseWatch watch(node.store());
    node.on_database_state([&watch] { return watch.state(); });
    ChoreRunner chores(node, make_chore_options(settings), server.executor());
    {
      const SignsOfLife signs(supervisor, threads_of({&server, &admin, &metrics}));
      const Companion beside_admin(admin);
      const Companion beside_metrics(metrics);
      announce(settings, server.port(), supervisor, log);
      server.run();
    }
    chores.leave();
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
  grow_heaps_at_once();
  const auto& settings = loaded.settings;
  const auto log = make_log(settings.log.level, settings.log.format);
  Supervisor supervisor;
  try {
    supervisor.status("opening the database");
    auto house = std::make_unique<House>(settings, *log);
    return run_server(loaded, std::move(house), supervisor, *log);
  } catch (const store::DataFolderInUse& locked) {
    return complain(cli::kLocked, locked.what());
  } catch (const std::system_error& error) {
    return complain(cli::kUnavailable, error.what());
  } catch (const store::Damaged& error) {
    return complain(cli::kConfig, error.what());
  } catch (const store::Unavailable& error) {
    return complain(cli::kUnavailable, error.what());
  } catch (const std::runtime_error& error) {
    return complain(cli::kConfig, error.what());
  }
}

}  // namespace claviger::app
