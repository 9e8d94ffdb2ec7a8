// What waits for a connection: in the order it came, and never longer than a request can wait.
#pragma once
#include <boost/asio/steady_timer.hpp>
#include <chrono>
#include <deque>
#include <optional>
#include <string>

#include "base/task.hpp"
#include "store/postgres/failure.hpp"
#include "store/sql/answers.hpp"

namespace claviger::store::postgres {

inline constexpr std::chrono::milliseconds kLongestWait{2000};

// Jobs have a member refuse(const Failure&, sql::Answers&). Used by the driver's thread alone.
template <class Job>
class Waiting {
 public:
  Waiting(Executor executor, sql::Door door) : door_(std::move(door)), timer_(executor) {}

  bool empty() const { return jobs_.empty(); }
  std::size_t size() const { return jobs_.size(); }
  void push(Job job) {
    jobs_.push_back({std::move(job), Clock::now() + kLongestWait});
    if (jobs_.size() == 1) watch();
  }
  std::optional<Job> pop() {
    if (jobs_.empty()) return {};
    std::optional<Job> job(std::move(jobs_.front().job));
    jobs_.pop_front();
    if (jobs_.empty()) timer_.cancel();
    return job;
  }
  void refuse_all(const Failure& failure) {
    sql::Answers answers(door_);
    while (auto job = pop()) job->refuse(failure, answers);
  }

 private:
  using Clock = std::chrono::steady_clock;
  struct Entry {
    Job job;
    Clock::time_point until;
  };

  void watch() {
    timer_.expires_at(jobs_.front().until);
    timer_.async_wait([this](boost::system::error_code error) {
      if (!error) refuse_expired();
    });
  }
  void refuse_expired() {
    const auto now = Clock::now();
    sql::Answers answers(door_);
    while (!jobs_.empty() && jobs_.front().until <= now) {
      pop()->refuse({false, "no connection to the database came free in time"}, answers);
    }
    if (!jobs_.empty()) watch();
  }

  const sql::Door door_;
  std::deque<Entry> jobs_;
  boost::asio::steady_timer timer_;
};

}  // namespace claviger::store::postgres
