#include "base/worker.hpp"

#include <pthread.h>
#include <sys/resource.h>
#include <unistd.h>

#include <condition_variable>
#include <deque>
#include <mutex>
#include <thread>
#include <vector>

namespace claviger {
namespace {

constexpr int kLowPriority = 10;        // a nice value
constexpr std::size_t kNameBytes = 15;  // what the kernel keeps of a thread's name

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

  bool post(std::move_only_function<void()> job) override {
    {
      const std::lock_guard lock(mutex_);
      if (stopping_ || jobs_.size() >= capacity_) return false;
      jobs_.push_back(std::move(job));
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
    wake_.wait(lock, [this] { return stopping_ || !jobs_.empty(); });
    if (jobs_.empty()) return {};
    auto job = std::move(jobs_.front());
    jobs_.pop_front();
    return job;
  }

  const std::string name_;
  const std::size_t capacity_;
  const bool low_priority_;
  std::mutex mutex_;
  std::condition_variable wake_;
  std::deque<std::move_only_function<void()>> jobs_;
  bool stopping_ = false;
  std::vector<std::thread> threads_;
};

}  // namespace

std::unique_ptr<Worker> make_thread_worker(std::string name, std::size_t threads,
                                           std::size_t capacity, bool low_priority) {
  return std::make_unique<ThreadWorker>(std::move(name), threads, capacity, low_priority);
}

}  // namespace claviger
