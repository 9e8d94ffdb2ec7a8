// How many connections there are, in all and from one address, and whether another may come in
// (HT-22).
#pragma once
#include <atomic>
#include <cstddef>
#include <mutex>
#include <string>
#include <unordered_map>

#include "http/connection.hpp"

namespace claviger::http {

class Admission {
 public:
  Admission(const ServerOptions& options, const TrustedProxies& proxies);

  bool is_full() const { return total_ >= most_; }
  bool is_empty() const { return total_ == 0; }
  std::size_t capacity() const { return most_; }
  // Counts the peer in. False: it has too many connections already.
  bool enter(const Peer& peer);
  void leave(const Peer& peer);

 private:
  // Many people stand behind one proxy, and loopback is the operator's own machine.
  bool is_counted(const Peer& peer) const;

  std::size_t most_;
  const std::size_t most_per_address_;
  const TrustedProxies& proxies_;
  std::atomic<std::size_t> total_ = 0;
  std::mutex mutex_;
  std::unordered_map<std::string, std::size_t> by_address_;
};

}  // namespace claviger::http
