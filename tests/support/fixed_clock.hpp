// A clock that stands until it is moved.
#pragma once
#include "base/time.hpp"

namespace claviger::test {

class FixedClock final : public Clock {
 public:
  explicit FixedClock(Time start = from_seconds(1'800'000'000)) : now_(start) {}
  Time now() const override { return now_; }
  void advance(Duration by) { now_ += by; }
  void set(Time to) { now_ = to; }

 private:
  Time now_;
};

}  // namespace claviger::test
