#include "app/house.hpp"

#include <filesystem>
#include <thread>

#include "app/master_key.hpp"
#include "app/run_inline.hpp"
#include "store/postgres/open.hpp"
#include "store/sqlite/open.hpp"

namespace claviger::app {

namespace {

std::string in_folder(const config::Settings& settings, const char* name) {
  return (std::filesystem::path(settings.data.directory) / name).string();
}

std::string master_key_path(const config::Settings& settings) {
  const auto& configured = settings.data.master_key_file;
  return configured.empty() ? in_folder(settings, "master.key") : configured;
}

struct Opened {
  crypto::SealingKey master;
  std::unique_ptr<store::sql::Driver> driver;
};

using StoreMetrics = std::shared_ptr<store::Metrics>;

Opened open_own_database(const config::Settings& settings, Random& random, StoreMetrics metrics,
                         Log& log) {
  store::SqliteOptions options;
  options.directory = settings.data.directory;
  // The threads that serve, those of the metrics, of operators and of the watch, and the first one.
  options.readers = std::thread::hardware_concurrency() + 5;
  options.metrics = std::move(metrics);
  options.serves = true;
  const bool exists = std::filesystem::exists(options.path());
  auto master = open_master_key(master_key_path(settings), exists, random);
  return {std::move(master), store::open_sqlite(options, log)};
}

// Another node may have filled it long ago: then this one needs that node's master key.
Opened open_shared_database(const config::Settings& settings, Random& random, StoreMetrics metrics,
                            Log& log) {
  store::PostgresOptions options;
  options.metrics = std::move(metrics);
  options.url = settings.store.url.reveal();
  auto driver = store::open_postgres(options, log);
  store::sql::Statement any_key{"SELECT 1 FROM server_keys LIMIT 1", {}};
  const auto keys = run_inline(driver->read(std::move(any_key)));
  auto master = open_master_key(master_key_path(settings), !keys.empty(), random);
  return {std::move(master), std::move(driver)};
}

}  // namespace

std::string admin_socket_path(const config::Settings& settings) {
  return in_folder(settings, "admin.sock");
}

House::House(const config::Settings& settings, Log& log) {
  store::make_data_folder(settings.data.directory);
  lock_ = std::make_unique<store::DataLock>(settings.data.directory);
  const auto metrics = std::make_shared<Metrics>();
  const StoreMetrics of_store(metrics, &metrics->store);
  auto opened = settings.store.url.reveal().empty()
                    ? open_own_database(settings, random_, of_store, log)
                    : open_shared_database(settings, random_, of_store, log);
  hashing_ = make_thread_worker("hash", static_cast<std::size_t>(settings.login.hash_threads),
                                static_cast<std::size_t>(settings.login.hash_queue), true);
  outbound::Policy policy;
  policy.allow_loopback = settings.outbound.allow_loopback;
  policy.allow_http = settings.outbound.allow_loopback;
  policy.ca_file = settings.outbound.ca_file;
  fetcher_ = std::make_unique<outbound::Fetcher>(policy);
  auto fetch = [fetcher = fetcher_.get()](outbound::Request request) {
    return fetcher->fetch(std::move(request));
  };
  const World world{clock_, random_, log, *hashing_, fetch, metrics};
  node_ = std::make_unique<Node>(settings, world, std::move(opened.driver),
                                 std::move(opened.master), make_password_cost(settings));
}

}  // namespace claviger::app
