// What may go wrong in one history, drawn with everything else from its seed: some histories have
// many faults of one kind, some have none at all and races instead.
#pragma once
#include "tests/simulator/dice.hpp"

namespace claviger::simulator {

struct Faults {
  // In a thousand.
  int read_unavailable = 0;
  int rolled_back = 0;   // for certain, and the node is told so
  int lost_after = 0;    // committed, and the answer is lost
  int lost_before = 0;   // not committed, and the node can't know
  int slow = 0;          // up to two seconds instead of milliseconds
  int request_lost = 0;  // on its way to the node
  int answer_lost = 0;   // on its way back
  int delivered_twice = 0;
  int crashes = 0;   // how many
  Duration skew{0};  // of each clock, to either side
  int clock_jumps = 0;
  bool failover = false;  // to a database that is behind
  bool chores = false;    // no fault: what nodes do by themselves is done too

  bool store_fails() const {
    return read_unavailable + rolled_back + lost_after + lost_before > 0 || failover;
  }
};

inline Faults draw_faults(Dice& dice) {
  using namespace std::chrono_literals;
  Faults faults;
  faults.chores = dice.one_in(4);
  if (dice.one_in(4)) return faults;
  const auto some = [&](std::size_t most) {
    return dice.one_in(2) ? static_cast<int>(dice.below(most)) : 0;
  };
  faults.read_unavailable = some(30);
  faults.rolled_back = some(120);
  faults.lost_after = some(120);
  faults.lost_before = some(120);
  faults.slow = some(150);
  faults.request_lost = some(60);
  faults.answer_lost = some(120);
  faults.delivered_twice = some(150);
  faults.crashes = some(4);
  if (dice.one_in(3)) faults.skew = dice.between(0s, 5s);
  if (faults.skew > 0s) faults.clock_jumps = some(4);
  faults.failover = dice.one_in(8);
  return faults;
}

}  // namespace claviger::simulator
