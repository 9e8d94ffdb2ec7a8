// How long to wait between attempts to reach a server that is away: 50 ms, doubling to 2 s, and
// spread, so that the nodes do not all knock at the same moment.
#pragma once
#include <algorithm>
#include <chrono>

namespace claviger::store::postgres {

class Backoff {
 public:
  std::chrono::milliseconds next() {
    const auto most = wait_;
    wait_ = std::min(2 * wait_, kLongest);
    // Where the clock's last digits stand differs between processes well enough.
    const auto now = std::chrono::steady_clock::now().time_since_epoch();
    const auto digits = std::chrono::duration_cast<std::chrono::microseconds>(now).count();
    return most / 2 + std::chrono::milliseconds(digits % (most.count() / 2 + 1));
  }
  void reset() { wait_ = kShortest; }

 private:
  static constexpr std::chrono::milliseconds kShortest{50};
  static constexpr std::chrono::milliseconds kLongest{2000};
  std::chrono::milliseconds wait_ = kShortest;
};

}  // namespace claviger::store::postgres
