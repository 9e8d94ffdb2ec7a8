// The data folder with everything that is opened from it: lock, master key, store, node. Shared by
// `serve` and by the command line when no server runs.
#pragma once
#include <memory>
#include <string>

#include "app/node.hpp"
#include "base/log.hpp"
#include "base/time.hpp"
#include "config/load.hpp"
#include "crypto/system_random.hpp"
#include "outbound/fetcher.hpp"
#include "store/sqlite/data_folder.hpp"

namespace claviger::app {

std::string admin_socket_path(const config::Settings& settings);

class House {
 public:
  // Throws store::DataFolderInUse when another process holds the folder, std::runtime_error with a
  // sentence for everything else that an operator must mend.
  House(const config::Settings& settings, Log& log);

  Node& node() { return *node_; }
  const Clock& clock() const { return clock_; }

 private:
  SystemClock clock_;
  crypto::SystemRandom random_;
  std::unique_ptr<store::DataLock> lock_;
  std::unique_ptr<Worker> hashing_;
  std::unique_ptr<outbound::Fetcher> fetcher_;
  std::unique_ptr<Node> node_;
};

}  // namespace claviger::app
