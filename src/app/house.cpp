#include "app/house.hpp"

#include <filesystem>
#include <thread>

#include "app/master_key.hpp"
#include "store/sqlite/open.hpp"

namespace claviger::app {

namespace {

std::string in_folder(const config::Settings& settings, const char* name) {
  return (std::filesystem::path(settings.data.directory) / name).string();
}

}  // namespace

std::string admin_socket_path(const config::Settings& settings) {
  return in_folder(settings, "admin.sock");
}

House::House(const config::Settings& settings, Log& log) {
  store::make_data_folder(settings.data.directory);
  lock_ = std::make_unique<store::DataLock>(settings.data.directory);
  const bool database_exists = std::filesystem::exists(in_folder(settings, "claviger.db"));
  const auto& configured = settings.data.master_key_file;
  auto master = open_master_key(configured.empty() ? in_folder(settings, "master.key") : configured,
                                database_exists, random_);
  store::SqliteOptions options;
  options.directory = settings.data.directory;
  options.readers = std::max(4U, std::thread::hardware_concurrency() + 2);
  auto driver = store::open_sqlite(options, log);
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
  const World world{clock_, random_, log, *hashing_, fetch};
  node_ = std::make_unique<Node>(settings, world, std::move(driver), std::move(master),
                                 make_password_cost(settings));
}

}  // namespace claviger::app
