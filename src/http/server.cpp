#include "http/server.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <list>
#include <thread>

#include "http/acceptor.hpp"
#include "http/admission.hpp"
#include "http/connection.hpp"
#include "http/shard.hpp"

namespace claviger::http {
namespace {

namespace asio = boost::asio;
constexpr asio::use_awaitable_t<Executor> kAwait;
constexpr std::chrono::milliseconds kTurnedAwayLinger{500};
constexpr std::size_t kTurnedAwayMost = 32;

using Timer = asio::basic_waitable_timer<std::chrono::steady_clock,
                                         asio::wait_traits<std::chrono::steady_clock>, Executor>;

ServerOptions counting(ServerOptions options) {
  if (!options.metrics) options.metrics = std::make_shared<Metrics>();
  return options;
}

Task<void> run_connection(std::unique_ptr<Connection> connection) { co_await connection->run(); }

}  // namespace

// What a listener's connections are.
struct Kind {
  int family = 0;
  bool tls = false;
};

struct Server::Body {
  Body(ServerOptions given, Router& router, const Clock& clock, Log& its_log);

  void listen();
  void run();
  void stop(std::chrono::milliseconds deadline);

  Task<void> place(Descriptor fd, Peer peer, Kind kind);
  Task<bool> make_room();
  void start_connection(Shard& shard, Descriptor fd, Kind kind, const Peer& peer);
  Task<void> turn_away_gently(Descriptor fd);
  Task<void> drain(std::chrono::milliseconds deadline);
  Task<void> cut_after(std::chrono::milliseconds deadline);
  void connection_ended(Shard& shard, const Peer& peer);
  void stop_if_empty();
  void stop_shards();
  Shard& emptiest();

