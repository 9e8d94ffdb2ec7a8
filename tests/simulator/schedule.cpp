#include "tests/simulator/schedule.hpp"

#include <algorithm>

namespace claviger::simulator {

Schedule::Schedule(std::uint64_t seed) : dice(seed), now_(kBeginning) {}

Schedule::~Schedule() { drop_everything(); }

// In the order in which they were asked for when they are due at once.
bool Schedule::later(const Event& a, const Event& b) {
  return a.due != b.due ? a.due > b.due : a.number > b.number;
}

void Schedule::after(Duration pause, Owner owner, std::move_only_function<void()> what) {
  events_.push_back({now_ + pause, ++numbers_, owner, std::move(what)});
  std::ranges::push_heap(events_, later);
}

bool Schedule::step() {
  if (events_.empty()) return false;
  std::ranges::pop_heap(events_, later);
  auto event = std::move(events_.back());
  events_.pop_back();
  now_ = event.due;
  ++tick_;
  event.what();
  settle();
  return true;
}

void Schedule::settle() {
  io_.restart();
  io_.poll();
}

void Schedule::drop(Owner owner) {
  std::vector<Event> dropped;
  std::vector<Event> kept;
  for (auto& event : events_) {
    (event.owner == owner ? dropped : kept).push_back(std::move(event));
  }
  events_ = std::move(kept);
  std::ranges::make_heap(events_, later);
  dropped.clear();
  settle();  // coroutines are unwound by their executor
}

void Schedule::drop_everything() {
  while (!events_.empty()) {
    auto dropped = std::move(events_);
    events_.clear();
    dropped.clear();
    settle();
  }
}

}  // namespace claviger::simulator
