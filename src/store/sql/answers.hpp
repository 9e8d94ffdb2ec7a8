// What a batch gives back: who waited is resumed where it waited, all of one executor by one post.
// A post for each would wake its thread at the first, have it fight over the executor's lock with
// the thread that posts the next, and send it to sleep again: five changes of context a write when
// 64 wait.
#pragma once
#include <functional>
#include <memory>
#include <mutex>
#include <vector>

#include "base/task.hpp"

namespace claviger::store::sql {

// Shared by a driver and what it posts. An answer is given only once the driver's thread has left
// the executor: whoever has the answer may destroy the io_context.
using Door = std::shared_ptr<std::mutex>;

class Answers {
 public:
  using Resume = std::move_only_function<void()>;

  explicit Answers(Door door) : door_(std::move(door)) {}
  ~Answers() { send(); }
  Answers(const Answers&) = delete;
  Answers& operator=(const Answers&) = delete;

  void add(const Executor& executor, Resume resume);
  // An executor that has stopped keeps what is resumed there and destroys it with itself.
  void send();

 private:
  struct Group {
    Executor executor;
    std::vector<Resume> waiting;
  };
  const Door door_;
  std::vector<Group> groups_;  // one for each I/O thread: a few
};

}  // namespace claviger::store::sql