  const ServerOptions options;
  Metrics& metrics;
  const TrustedProxies proxies;
  Admission admission;
  Log& log;
  std::atomic<bool> draining = false;
  const ConnectionRules rules;
  std::atomic<bool> backlog_empty = false;  // and draining: no connection can come any more
  std::size_t turned_away = 0;
  std::vector<std::uint16_t> ports;
  std::unique_ptr<Tls> tls;
  std::vector<std::unique_ptr<Shard>> shards;
  std::vector<std::unique_ptr<Acceptor>> acceptors;
};

Server::Body::Body(ServerOptions given, Router& router, const Clock& clock, Log& its_log)
    : options(counting(std::move(given))),
      metrics(*options.metrics),
      proxies(options.trusted_proxies),
      admission(options, proxies),
      log(its_log),
      rules{options, proxies, router, clock, its_log, metrics, draining} {
  for (unsigned i = 0; i < std::max(options.threads, 1u); ++i)
    shards.push_back(std::make_unique<Shard>());
}

void Server::Body::listen() {
  if (!options.tls.empty()) tls = std::make_unique<Tls>(options.tls, log);
  for (const auto& listener : options.listeners) {
    auto socket = ListeningSocket::open(listener);
    ports.push_back(socket ? socket->port() : 0);
    if (!socket) continue;
    log.write(LogLevel::info, "http.listening",
              {{"address", socket->name()}, {"port", std::to_string(ports.back())}});
    const Kind kind{socket->family(), listener.tls};
    auto take = [this, kind](Descriptor fd, Peer peer) {
      return place(std::move(fd), std::move(peer), kind);
    };
    acceptors.push_back(std::make_unique<Acceptor>(shards.front()->executor(), std::move(*socket),
                                                   log, metrics, std::move(take)));
  }
}

void Server::Body::run() {
  for (auto& acceptor : acceptors)
    asio::co_spawn(shards.front()->executor(), acceptor->run(), asio::detached);
  std::vector<std::jthread> threads;
  for (std::size_t i = 1; i < shards.size(); ++i)
    threads.emplace_back([this, i] { shards[i]->run(log); });
  shards.front()->run(log);
}

Shard& Server::Body::emptiest() {
  return **std::ranges::min_element(
      shards, {}, [](const std::unique_ptr<Shard>& shard) { return shard->load().load(); });
}

Task<void> Server::Body::place(Descriptor fd, Peer peer, Kind kind) {
  bool room = !admission.is_full();
  if (!room) room = co_await make_room();
  if (!room || !admission.enter(peer)) {
    metrics.connections_turned_away.add();
    log.write(LogLevel::notice, "http.turned_away", {{"peer", peer.address}});
    asio::co_spawn(shards.front()->executor(), turn_away_gently(std::move(fd)), asio::detached);
    co_return;
  }
  Shard& shard = emptiest();
  ++shard.load();
  metrics.connections_accepted.add();
  metrics.connections.add(1);
  asio::post(shard.executor(),
             [this, &shard, fd = std::move(fd), peer = std::move(peer), kind]() mutable {
               start_connection(shard, std::move(fd), kind, peer);
             });
}

// Closes the connection that has been idle longest, wherever it is. False: none has been for long.
Task<bool> Server::Body::make_room() {
  const auto longest =
      std::ranges::min_element(shards, {}, [](const auto& shard) { return shard->oldest_idle(); });
  Shard& shard = **longest;
  const auto idle_since = std::chrono::steady_clock::now() - options.idle_before_eviction;
  if (shard.oldest_idle() > idle_since.time_since_epoch().count()) co_return false;
  const bool evicted = co_await asio::co_spawn(shard.executor(), shard.evict_oldest_idle(), kAwait);
  if (evicted) metrics.connections_evicted.add();
  co_return evicted;
}

void Server::Body::start_connection(Shard& shard, Descriptor fd, Kind kind, const Peer& peer) {
  std::optional<TlsChannel> channel;
  if (kind.tls) channel = tls->accept(fd.get(), std::chrono::steady_clock::now());
  Stream stream(shard.executor(), kind.family, fd.release(), std::move(channel));
  auto connection = std::make_unique<Connection>(shard, rules, std::move(stream), peer);
  if (draining) connection->drain();
  asio::co_spawn(shard.executor(), run_connection(std::move(connection)),
                 [this, &shard, peer](std::exception_ptr failure) {
                   if (failure)
                     log.write(LogLevel::error, "http.connection_failed", {{"peer", peer.address}});
                   connection_ended(shard, peer);
                 });
}

// A close right behind the answer would reach most clients as a reset; but only so many may stay.
Task<void> Server::Body::turn_away_gently(Descriptor fd) {
  turn_away(fd);
  if (turned_away >= kTurnedAwayMost) co_return;
  ++turned_away;
  Timer timer(shards.front()->executor(), kTurnedAwayLinger);
  co_await timer.async_wait(kAwait);
  --turned_away;
}

void Server::Body::connection_ended(Shard& shard, const Peer& peer) {
  --shard.load();
  metrics.connections.add(-1);
  admission.leave(peer);
  stop_if_empty();
}

void Server::Body::stop(std::chrono::milliseconds deadline) {
  asio::post(shards.front()->executor(), [this, deadline] {
    const Executor executor = shards.front()->executor();
    if (draining) {
      asio::co_spawn(executor, cut_after(deadline), asio::detached);
    } else {
      asio::co_spawn(executor, drain(deadline), asio::detached);
    }
  });
}

// What the kernel has accepted for us counts as begun: it is taken out of the backlog before the
// listener closes.
Task<void> Server::Body::drain(std::chrono::milliseconds deadline) {
  if (draining.exchange(true)) co_return;
  for (auto& acceptor : acceptors) {
    co_await acceptor->empty_backlog();
    acceptor->close();
  }
  backlog_empty = true;
  for (auto& shard : shards) asio::post(shard->executor(), [&one = *shard] { one.drain(); });
  stop_if_empty();
  co_await cut_after(deadline);
}

Task<void> Server::Body::cut_after(std::chrono::milliseconds deadline) {
  Timer timer(shards.front()->executor(), deadline);
  co_await timer.async_wait(kAwait);
  log.write(LogLevel::warning, "http.drain_cut", {});
  for (auto& shard : shards) {
    asio::post(shard->executor(), [&one = *shard] {
      one.cut();
      one.stop();
    });
  }
}

void Server::Body::stop_if_empty() {
  if (backlog_empty && admission.is_empty()) stop_shards();
}

void Server::Body::stop_shards() {
  for (auto& shard : shards) shard->stop();
}

Server::Server(ServerOptions options, Router& router, const Clock& clock, Log& log)
    : body_(std::make_unique<Body>(std::move(options), router, clock, log)) {}
Server::~Server() = default;
void Server::listen() { body_->listen(); }
std::uint16_t Server::port(std::size_t listener) const { return body_->ports.at(listener); }
void Server::run() { body_->run(); }
void Server::stop(std::chrono::milliseconds deadline) { body_->stop(deadline); }
Executor Server::executor() { return body_->shards.front()->executor(); }
std::vector<Executor> Server::executors() {
  std::vector<Executor> all;
  for (const auto& shard : body_->shards) all.push_back(shard->executor());
  return all;
}

}  // namespace claviger::http
