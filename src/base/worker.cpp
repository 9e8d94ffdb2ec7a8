#include "base/worker.hpp"

#include <pthread.h>
#include <sys/resource.h>
#include <unistd.h>

#include <condition_variable>
#include <deque>
#include <mutex>
#include <thread>
#include <unordered_map>
#include <vector>

namespace claviger {
namespace {

constexpr int kLowPriority = 10;        // a nice value
constexpr std::size_t kNameBytes = 15;  // what the kernel keeps of a thread's name

// Everybody's jobs in the order in which they came, and people in turns.
class TurnQueue {
 public:
  using Job = std::move_only_function<void()>;

  // Whoever floods it alone gets half of the places, and two of them a third each: there is always
  // one for somebody who has none.
  bool has_place(const std::string& whom, std::size_t capacity) const {
    if (waiting_ >= capacity) return false;
    const auto theirs = jobs_.find(whom);
    return whom.empty() || theirs == jobs_.end() || theirs->second.size() < capacity - waiting_;
  }
  void add(const std::string& whom, Job job) {
    auto& theirs = jobs_[whom];
    if (theirs.empty()) turns_.push_back(whom);
    theirs.push_back(std::move(job));
    ++waiting_;
  }
  bool is_empty() const { return waiting_ == 0; }
  // An empty one when there is none.
  Job take() {
    if (turns_.empty()) return {};
    const auto theirs = jobs_.find(turns_.front());
    auto job = std::move(theirs->second.front());
    theirs->second.pop_front();
    --waiting_;
    if (theirs->second.empty()) {
      jobs_.erase(theirs);
    } else {
      turns_.push_back(std::move(turns_.front()));
    }
    turns_.pop_front();
    return job;
  }

 private:
  std::unordered_map<std::string, std::deque<Job>> jobs_;
  std::deque<std::string> turns_;  // those who wait, the next one first
  std::size_t waiting_ = 0;
};

class ThreadWorker final : public Worker {
 public:
  ThreadWorker(std::string name, std::size_t threads, std::size_t capacity, bool low_priority)
      : name_(std::move(name).substr(0, kNameBytes)),
        capacity_(capacity),
        low_priority_(low_priority) {
    for (std::size_t i = 0; i < threads; ++i) threads_.emplace_back([this] { run(); });
  }

  ~ThreadWorker() override {
    {
      const std::lock_guard lock(mutex_);
      stopping_ = true;
    }
    wake_.notify_all();
    for (auto& thread : threads_) thread.join();
  }

  bool post(std::move_only_function<void()> job) override { return post_for({}, std::move(job)); }

  bool post_for(const std::string& whom, std::move_only_function<void()> job) override {
    {
      const std::lock_guard lock(mutex_);
      if (stopping_ || !queue_.has_place(whom, capacity_)) return false;
      queue_.add(whom, std::move(job));
    }
    wake_.notify_one();
    return true;
  }

 private:
  void run() {
    pthread_setname_np(pthread_self(), name_.c_str());
    // On Linux a nice value belongs to the thread, and raising it needs no privilege.
    if (low_priority_) setpriority(PRIO_PROCESS, static_cast<id_t>(gettid()), kLowPriority);
    while (auto job = take()) job();
  }

  // Waits for a job; an empty one once the queue is drained and the worker stops.
  std::move_only_function<void()> take() {
    std::unique_lock lock(mutex_);
    wake_.wait(lock, [this] { return stopping_ || !queue_.is_empty(); });
    return queue_.take();
  }

  const std::string name_;
  const std::size_t capacity_;
  const bool low_priority_;
  std::mutex mutex_;
  std::condition_variable wake_;
  TurnQueue queue_;
  bool stopping_ = false;
  std::vector<std::thread> threads_;
};

}  // namespace

bool Worker::post_for(const std::string&, std::move_only_function<void()> job) {
  return post(std::move(job));
}

std::unique_ptr<Worker> make_thread_worker(std::string name, std::size_t threads,
                                           std::size_t capacity, bool low_priority) {
  return std::make_unique<ThreadWorker>(std::move(name), threads, capacity, low_priority);
}

}  // namespace claviger
