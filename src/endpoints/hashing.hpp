// One password hash on the hashing threads: how many wait there, and how long each takes.
#pragma once
#include "base/worker.hpp"
#include "endpoints/deps.hpp"

namespace claviger::endpoints {

// Counted from where it is made until it is left or gone: a full queue drops the job unrun.
class PlaceInQueue {
 public:
  explicit PlaceInQueue(std::shared_ptr<Metrics> metrics) : metrics_(std::move(metrics)) {
    metrics_->hashes_waiting.add(1);
  }
  PlaceInQueue(PlaceInQueue&&) = default;
  PlaceInQueue& operator=(PlaceInQueue&&) = delete;
  ~PlaceInQueue() { leave(); }
  void leave() {
    if (const auto metrics = std::exchange(metrics_, nullptr)) metrics->hashes_waiting.add(-1);
  }

 private:
  std::shared_ptr<Metrics> metrics_;
};

// Nothing: the queue is full, or this address has its share of it. `work` must not throw.
template <class Work>
auto run_hash(const Deps& deps, Work work, std::string address) {
  auto timed = [&clock = deps.clock, metrics = deps.metrics, place = PlaceInQueue(deps.metrics),
                work = std::move(work)]() mutable {
    place.leave();
    const Time began = clock.now();
    auto result = work();
    metrics->hash_seconds.observe(std::chrono::duration<double>(clock.now() - began).count());
    return result;
  };
  return run_on(deps.hashing, std::move(timed), std::move(address));
}

}  // namespace claviger::endpoints
