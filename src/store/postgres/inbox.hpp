// What other threads hand to the driver's. All that comes before that thread gets to it goes over
// together: one wake-up of it, and no allocation for each.
#pragma once
#include <boost/asio/post.hpp>
#include <functional>
#include <mutex>
#include <vector>

#include "base/task.hpp"

namespace claviger::store::postgres {

template <class Job>
class Inbox {
 public:
  using Take = std::function<void(std::vector<Job>)>;

  // `take` runs on the executor.
  Inbox(Executor executor, Take take) : executor_(executor), take_(std::move(take)) {}

  // Any thread.
  void put(Job job) {
    {
      const std::lock_guard lock(mutex_);
      jobs_.push_back(std::move(job));
      if (jobs_.size() > 1) return;
    }
    // Outside the lock: the thread that it wakes would only go to sleep before it again.
    boost::asio::post(executor_, [this] { empty_it(); });
  }

 private:
  void empty_it() {
    std::vector<Job> jobs;
    {
      const std::lock_guard lock(mutex_);
      jobs.swap(jobs_);
    }
    take_(std::move(jobs));
  }

  const Executor executor_;
  const Take take_;
  std::mutex mutex_;
  std::vector<Job> jobs_;
};

}  // namespace claviger::store::postgres
