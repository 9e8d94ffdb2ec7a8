// A database that hangs keeps no probe waiting.
#include "app/database_watch.hpp"

#include <gtest/gtest.h>

#include "tests/support/scripted_random.hpp"

namespace claviger::test {
namespace {

using endpoints::DatabaseState;

// Answers, or fails, or lets whoever reads wait.
class MoodyDriver final : public store::sql::Driver {
 public:
  enum class Mood { answers, fails, hangs };

  Task<std::vector<store::sql::Row>> read(store::sql::Statement) override {
    std::unique_lock lock(mutex_);
    ++reads_;
    changed_.notify_all();
    changed_.wait(lock, [this] { return mood_ != Mood::hangs; });
    if (mood_ == Mood::fails) throw store::Unavailable("away");
    std::vector<store::sql::Row> rows;
    rows.emplace_back(std::vector<store::sql::Value>{std::int64_t{1}});
    co_return rows;
  }
  Task<store::sql::OperationResult> commit(store::sql::Operation) override {
    throw store::Unavailable("reads only");
  }
  std::int64_t storage_epoch() const override { return 1; }
  bool writable() const override { return writable_; }

  void be(Mood mood) {
    const std::lock_guard lock(mutex_);
    mood_ = mood;
    reads_ = 0;
    changed_.notify_all();
  }
  void wait_for_a_read() {
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [this] { return reads_ > 0; });
  }

  std::atomic<bool> writable_ = true;

 private:
  std::mutex mutex_;
  std::condition_variable changed_;
  Mood mood_ = Mood::answers;
  int reads_ = 0;
};

class Watch : public testing::Test {
 protected:
  Watch() {
    auto made = std::make_unique<MoodyDriver>();
    driver = made.get();
    store = std::make_unique<store::Store>(std::move(made), random);
  }
  void wait_until(const app::DatabaseWatch& watch, DatabaseState state) {
    while (watch.state() != state) std::this_thread::yield();
  }

  ScriptedRandom random{7};
  MoodyDriver* driver = nullptr;
  std::unique_ptr<store::Store> store;
  static constexpr app::DatabaseWatch::Times kAtOnce{std::chrono::milliseconds(0),
                                                     std::chrono::milliseconds(0)};
};

TEST_F(Watch, KnowsFromTheStart) {
  driver->be(MoodyDriver::Mood::fails);
  const app::DatabaseWatch watch(*store);
  EXPECT_EQ(watch.state(), DatabaseState::unavailable);
}

TEST_F(Watch, NoticesAHangingDatabaseAndItsReturn) {
  const app::DatabaseWatch watch(*store, kAtOnce);
  driver->be(MoodyDriver::Mood::hangs);
  driver->wait_for_a_read();
  wait_until(watch, DatabaseState::silent);
  driver->be(MoodyDriver::Mood::fails);
  wait_until(watch, DatabaseState::unavailable);
  driver->be(MoodyDriver::Mood::answers);
  wait_until(watch, DatabaseState::ok);
}

// What a request came upon is not news for later.
TEST_F(Watch, KnowsOfAFailedWriteAtOnce) {
  const app::DatabaseWatch watch(*store);
  EXPECT_EQ(watch.state(), DatabaseState::ok);
  driver->writable_ = false;
  EXPECT_EQ(watch.state(), DatabaseState::not_writable);
}

}  // namespace
}  // namespace claviger::test
