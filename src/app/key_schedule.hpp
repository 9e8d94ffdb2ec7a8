// Rotates the signing keys when they are of age, and notices what somebody else did to them, while
// the server runs (KY-04, KY-06).
#pragma once
#include <chrono>
#include <memory>

#include "admin/operations.hpp"
#include "base/log.hpp"
#include "base/task.hpp"

namespace claviger::app {

class KeySchedule {
 public:
  // `rotate_every` zero: nothing by itself. `deps` must outlive the executor's work.
  KeySchedule(const admin::Deps& deps, std::chrono::seconds rotate_every, Log& log,
              Executor executor);
  ~KeySchedule();
  KeySchedule(const KeySchedule&) = delete;
  KeySchedule& operator=(const KeySchedule&) = delete;

  struct Body;

 private:
  std::shared_ptr<Body> body_;
};

}  // namespace claviger::app
