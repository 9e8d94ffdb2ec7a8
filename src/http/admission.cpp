#include "http/admission.hpp"

#include <sys/resource.h>

#include <algorithm>

namespace claviger::http {
namespace {

// Databases, logs, listeners and outgoing connections need descriptors too.
constexpr rlim_t kReserved = 128;

std::size_t descriptors_for_connections() {
  rlimit limit{};
  if (getrlimit(RLIMIT_NOFILE, &limit) != 0) return 512;
  if (limit.rlim_cur < limit.rlim_max) {
    limit.rlim_cur = limit.rlim_max;
    if (setrlimit(RLIMIT_NOFILE, &limit) != 0) getrlimit(RLIMIT_NOFILE, &limit);
  }
  if (limit.rlim_cur == RLIM_INFINITY) return ~std::size_t{0};
  return limit.rlim_cur > 2 * kReserved ? limit.rlim_cur - kReserved : limit.rlim_cur / 2;
}

}  // namespace

Admission::Admission(const ServerOptions& options, const TrustedProxies& proxies)
    : most_(std::min(options.max_connections, descriptors_for_connections())),
      most_per_address_(options.max_connections_per_ip),
      proxies_(proxies) {}

bool Admission::is_counted(const Peer& peer) const {
  return !peer.loopback && !peer.over_unix_socket && !proxies_.contains(peer.address);
}

bool Admission::enter(const Peer& peer) {
  if (is_counted(peer)) {
    const std::lock_guard lock(mutex_);
    auto& count = by_address_[peer.address];
    if (count >= most_per_address_) return false;
    ++count;
  }
  ++total_;
  return true;
}

void Admission::leave(const Peer& peer) {
  if (is_counted(peer)) {
    const std::lock_guard lock(mutex_);
    const auto found = by_address_.find(peer.address);
    if (found != by_address_.end() && --found->second == 0) by_address_.erase(found);
  }
  --total_;
}

}  // namespace claviger::http
