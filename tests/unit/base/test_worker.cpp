#include "base/worker.hpp"

#include <gtest/gtest.h>
#include <pthread.h>
#include <sys/resource.h>
#include <unistd.h>

#include <array>
#include <atomic>
#include <latch>
#include <string>
#include <thread>

#include "tests/support/run_task.hpp"

namespace claviger {
namespace {

TEST(Worker, destructor_finishes_what_was_taken) {
  std::atomic<int> done = 0;
  {
    const auto worker = make_thread_worker("test", 2, 100, false);
    for (int i = 0; i < 100; ++i) ASSERT_TRUE(worker->post([&done] { ++done; }));
  }
  EXPECT_EQ(done, 100);
}

TEST(Worker, full_queue_takes_nothing) {
  std::atomic<int> done = 0;
  {
    std::latch begun(1);
    std::latch go(1);
    const auto worker = make_thread_worker("test", 1, 2, false);
    ASSERT_TRUE(worker->post([&] {
      begun.count_down();
      go.wait();
      ++done;
    }));
    begun.wait();  // it runs, and waits no longer in the queue
    EXPECT_TRUE(worker->post([&] { ++done; }));
    EXPECT_TRUE(worker->post([&] { ++done; }));
    EXPECT_FALSE(worker->post([&] { done += 100; }));
    go.count_down();
  }
  EXPECT_EQ(done, 3);
}

// A worker whose one thread is held until the test has asked for everything: what it does then is
// the order of service.
class HeldQueue {
 public:
  explicit HeldQueue(std::size_t capacity)
      : worker_(make_thread_worker("test", 1, capacity, false)) {
    worker_->post([this] {
      begun_.count_down();
      go_.wait();
    });
    begun_.wait();
  }
  ~HeldQueue() {
    if (worker_) go_.count_down();
  }
  bool ask(const std::string& whom, const std::string& what) {
    return worker_->post_for(whom, [this, what] { served_ += what + " "; });
  }
  std::string served() {
    go_.count_down();
    worker_.reset();  // finishes what it took
    return served_;
  }

 private:
  std::latch begun_{1};
  std::latch go_{1};
  std::string served_;
  std::unique_ptr<Worker> worker_;
};

// PW-04: a thousand passwords of one address don't stand before the one of another.
TEST(Worker, serves_people_in_turns) {
  HeldQueue queue(100);
  for (const char* what : {"a1", "a2", "a3", "a4"}) ASSERT_TRUE(queue.ask("a", what));
  ASSERT_TRUE(queue.ask("b", "b1"));
  ASSERT_TRUE(queue.ask("c", "c1"));
  ASSERT_TRUE(queue.ask("b", "b2"));
  EXPECT_EQ(queue.served(), "a1 b1 c1 a2 b2 a3 a4 ");
}

TEST(Worker, nobody_takes_more_places_than_are_still_free) {
  HeldQueue queue(8);
  int of_one = 0;
  while (queue.ask("one", "x")) ++of_one;
  EXPECT_EQ(of_one, 4);
  int of_another = 0;
  while (queue.ask("another", "x")) ++of_another;
  EXPECT_EQ(of_another, 2);
  EXPECT_TRUE(queue.ask("newcomer", "x")) << "there is a place for whoever has none";
}

TEST(Worker, jobs_of_nobody_share_what_there_is) {
  HeldQueue queue(3);
  EXPECT_TRUE(queue.ask("", "x") && queue.ask("", "y") && queue.ask("", "z"));
  EXPECT_FALSE(queue.ask("", "w"));
  EXPECT_FALSE(queue.ask("somebody", "w"));
  EXPECT_EQ(queue.served(), "x y z ");
}

struct Seen {
  std::string name;
  int nice = 0;
};

Seen look(bool low_priority) {
  Seen seen;
  const auto worker = make_thread_worker("passwords-and-more", 1, 1, low_priority);
  std::latch done(1);
  worker->post([&] {
    std::array<char, 16> name{};
    pthread_getname_np(pthread_self(), name.data(), name.size());
    seen = {name.data(), getpriority(PRIO_PROCESS, static_cast<id_t>(gettid()))};
    done.count_down();
  });
  done.wait();
  return seen;
}

TEST(Worker, has_a_name_and_a_priority_of_its_own) {
  const int mine = getpriority(PRIO_PROCESS, static_cast<id_t>(gettid()));
  EXPECT_EQ(look(false).name, "passwords-and-m");
  EXPECT_EQ(look(false).nice, mine);
  EXPECT_EQ(look(true).nice, 10);
  EXPECT_EQ(getpriority(PRIO_PROCESS, static_cast<id_t>(gettid())), mine);
}

Task<std::optional<int>> twice(Worker& worker, int number, std::thread::id& ran_on) {
  auto work = [number, &ran_on] {
    ran_on = std::this_thread::get_id();
    return number * 2;
  };
  co_return co_await run_on(worker, std::move(work));
}

TEST(RunOn, resumes_with_what_the_work_returned) {
  const auto worker = make_thread_worker("test", 1, 4, false);
  std::thread::id ran_on;
  EXPECT_EQ(test::run_task(twice(*worker, 21, ran_on)), 42);
  EXPECT_NE(ran_on, std::this_thread::get_id());
}

TEST(RunOn, inline_worker_stays_on_one_thread) {
  InlineWorker worker;
  std::thread::id ran_on;
  EXPECT_EQ(test::run_task(twice(worker, 4, ran_on)), 8);
  EXPECT_EQ(ran_on, std::this_thread::get_id());
}

class FullWorker final : public Worker {
 public:
  bool post(std::move_only_function<void()>) override { return false; }
};

TEST(RunOn, full_queue_is_told) {
  FullWorker worker;
  std::thread::id ran_on;
  EXPECT_EQ(test::run_task(twice(worker, 4, ran_on)), std::nullopt);
  EXPECT_EQ(ran_on, std::thread::id());
}

}  // namespace
}  // namespace claviger
