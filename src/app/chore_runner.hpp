// Calls the rounds of a node's chores, each when its time has come, and at once when something was
// announced that it is there for.
#pragma once
#include <memory>

#include "app/chores.hpp"
#include "base/task.hpp"

namespace claviger::app {

class ChoreRunner {
 public:
  // `node` must outlive the executor's work. Everything happens on the executor's one thread.
  ChoreRunner(Node& node, ChoreOptions options, Executor executor);
  ~ChoreRunner();
  ChoreRunner(const ChoreRunner&) = delete;
  ChoreRunner& operator=(const ChoreRunner&) = delete;

  // When the executor's thread has ended: lets another node go on at once. Waits for the database,
  // but not for long.
  void leave();

  struct Body;

 private:
  std::shared_ptr<Body> body_;
};

}  // namespace claviger::app
